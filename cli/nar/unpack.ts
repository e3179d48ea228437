import { lstatSync } from 'node:fs'
import { unpack as unpackTree } from '../../stream/nar/index.js'
import { Failure } from '../failure.js'
import { failureOf } from './failures.js'
import { chunksWithProgress, piecesOf } from './read.js'

export const unpack = async (file: string, target: string): Promise<void> => {
  if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) {
    throw new Failure(2, `${target} is there already; nothing is overwritten`)
  }
  const abort = new AbortController()
  const stop = () => {
    abort.abort(new Failure(1, 'interrupted; nothing has been left behind'))
    // A read that waits for more would wait on.
    process.stdin.destroy()
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    const chunks = await chunksWithProgress(file, 'unpacking')
    await unpackTree(checked(chunks), target, { signal: abort.signal })
  } catch (error) {
    throw abort.signal.aborted ? abort.signal.reason : failureOf(error)
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

/** The same bytes; what breaks a rule is shown with the bytes around it. */
async function* checked(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  for await (const { bytes } of piecesOf(chunks)) {
    yield bytes
  }
}
