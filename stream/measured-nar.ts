import { kindName } from '../bytes/byte-array.js'
import { checkOptions, type OptionChecks } from '../combinators/options.js'
import { type NARHash, toBase16 } from '../types/index.js'
import { IssueError } from './issue-error.js'
import { offsetOf } from './nar/byte-source.js'
import { type NarLimits, narLimitsCheck } from './nar/options.js'
import { passArchive } from './packed-path.js'
import { sha256 } from './sha256.js'
import { expectSource, type Source } from './source.js'

/** The options of {@link MeasuredNar}. */
export interface MeasuringOptions {
  readonly narLimits?: Partial<NarLimits>
  /** The most bytes of the archive, such as the size in its path info. Default: no limit. */
  readonly most?: bigint
}

const checks: OptionChecks<MeasuringOptions> = {
  narLimits: narLimitsCheck,
  most: (what, value) => {
    if (typeof value !== 'bigint') {
      throw new TypeError(`${what} must be a bigint, not ${kindName(value)}`)
    }
  },
}

/**
 * Passes the bytes of an archive through unchanged, checks them against the rules of archives, and computes their
 * hash and size. At an issue, and when you leave the loop, the source is cancelled: Node destroys a request with its
 * socket, so that it cannot be answered. A {@link ByteSource} around it stays open.
 *
 * ```ts
 * import { MeasuredNar, narBytes } from 'nix-wire/stream'
 *
 * const nar = new MeasuredNar(narBytes([{ _tag: 'symlink', target: 'there' }]))
 * for await (const chunk of nar) {
 *   chunk // to a file, or to a socket
 * }
 * nar.narSize // => 120n
 * nar.narHash // => '91dae5554e872f41b9930d9e53a34e0ea9645c5171ef928e3baa166a17e7a440'
 * ```
 *
 * @throws IssueError, while it is iterated over, for an archive that breaks a rule or has bytes after it
 * (`TrailingBytes`), or more bytes than `most` (`LimitExceeded`). Offsets go on from that of a {@link ByteSource}.
 */
export class MeasuredNar implements AsyncIterable<Uint8Array> {
  readonly #chunks: AsyncGenerator<Uint8Array, void>
  readonly #hash = sha256()
  #size = 0

  constructor(source: Source, options: MeasuringOptions = {}) {
    checkOptions('MeasuredNar', checks, options)
    expectSource(source)
    this.#chunks = this.#passing(source, options)
  }

  /** The number of bytes so far. */
  get narSize(): bigint {
    return BigInt(this.#size)
  }

  /** The sha256 of the bytes so far. */
  get narHash(): NARHash {
    return toBase16(this.#hash.copy().digest()) as NARHash
  }

  /** The bytes of the archive. It can be iterated over once. */
  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    return this.#chunks
  }

  async *#passing(source: Source, { narLimits, most }: MeasuringOptions): AsyncGenerator<Uint8Array, void> {
    const start = offsetOf(source)
    for await (const chunk of passArchive(source, narLimits, [])) {
      if (most !== undefined && BigInt(this.#size + chunk.length) > most) {
        throw tooLarge(start, most)
      }
      this.#size += chunk.length
      this.#hash.update(chunk)
      yield chunk
    }
  }
}

const tooLarge = (start: number, most: bigint): IssueError =>
  new IssueError({
    _tag: 'LimitExceeded',
    limit: 'message',
    maximum: Number(most),
    offset: start + Number(most),
    path: [],
    expected: `an archive of at most ${most} bytes`,
    actual: 'more bytes',
    grammar: 'the archive',
  })
