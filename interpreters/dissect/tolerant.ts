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
  /** The most issues that are listed: 100 by default. The others are counted. */
  readonly issues?: number
  /** The offset of the value, for the offsets of issues. */
  readonly start?: number
}

/**
 * Reads a value from bytes that arrive in pieces, and goes on after an issue whose extent is known. Invalid values are
 * kept as they were read (see `Part`). It is slow, and meant for values that a decoder has rejected.
 */
export class TolerantReading<A> {
  /** How many bytes must arrive, at least, before it is worth going on. */
  missing = 0
  /** The grammar to read; null after reading has begun. */
  #grammar: Grammar<A> | null
  readonly #reader: Reader
  readonly #source: Source
  readonly #found: Found
  #taken = 0

  /** @throws RangeError or TypeError for an invalid protocol or limit. */
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

  /** How many bytes of the last {@link next} belong to the part that was read. */
  get taken(): number {
    return this.#taken
  }

  /** The number of issues that are not listed. */
  get omitted(): number {
    return this.#found.omitted
  }

  /** The issues since the last call, without the one that ends the reading. */
  takeIssues(): ReadonlyArray<Issue> {
    return this.#found.take()
  }

  /**
   * Continues with the bytes after those that were taken; `ended` says that no more will come. Null if the value is not
   * complete; Left if reading cannot go on.
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
