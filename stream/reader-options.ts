import { expectBytes } from '../bytes/byte-array.js'
import { number, type OptionChecks, signal, usual } from '../combinators/options.js'
import type { Protocol } from '../combinators/protocol.js'
import type { Limits, Profile } from '../interpreters/compile/resumable.js'

export interface ReaderOptions {
  /** Bytes that were read from the source before, and come first. They are copied. */
  readonly buffer?: Uint8Array
  /** How much room the buffer has, at least, each time it is filled. Default: 8192. */
  readonly reservedBufferSize?: number
  /**
   * The most bytes that one primitive may have, where that is less than the limits say: the buffer grows to about
   * this and what one chunk holds.
   */
  readonly maxBufferSize?: number
  /** What both peers agreed on; may be set later. Default: what each grammar has for one. */
  readonly protocol?: Partial<Protocol>
  readonly limits?: Partial<Limits>
  readonly profile?: Profile
  /** Ends a pending read with `Aborted`, and all that would have to wait after it. The source is cancelled. */
  readonly signal?: AbortSignal
}

/** How each option is checked. */
export const readerOptions: OptionChecks<ReaderOptions> = {
  buffer: expectBytes,
  reservedBufferSize: number,
  maxBufferSize: number,
  ...usual,
  signal,
}

export const defaultBufferSize = 8192

/** @throws RangeError for what is no size. */
export const sizeOf = (given: number | undefined, otherwise: number, what: string): number => {
  const size = given ?? otherwise
  if (!(size >= 1) || (Number.isFinite(size) && !Number.isInteger(size))) {
    throw new RangeError(`not a ${what}: ${size}`)
  }
  return size
}
