import type { Turn } from '../../conversation/events.js'
import type { Side, UnlessNode } from '../../conversation/node.js'
import type { GrownBlob, GrownCarried, GrownWord } from './grown.js'
import type { Reads } from './reading.js'

/** A contiguous item of a stream, or of content inside it. */
export interface Item {
  readonly of: GrownWord | GrownBlob | GrownCarried
  readonly part: 'word' | 'bytes' | 'length' | 'body' | 'end'
  readonly start: number
  readonly bytes: Uint8Array
  /** Its place in the order of both sides. */
  readonly time: number
  /** What a reader expects here; null inside a frame. */
  readonly reads: Reads | null
  readonly turn: Turn | null
  /** Whether it is the first of a turn, in place of which the side may end. */
  readonly opens: boolean
  readonly isDeparture: boolean
  /** What this side may break off. */
  readonly guard: UnlessNode | null
}

/** The place of content in frames or pieces. */
interface Carrier {
  readonly of: GrownCarried
  readonly strand: Strand
  /** The items of the outer strand that contain it. */
  readonly from: number
  readonly to: number
  /** Whether a missing part of it is an issue. */
  readonly isHeeded: boolean
}

/** The messages of one side, in its stream or inside other messages. */
export class Strand {
  readonly side: Side
  readonly within: ReadonlyArray<string>
  readonly items: Array<Item> = []
  carrier: Carrier | null = null
  /** What a reader expects after the last item. */
  tail: Reads = { _tag: 'end' }
  /** Whether the next item is the first of a turn. */
  isOpening = false
  size = 0

  constructor(side: Side, within: ReadonlyArray<string>) {
    this.side = side
    this.within = within
  }

  add(item: Omit<Item, 'start' | 'opens'>): void {
    this.items.push({ ...item, start: this.size, opens: this.isOpening })
    this.isOpening = false
    this.size += item.bytes.length
    this.tail = { _tag: 'end' }
  }

  get bytes(): Uint8Array {
    return joinedItems(this.items, this.size)
  }
}

const joinedItems = (items: ReadonlyArray<Item>, size: number): Uint8Array => {
  const all = new Uint8Array(size)
  for (const { start, bytes } of items) {
    all.set(bytes, start)
  }
  return all
}

/** The place of the bytes of a content in the frames or pieces around it. */
export class Placing {
  readonly #runs: Array<{ readonly from: number; readonly size: number; readonly at: number }> = []
  readonly #first: number
  #end: number
  #size = 0

  constructor(start: number) {
    this.#first = start
    this.#end = start
  }

  get size(): number {
    return this.#size
  }

  add(size: number, at: number): void {
    this.#end = at + size
    if (size > 0) {
      this.#runs.push({ from: this.#size, size, at })
      this.#size += size
    }
  }

  /** The offset of a byte; for a missing one, that of the end before it. */
  at(position: number): number {
    const run = this.#runs.find(({ from, size }) => position >= from && position < from + size)
    return run === undefined ? this.#end : run.at + position - run.from
  }

  /** The offset of the first of some bytes; if there are none, that of the end before them. */
  start(position: number, size: number): number {
    return size > 0 || position === this.#size
      ? this.at(position)
      : position === 0
        ? this.#first
        : this.at(position - 1) + 1
  }

  /** The offset after the last of them. */
  end(position: number, size: number): number {
    return size === 0 ? this.start(position, 0) : this.at(position + size - 1) + 1
  }
}
