import { Fault, refuse } from './fault.js'
import type { Wire } from './wire.js'

const nothing = new Uint8Array(0)

/** The bytes a decoder reads, and where it is in them. */
export class Input {
  bytes: Uint8Array = nothing
  view: DataView = new DataView(nothing.buffer)
  pos = 0
  end = 0
  /** What to add to `pos` for an offset in the message or stream. */
  base = 0
  depth = 0
  /** The bytes as one string, a character each, for texts to be cut out of; null where texts are copied. */
  text: string | null = null
  /** Whether bytes may still come, so that readers keep what they have when bytes are missing. */
  resumable = false
  readonly kept: Array<unknown> = []
  /** What the primitive is that a walk paused at. */
  wanted: Wire = 'raw'
  readonly fault = new Fault()

  open(bytes: Uint8Array, at: number): void {
    // A subclass, such as Buffer, would make what is sliced off it one of its own kind.
    this.bytes =
      bytes.constructor === Uint8Array
        ? bytes
        : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.pos = at
    this.end = bytes.length
    this.base = 0
    this.depth = 0
  }

  close(): void {
    this.bytes = nothing
    this.view = new DataView(nothing.buffer)
    this.text = null
  }
}

/** The primitive that starts at `pos` needs `needed` bytes and has fewer. */
export const underflow = (input: Input, needed: number): never => {
  const there = input.end - input.pos
  input.fault.missing = needed - there
  return refuse(input, 'UnexpectedEnd', input.base + input.pos, `${needed} bytes`, `${there} bytes`)
}

/** The integer at `pos`, whole; used where a message shows it. */
export const integerAt = (input: Input, pos: number): bigint => input.view.getBigUint64(pos, true)
