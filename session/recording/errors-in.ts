import { Feed, notYet } from '../../conversation/machine/feed.js'
import { LogMessage } from '../../grammar/logging.js'
import type { Plans } from '../../interpreters/compile/resumable.js'

/** The sizes of consecutive errors at the beginning of the bytes. */
export const errorsIn = (bytes: Uint8Array, plans: Plans): ReadonlyArray<number> => {
  const feed = new Feed()
  feed.push(bytes)
  const sizes: Array<number> = []
  for (;;) {
    const { offset } = feed
    const message = feed.now(LogMessage, plans) as LogMessage | typeof notYet
    if (message === notYet || message._tag !== 'Error') {
      return sizes
    }
    sizes.push(feed.offset - offset)
  }
}
