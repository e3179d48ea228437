import type { NarEvent } from '../../stream/nar/events.js'
import { Failure } from '../failure.js'
import { type NodeInfo, NodeTracker } from './nodes.js'
import type { Piece } from './read.js'
import { showName, showPath } from './show.js'

/**
 * The events of one node of an archive and of its contents. The archive is read to its end. Symbolic links are not
 * followed. Throws a {@link Failure} if there is no such node.
 */
export async function* nodeEvents(
  pieces: AsyncIterable<Piece>,
  names: ReadonlyArray<string>,
): AsyncGenerator<ReadonlyArray<NarEvent>, void> {
  const part = new Part(names)
  for await (const { events } of pieces) {
    if (names.length === 0) {
      yield events
      continue
    }
    const inside = events.filter((event) => part.has(event))
    if (inside.length > 0) {
      yield inside
    }
  }
  if (names.length > 0 && !part.found) {
    throw notThere(names, part.nearest)
  }
}

/** Says which part of a path is missing, given the last node that exists. */
export const notThere = (
  names: ReadonlyArray<string>,
  nearest: Pick<NodeInfo, 'names' | 'type' | 'target'>,
): Failure => {
  const place = nearest.names.length === 0 ? 'the archive' : showPath(nearest.names)
  const why = {
    regular: `${place} is a file`,
    symlink: `${place} is a symbolic link to ${showName(nearest.target ?? '')}, and links are not followed`,
    directory: `${place} has no ${showName(names[nearest.names.length] ?? '')}`,
  }[nearest.type]
  return new Failure(1, `no ${showPath(names)} in the archive: ${why}`)
}

/** Follows the events of an archive and knows which belong to one of its nodes. */
class Part {
  found = false
  /** The last existing node on the path. */
  nearest: NodeInfo = { names: [], type: 'directory' }
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
      if (node?.names.every((name, i) => name === this.#names[i])) {
        this.nearest = node
        this.found = node.names.length === this.#names.length
      }
      this.#isInside = this.found
    }
    const isInside = this.#isInside
    if (isInside) {
      this.#follow(event)
    }
    return isInside
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
