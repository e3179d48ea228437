import { type AddMultipleEvent, type PathToAdd, readAddMultiple } from './add-multiple-to-store.js'
import type { ByteSource } from './nar/byte-source.js'
import type { PackedPathOptions } from './packed-path.js'
import type { Source } from './source.js'

/** A path that is being received: its info, and its archive, which can be iterated over once. */
export interface ArrivingPath extends PathToAdd {
  readonly nar: AsyncIterable<Uint8Array>
}

/**
 * The paths of AddMultipleToStore, one after another, each with its archive as its own source. {@link
 * writeAddMultiple} takes them as they are. Read an archive before you ask for the next path: unread bytes of it are
 * then skipped.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 * import { readPathsToAdd } from 'nix-wire/stream'
 *
 * for await (const { info, nar } of readPathsToAdd([bytesOf('0000000000000000')])) {
 *   for await (const chunk of nar) {
 *     console.log(info.path, chunk.length)
 *   }
 * }
 * ```
 *
 * @throws IssueError like {@link readAddMultiple}: issues of an info here, issues of an archive while that is read.
 */
export const readPathsToAdd = (
  source: Source | ByteSource,
  options: PackedPathOptions = {},
): AsyncGenerator<ArrivingPath, void> => arriving(new Lookahead(readAddMultiple(source, options)))

async function* arriving(events: Lookahead): AsyncGenerator<ArrivingPath, void> {
  let current = 0
  const archive = async function* (index: number): AsyncGenerator<Uint8Array, void> {
    while (index === current && (await events.peek())?._tag === 'nar') {
      const event = events.take()
      if (event?._tag === 'nar') {
        yield event.bytes
      }
    }
  }
  try {
    for (let event = await events.peek(); event !== null; event = await events.peek()) {
      events.take()
      // The unread rest of the archive before is skipped.
      if (event._tag === 'info') {
        current++
        yield { info: event.info, nar: archive(current) }
      }
    }
  } finally {
    current = Number.POSITIVE_INFINITY
    await events.end()
  }
}

/**
 * Reads one event ahead. A failure is repeated: otherwise the end of the stream would look like the end of the paths.
 */
class Lookahead {
  readonly #events: AsyncGenerator<AddMultipleEvent, void>
  #next: Promise<AddMultipleEvent | null> | null = null
  #ahead: AddMultipleEvent | null = null

  constructor(events: AsyncGenerator<AddMultipleEvent, void>) {
    this.#events = events
  }

  async peek(): Promise<AddMultipleEvent | null> {
    this.#next ??= this.#events.next().then(({ done, value }) => (done === true ? null : value))
    this.#ahead = await this.#next
    return this.#ahead
  }

  /** Takes the event that was read ahead; the next one is read then. */
  take(): AddMultipleEvent | null {
    const taken = this.#ahead
    if (taken !== null) {
      this.#next = null
      this.#ahead = null
    }
    return taken
  }

  async end(): Promise<void> {
    await this.#events.return()
  }
}
