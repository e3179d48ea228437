import { paddingOf } from '../../bytes/padding.js'
import type { NarEvent } from './events.js'
import type { NarInput } from './input.js'
import { lacks, objectToPadding } from './primitives.js'
import { refuse } from './refusal.js'

/** The contents of one file after another: length, bytes, padding. Each step is false where bytes are missing. */
export class Contents {
  /** Where the length stands, how many bytes there are, and how many are still to come. */
  #start = 0
  #size = 0
  #left = 0
  #padding = 0
  #isPadded = true

  get size(): number {
    return this.#size
  }

  /** Where the length stands: what cuts the contents is told there. */
  get start(): number {
    return this.#start
  }

  length(input: NarInput): boolean {
    if (lacks(input, 8)) {
      return false
    }
    const { pos, view } = input
    const high = view.getUint32(pos + 4, true)
    if (high >= 0x200000) {
      const expected = `contents of at most ${Number.MAX_SAFE_INTEGER} bytes`
      const actual = `a length of ${view.getBigUint64(pos, true)}`
      refuse({ tag: 'OutOfRange', offset: input.offset, expected, actual })
    }
    this.#start = input.offset
    this.#size = high * 4294967296 + view.getUint32(pos, true)
    this.#left = this.#size
    this.#padding = paddingOf(this.#size)
    this.#isPadded = true
    input.pos = pos + 8
    return true
  }

  bytes(input: NarInput, events: Array<NarEvent>): boolean {
    const { pos, bytes } = input
    const there = Math.min(input.end - pos, this.#left)
    if (there > 0) {
      input.pos = pos + there
      this.#left -= there
      events.push({ _tag: 'contents', bytes: bytes.subarray(pos, pos + there) })
    }
    return this.#left === 0
  }

  padding(input: NarInput, unchecked: boolean): boolean {
    for (; this.#padding > 0; this.#padding--) {
      if (lacks(input, 1)) {
        return false
      }
      const byte = input.bytes[input.pos]!
      if (byte !== 0 && !unchecked && this.#isPadded) {
        this.#isPadded = false
        objectToPadding(input, byte, input.offset, 'contents')
      }
      input.pos++
    }
    return true
  }

  /** The archive is cut inside the contents. */
  refuseEnd(): never {
    const needed = 8 + this.#size + paddingOf(this.#size)
    return refuseCut(this.#start, needed, this.#left + this.#padding, 'contents')
  }
}

export function refuseCut(offset: number, needed: number, missing: number, what: string): never {
  return refuse({
    tag: 'UnexpectedEnd',
    offset,
    expected: `${needed} bytes (${what})`,
    actual: `${needed - missing} bytes`,
    missing,
    wrongByte: offset + needed - missing,
  })
}
