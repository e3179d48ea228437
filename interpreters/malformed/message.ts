import { joined } from '../../bytes/joined.js'
import { isToEnd } from '../../combinators/ends.js'
import { framesOf, positionInFrames } from '../../combinators/wire-bytes.js'
import type { Written } from './layout.js'

/** Other bytes in place of a part. */
export interface Edit {
  readonly target: Written
  readonly bytes: Uint8Array
}

interface Home {
  /** The frames that contain it; null if there are none. */
  readonly frames: Written | null
  /** Where it begins in the content of these frames, or in the message. */
  readonly at: number
  readonly size: number
  readonly parent: Written | null
  readonly isHeld: boolean
}

/** A written message with its parts, and the bytes after an edit of a part. */
export class Message {
  readonly root: Written
  readonly #homes = new Map<Written, Home>()

  constructor(root: Written) {
    this.root = root
    this.#place(root, null, null, 0, false)
  }

  get parts(): Iterable<Written> {
    return this.#homes.keys()
  }

  /** The frames around a part; null if there are none. */
  framesAround(part: Written): Written | null {
    return this.#home(part).frames
  }

  parentOf(part: Written): Written | null {
    return this.#home(part).parent
  }

  sizeOf(part: Written): number {
    return this.#home(part).size
  }

  /** Where a part begins in the frames around it, or in the message. */
  positionOf(part: Written): number {
    return this.#home(part).at
  }

  /** Whether a part is in a field with a fixed value. */
  isHeld(part: Written): boolean {
    return this.#home(part).isHeld
  }

  /** Whether it, or the content of frames, reads to the end, so that no bytes can follow it. */
  reachesEnd(frames: Written | null): boolean {
    return [...this.parts].some((part) => isToEnd(part.node) && this.framesAround(part) === frames)
  }

  /**
   * Whether the message would be whole if it, or the frames around a part, ended that many bytes into the part: after
   * an item.
   */
  mayEndIn(part: Written, into: number): boolean {
    const end = this.positionOf(part) + into
    let each = part
    for (let around = this.parentOf(part); around !== null && this.positionOf(each) === end; ) {
      if (around.node._tag === 'framed') {
        return false
      }
      if (around.node._tag === 'sequence' && isToEnd(around.node)) {
        return true
      }
      each = around
      around = this.parentOf(each)
    }
    return false
  }

  /** The offset in the (edited) message of the byte that is `delta` bytes into a part. */
  offsetOf(part: Written, delta: number, edit: Edit | null): number {
    const { frames, at } = this.#home(part)
    const position = at + delta
    return frames === null
      ? position
      : this.offsetOf(frames, positionInFrames(position, this.contentOf(frames, edit).length), edit)
  }

  /** The content of frames. */
  contentOf(frames: Written, edit: Edit | null): Uint8Array {
    return joined(frames.parts.map((part) => this.bytesOf(part, edit)))
  }

  bytesOf(part: Written, edit: Edit | null): Uint8Array {
    if (edit !== null && edit.target === part) {
      return edit.bytes
    }
    if (part.bytes !== null) {
      return part.bytes
    }
    const content = this.contentOf(part, edit)
    return part.node._tag === 'framed' ? framesOf(content) : content
  }

  #home(part: Written): Home {
    const home = this.#homes.get(part)
    if (home === undefined) {
      throw new Error('a part of another message')
    }
    return home
  }

  /** Computes the place of a part; returns its size. */
  #place(
    part: Written,
    parent: Written | null,
    frames: Written | null,
    at: number,
    wasHeld: boolean,
  ): number {
    const isHeld = part.fixed === undefined ? wasHeld : !part.fixed.ignored
    const isFramed = part.node._tag === 'framed'
    // In the order of the wire, a node before its parts; its size is known only after them.
    this.#homes.set(part, { parent, frames, at, size: 0, isHeld })
    let size = part.bytes?.length ?? 0
    for (const each of part.parts) {
      size += this.#place(each, part, isFramed ? part : frames, isFramed ? size : at + size, isHeld)
    }
    const outer = isFramed ? positionInFrames(size, size) + 8 : size
    this.#homes.set(part, { parent, frames, at, size: outer, isHeld })
    return outer
  }
}
