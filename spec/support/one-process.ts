import type { RootHookObject } from 'mocha'

let started: number | null = null

/** What mocha calls around each test. Without it, as where a single spec is run, nothing is counted. */
export const mochaHooks: RootHookObject = {
  beforeAll: () => {
    started = 0
  },
  beforeEach: () => {
    started = 0
  },
}

/**
 * Counts a process of Node that a test starts. Each takes half a second of a processor that has nothing else to do:
 * of a test that starts many nobody knows how long it takes.
 *
 * @throws Error at the second one of a test.
 */
export const countProcess = (): void => {
  if (started !== null && ++started > 1) {
    throw new Error('a test starts one process; call the others in this one (nixWire, runNar)')
  }
}
