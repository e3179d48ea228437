import type { Line } from '../conversation/line/line.js'
import type { ClientFailures } from './client-failures.js'
import type { Pieces } from './download.js'
import { toError } from './failure.js'

/** A download, for a reader that requests one piece after another. */
export const piecesOf = (
  flowing: AsyncIterable<Uint8Array>,
  line: Line,
  failures: ClientFailures,
): Pieces => {
  const chunks = flowing[Symbol.asyncIterator]()
  return {
    next: async () => {
      const { failure } = line
      if (failure?._tag === 'Aborted') {
        // This side has given up, so the earlier pieces are useless.
        throw toError(failures.issue(failure))
      }
      try {
        const { done, value } = await chunks.next()
        return done === true ? null : value
      } catch (thrown) {
        throw failures.thrown(thrown)
      }
    },
  }
}
