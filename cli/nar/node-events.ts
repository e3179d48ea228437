import type { NarEvent } from '../../stream/nar/events.js'
import { Failure } from '../failure.js'
import { type NodeInfo, NodeTracker } from './nodes.js'
import type { Piece } from './read.js'
import { showPath } from './show.js'

/**
 * The events of one node of an archive, and of what is in it. The archive is read on to its end. Ends with a
 * {@link Failure} where it has no such node.
 */
export async function* nodeEvents(
  pieces: AsyncIterable<Piece>,
  names: ReadonlyArray<string>,
): AsyncGenerator<ReadonlyArray<NarEvent>, void> {
  const part = new Part(names)
  for await (const { events } of pieces) {
    const inside = events.filter((event) => part.has(event))
    if (inside.length > 0) {
      yield inside
    }
  }
  if (!part.found) {
    throw new Failure(1, `no ${showPath(names)} in the archive`)
  }
}

/** Follows the events of an archive and knows which belong to one of its nodes. */
class Part {
  found = false
  readonly #names: ReadonlyArray<string>
  readonly #tracker = new NodeTracker()
  #isInside = false
  #directories = 0
  #left = 0

  constructor(names: ReadonlyArray<string>) {
    this.#names = names
  }

  has(event: NarEvent): boolean {
    if (!this.found) {
      const node = this.#tracker.next(event)
      this.found = node !== null && this.#isAt(node)
      this.#isInside = this.found
    }
    const isInside = this.#isInside
    if (isInside) {
      this.#follow(event)
    }
    return isInside
  }

  #isAt({ names }: NodeInfo): boolean {
    return names.length === this.#names.length && names.every((name, i) => name === this.#names[i])
  }

  #follow(event: NarEvent): void {
    switch (event._tag) {
      case 'directory':
        this.#directories++
        break
      case 'directoryEnd':
        this.#directories--
        break
      case 'regular':
        this.#left = event.size
        break
      case 'contents':
        this.#left -= event.bytes.length
        break
      case 'symlink':
      case 'entry':
        break
    }
    this.#isInside = this.#directories > 0 || this.#left > 0
  }
}
