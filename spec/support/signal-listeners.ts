import type { RootHookObject } from 'mocha'

const watched = ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit'] as const

const counts = (): ReadonlyArray<number> => watched.map((name) => process.listenerCount(name))

let before: ReadonlyArray<number> = []

/**
 * The hooks of mocha around each test. A command that runs in this process must remove its signal listeners: leftovers
 * cause a warning of Node in the error output of another test.
 */
export const mochaHooks: RootHookObject = {
  beforeEach: () => {
    before = counts()
  },
  afterEach: () => {
    const after = counts()
    const left = watched.filter((_, at) => (after[at] ?? 0) > (before[at] ?? 0))
    if (left.length > 0) {
      throw new Error(`the test has left listeners on ${left.join(', ')}`)
    }
  },
}
