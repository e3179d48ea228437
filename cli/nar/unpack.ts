import { lstatSync } from 'node:fs'
import { unpackBatches } from '../../stream/nar/unpack-batches.js'
import { Failure } from '../failure.js'
import { failureOf } from './failures.js'
import { chunksWithProgress } from './input.js'
import { type Piece, piecesOf } from './read.js'

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
    const pieces = piecesOf(chunksWithProgress(file, 'unpacking'))
    await unpackBatches(eventsOf(pieces), target, abort.signal)
  } catch (error) {
    throw abort.signal.aborted ? abort.signal.reason : failureOf(error)
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

async function* eventsOf(pieces: AsyncIterable<Piece>): AsyncGenerator<Piece['events'], void> {
  for await (const { events } of pieces) {
    yield events
  }
}
