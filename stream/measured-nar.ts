import { checkOptions, type OptionChecks } from '../combinators/options.js'
import { type NARHash, toBase16 } from '../types/index.js'
import { type NarLimits, narLimitsCheck } from './nar/options.js'
import { passArchive } from './packed-path.js'
import { sha256 } from './sha256.js'
import { expectSource, type Source } from './source.js'

/** The options of {@link MeasuredNar}. */
export interface MeasuringOptions {
  readonly narLimits?: Partial<NarLimits>
}

const checks: OptionChecks<MeasuringOptions> = { narLimits: narLimitsCheck }

/**
 * Passes the bytes of an archive through unchanged, checks them against the rules of archives, and computes their
 * hash and size.
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
 * @throws IssueError, while it is iterated over, for an archive that breaks a rule or has bytes after it. Offsets go on
 * from that of a {@link ByteSource}.
 */
export class MeasuredNar implements AsyncIterable<Uint8Array> {
  readonly #chunks: AsyncGenerator<Uint8Array, void>
  readonly #hash = sha256()
  #size = 0

  constructor(source: Source, options: MeasuringOptions = {}) {
    checkOptions('MeasuredNar', checks, options)
    expectSource(source)
    this.#chunks = this.#passing(source, options.narLimits)
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

  async *#passing(source: Source, limits: Partial<NarLimits> | undefined): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of passArchive(source, limits, [])) {
      this.#size += chunk.length
      this.#hash.update(chunk)
      yield chunk
    }
  }
}
