import { Window } from '../../bytes/window.js'
import { messageOfBytes } from '../../combinators/limits.js'
import * as words from '../../combinators/words.js'
import { Fault, refuse, refuseLimit } from './fault.js'

/** The bytes a decoder reads, and where it is in them. */
export class Input extends Window {
  depth = 0
  /** Where the value being read must end: an offset in the message or stream. */
  most = Number.POSITIVE_INFINITY
  /** How many bytes that value may take. */
  limit = Number.POSITIVE_INFINITY
  /** Whether nothing comes after the bytes that are there. */
  ended = true
  /** Whether there are more bytes than that value may take. */
  over = false
  /** The bytes as one string, a character each, for texts to be cut out of; null where texts are copied. */
  text: string | null = null
  /** Where the value began that waits for more bytes and wants them all; infinity where there is none. */
  wantedFrom = Number.POSITIVE_INFINITY
  /** Where readers stopped, the innermost first; see `stops.ts`. */
  readonly stops: Array<unknown> = []
  readonly fault = new Fault()

  override get keptFrom(): number {
    return Math.max(this.base, Math.min(super.keptFrom, this.wantedFrom))
  }

  open(bytes: Uint8Array, at: number): void {
    this.lend(bytes, at, at)
    this.depth = 0
    this.most = Number.POSITIVE_INFINITY
    this.limit = Number.POSITIVE_INFINITY
    this.ended = true
    this.over = false
  }

  /** A value starts here that may take so many bytes; what lies behind those is not looked at. */
  begin(limit: number): void {
    this.limit = limit
    this.most = this.base + this.pos + limit
    this.bound()
  }

  /** Takes what lies behind the limit out of sight. */
  bound(): void {
    const most = this.most - this.base
    this.over = this.end > most
    this.end = Math.min(this.end, most)
  }

  close(): void {
    this.clear()
    this.text = null
    this.stops.length = 0
  }
}

/** Fails since the primitive at `pos` needs `needed` bytes and has fewer. */
export const underflow = (input: Input, needed: number): never => {
  const there = input.end - input.pos
  const offset = input.base + input.pos
  if (offset + needed > input.most) {
    const bytes = offset + needed - (input.most - input.limit)
    return refuseLimit(input, 'message', input.limit, offset, messageOfBytes(bytes))
  }
  input.fault.missing = needed - there
  return refuse(input, 'UnexpectedEnd', offset, words.bytesCount(needed), words.bytesCount(there))
}

/** Waits for more bytes or the end of the message, without knowing how many. */
export const awaitMore = (input: Input): never => {
  input.fault.missing = 1
  return refuse(input, 'UnexpectedEnd', input.base + input.pos, words.endOfMessage, words.anyMoreBytes)
}

/** Whether the message has ended, or the frames have. */
export const isAtEnd = (input: Input): boolean => {
  if (input.pos < input.end || input.over) {
    return false
  }
  return input.ended || awaitMore(input)
}

/** The whole integer at `pos`, for the text of an issue. */
export const integerAt = (input: Input, pos: number): bigint => input.view.getBigUint64(pos, true)
