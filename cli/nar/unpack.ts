import { TreeFailure } from '../../stream/nar/tree-failure.js'
import { unpackBatches } from '../../stream/nar/unpack-batches.js'
import { UnpackTarget } from '../../stream/nar/unpack-target.js'
import { Failure } from '../failure.js'
import { onEndSignal } from '../signalled.js'
import { failureOf } from './failures.js'
import { chunksWithProgress } from './input.js'
import { type Piece, piecesOf } from './read.js'
import { showName } from './show.js'

export const unpack = async (file: string, target: string): Promise<void> => {
  refuseTarget(target)
  const abort = new AbortController()
  const unwatch = onEndSignal(() => abort.abort(new Failure(1, 'interrupted; nothing was written')))
  try {
    const pieces = piecesOf(chunksWithProgress(file, 'unpacking', abort.signal))
    await unpackBatches(eventsOf(pieces), target, abort.signal, true)
  } catch (error) {
    throw abort.signal.aborted ? abort.signal.reason : failureOf(error)
  } finally {
    unwatch()
  }
}

/** Checks the target before anything is read, so that a wrong path is a mistake in the command line. */
const refuseTarget = (target: string): void => {
  try {
    new UnpackTarget(target)
  } catch (error) {
    throw error instanceof TreeFailure
      ? new Failure(2, `${showName(target)}: ${error.problem}`)
      : failureOf(error)
  }
}

async function* eventsOf(pieces: AsyncIterable<Piece>): AsyncGenerator<Piece['events'], void> {
  for await (const { events } of pieces) {
    yield events
  }
}
