import type { RootHookObject } from 'mocha'

let started: number | null = null

/** The hooks of mocha around each test. Without them, when a single spec is run, nothing is counted. */
export const mochaHooks: RootHookObject = {
  beforeAll: () => {
    started = 0
  },
  beforeEach: () => {
    started = 0
  },
}

/**
 * Counts the Node processes that a test starts. Each takes half a second on an idle processor, so the duration of a
 * test that starts many is unpredictable.
 *
 * @throws Error for the second one of a test.
 */
export const countProcess = (): void => {
  if (started !== null && ++started > 1) {
    throw new Error('a test starts one process; call the others in this one (nixWire, runNar)')
  }
}
