import { expectBytes } from '../bytes/byte-array.js'
import { number, type OptionChecks, signal, usual } from '../combinators/options.js'
import type { Protocol } from '../combinators/protocol.js'
import type { Limits, Profile } from '../interpreters/compile/resumable.js'

export interface ReaderOptions {
  /** Bytes that were already read from the source; they come first. They are copied. */
  readonly buffer?: Uint8Array
  /** The least free space of the buffer each time it is filled. Default: 8192. */
  readonly reservedBufferSize?: number
  /**
   * The most bytes of one primitive, if that is below the limits. The buffer grows to about this size plus that of a
   * chunk.
   */
  readonly maxBufferSize?: number
  /** The protocol that both peers agreed on; it can be set later. Default: the defaults of each grammar. */
  readonly protocol?: Partial<Protocol>
  readonly limits?: Partial<Limits>
  readonly profile?: Profile
  /** Ends a pending read, and all later reads that would have to wait, with `Aborted`. The source is cancelled. */
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

/** @throws RangeError for an invalid size. */
export const sizeOf = (given: number | undefined, otherwise: number, what: string): number => {
  const size = given ?? otherwise
  if (!(size >= 1) || (Number.isFinite(size) && !Number.isInteger(size))) {
    throw new RangeError(`not a ${what}: ${size}`)
  }
  return size
}
