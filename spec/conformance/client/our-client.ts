import { duplexPair } from 'node:stream'
import { isLeft } from 'fp-ts/lib/Either.js'
import { holds } from '../../../combinators/gate.js'
import { type ClientUnderTest, type RunOptions, runClient } from '../../../conformance/client/index.js'
import { freshPath } from '../../../conformance/daemon/samples.js'
import { type connect, type Failure, showFailure } from '../../../daemon/index.js'
import { operations } from '../../../grammar/operations/table.js'
import type { StorePath } from '../../../types/index.js'
import { stillness } from '../../support/late-modules.js'

/** Queries a store, one request after another, and downloads an archive. */
const asked = async (
  open: typeof connect,
  stream: Parameters<typeof connect>[0],
  path: StorePath,
  storeDir: string,
  signal: AbortSignal,
): Promise<Failure | null> => {
  const opened = await open(stream, { storeDir, signal })()
  if (isLeft(opened)) {
    return opened.left
  }
  const client = opened.right
  // A path with a reference to another one.
  const leaf = freshPath({ storeDir }, 'nix-wire-leaf').info.path
  const has = (name: keyof typeof operations) => holds(operations[name].gate, client.protocol)
  try {
    const questions = [
      client.isValidPath({ path }),
      client.queryReferrers({ path: leaf }),
      client.queryPathInfo({ path }),
      client.queryAllValidPaths(),
      client.queryDeriver({ path }),
    ]
    for (const question of questions) {
      const answer = await question()
      if (isLeft(answer)) {
        return answer.left
      }
    }
    if (has('NarFromPath')) {
      const nar = await client.narFromPath({ path })()
      if (isLeft(nar)) {
        return nar.left
      }
      for await (const _chunk of nar.right) {
        // The contents are not needed here.
      }
    }
    return null
  } finally {
    await client.close()
  }
}

/** Our client in this process, or a copy of it. */
export const ourClient = (open: typeof connect): ClientUnderTest => ({
  run: async (serve, { path, storeDir }, signal) => {
    const [here, there] = duplexPair()
    serve(there)
    const ended = (code: number, said: string) => ({ code, signal: null, said })
    try {
      const failure = await asked(open, here, path, storeDir, signal)
      return failure === null ? ended(0, '') : ended(1, showFailure(failure))
    } catch (error) {
      return ended(1, String(error))
    }
  },
})

const rounds = 3000

/**
 * Resolves when this process has done all it can do by itself: a client in it that has not ended waits for something.
 */
const still = (signal: AbortSignal): Promise<void> => stillness(rounds, signal)

export const runOn = (client: ClientUnderTest, wanted: Partial<RunOptions> = {}) =>
  runClient({ client, patience: still, ...wanted })
