import fc from 'fast-check'
import type { Either } from 'fp-ts/lib/Either.js'
import type { Issue } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import { toArbitrary } from '../interpreters/arbitrary/index.js'
import { type Malformer, toMalformed } from '../interpreters/malformed/index.js'
import { anyBytes, nearly } from './bytes.js'
import { loosened } from './loosened.js'
import { type LawOptions, valueOptions } from './options.js'
import { otherReaders } from './readers.js'
import { compiled, type Settings, type Subject } from './subject.js'
import { tamper } from './tampered.js'

type DecodeAt<A> = (
  bytes: Uint8Array,
  at: number,
) => Either<Issue, { readonly value: A; readonly next: number }>

/** Limits that a few bytes exceed. */
const tight = { string: 12, collection: 2, depth: 2, frame: 12, message: 40 }

const compatible: Settings = { profile: 'compatible', limits: {} }
const canonical: Settings = { profile: 'canonical', limits: {} }

/** Both profiles, and both with low limits. */
export const allSettings: ReadonlyArray<Settings> = [
  compatible,
  canonical,
  { profile: 'compatible', limits: tight },
  { profile: 'canonical', limits: tight },
]

export const nameOf = ({ profile, limits }: Settings): string =>
  limits === tight ? `${profile}, tight limits` : profile

/** The inputs for the laws of one grammar under one protocol; each part is made when it is first needed. */
export class Environment<A> {
  readonly grammar: Grammar<A>
  readonly protocol: Protocol
  readonly #options: LawOptions<A>
  readonly #subjects = new Map<Settings, Subject<A>>()
  readonly #others = new Map<
    Settings,
    ReadonlyArray<{ readonly name: string; readonly decodeAt: DecodeAt<A> }>
  >()
  #values: fc.Arbitrary<A> | undefined
  #bytes: fc.Arbitrary<Uint8Array> | undefined
  #malformer: Malformer<A> | undefined

  constructor(grammar: Grammar<A>, given: Protocol, options: LawOptions<A>) {
    this.grammar = grammar
    this.protocol = given
    this.#options = options
  }

  get values(): fc.Arbitrary<A> {
    const { values } = this.#options
    this.#values ??=
      values === undefined
        ? toArbitrary(this.grammar, this.protocol, valueOptions(this.#options))
        : values(this.protocol)
    return this.#values
  }

  /** Valid bytes are made independently of the tested codec. */
  get valid(): fc.Arbitrary<Uint8Array> {
    const codec = compiled(this.grammar, this.protocol, canonical)
    return this.values.map((value) => {
      const bytes = codec.encode(value)
      return bytes._tag === 'Right' ? bytes.right : new Uint8Array(0)
    })
  }

  /** Bytes in the form of the grammar that break some of its rules: order, duplicates, refinements. */
  get unruly(): fc.Arbitrary<Uint8Array> {
    const loose = loosened(this.grammar)
    const codec = compiled(loose, this.protocol, compatible)
    return tamper(toArbitrary(loose, this.protocol, valueOptions(this.#options)), 3).map((value) => {
      const bytes = codec.encode(value)
      return bytes._tag === 'Right' ? bytes.right : new Uint8Array(0)
    })
  }

  /** Bytes of every kind. */
  get bytes(): fc.Arbitrary<Uint8Array> {
    this.#bytes ??= this.#allBytes()
    return this.#bytes
  }

  #allBytes(): fc.Arbitrary<Uint8Array> {
    return fc.oneof(
      { weight: 2, arbitrary: this.valid },
      { weight: 3, arbitrary: this.unruly },
      { weight: 5, arbitrary: nearly(this.valid) },
      { weight: 1, arbitrary: anyBytes },
    )
  }

  get malformer(): Malformer<A> {
    this.#malformer ??= toMalformed(this.grammar, this.protocol)
    return this.#malformer
  }

  get compatible(): Subject<A> {
    return this.subject(compatible)
  }

  get canonical(): Subject<A> {
    return this.subject(canonical)
  }

  subject(settings: Settings): Subject<A> {
    let subject = this.#subjects.get(settings)
    if (subject === undefined) {
      subject = (this.#options.subject ?? compiled)(this.grammar, this.protocol, settings)
      this.#subjects.set(settings, subject)
    }
    return subject
  }

  others(settings: Settings): ReadonlyArray<{ readonly name: string; readonly decodeAt: DecodeAt<A> }> {
    let others = this.#others.get(settings)
    if (others === undefined) {
      others = (this.#options.others ?? otherReaders).map(({ name, decodeAt }) => ({
        name,
        decodeAt: decodeAt(this.grammar, this.protocol, settings),
      }))
      this.#others.set(settings, others)
    }
    return others
  }
}
