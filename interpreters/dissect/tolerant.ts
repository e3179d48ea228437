import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../combinators/issue.js'
import { type Limits, limitsOf, type Profile } from '../../combinators/limits.js'
import { type Grammar, nodeOf } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { protocolFor } from '../../combinators/protocol-for.js'
import { resolved } from '../../combinators/resolved.js'
import { Found, mostOf } from './found.js'
import { Reader } from './reader.js'
import { Refusal, Source } from './source.js'

export interface TolerantOptions {
  readonly profile?: Profile
  readonly limits?: Partial<Limits>
  /** How many issues are listed at most: 100. The others are counted. */
  readonly issues?: number
  /** Where the value starts, for the offsets of issues. */
  readonly start?: number
}

/**
 * Reads a value from bytes that arrive in pieces, and goes on behind an issue whose extent is known. What a decoder
 * refuses is kept as it came (see `Part`). Slow: for values that a decoder has refused.
 */
export class TolerantReading<A> {
  /** How many bytes must arrive, at least, before it is worth going on. */
  missing = 0
  /** What is to be read; null once that has begun. */
  #grammar: Grammar<A> | null
  readonly #reader: Reader
  readonly #source: Source
  readonly #found: Found
  #taken = 0

  /** @throws RangeError or TypeError for a protocol or a limit that cannot work. */
  constructor(grammar: Grammar<A>, given: Partial<Protocol>, options: TolerantOptions = {}) {
    const { profile, issues, start = 0 } = options
    const limits = limitsOf(options.limits)
    this.#found = new Found(mostOf(issues))
    this.#source = new Source(new Uint8Array(0), false, (pos) => start + pos, limits.message, true)
    this.#reader = new Reader(
      {
        protocol: protocolFor('TolerantReading', nodeOf('what is read', grammar), given),
        canonical: profile === 'canonical',
        limits,
        tree: false,
      },
      this.#found,
    )
    this.#grammar = grammar
  }

  /** How many of the bytes of the last {@link next} belong to what has been read. */
  get taken(): number {
    return this.#taken
  }

  /** How many issues there were besides those that are listed. */
  get omitted(): number {
    return this.#found.omitted
  }

  /** The issues since they were last asked for; the one that loses the place is not among them. */
  takeIssues(): ReadonlyArray<Issue> {
    return this.#found.take()
  }

  /**
   * Goes on with the bytes behind those that were taken; `ended` says that no more will come. Null where that is not
   * the whole value; Left where the place is lost.
   */
  next(bytes: Uint8Array, ended: boolean): Either<Issue, A> | null {
    const source = this.#source
    const { pos } = source
    source.refill(bytes, !ended)
    try {
      if (this.#grammar !== null) {
        this.#reader.begin(resolved(this.#grammar, this.#reader.settings.protocol).node, source)
        this.#grammar = null
      }
      const missing = this.#reader.advance()
      this.missing = missing ?? 0
      // Except for the noted issues, the grammar's own node has read a value of that grammar.
      return missing === null ? right(this.#reader.value as A) : null
    } catch (error) {
      if (!(error instanceof Refusal)) {
        throw error
      }
      return left(error.issue)
    } finally {
      this.#taken = source.pos - pos
    }
  }
}
