import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { type FieldPath, type Issue, type IssueTag, showFieldPath } from '../combinators/issue.js'
import type { Json } from '../interpreters/json/index.js'
import { type Malformed, type Malformer, toMalformed } from '../interpreters/malformed/index.js'
import { type Format, placeOf } from './format.js'

/**
 * How an input was made. `valid`: a value, encoded. `acceptable`: in a form that the encoder does not write but the
 * compatible profile accepts. `malformed`: with one rule broken. `damaged`: with bytes changed at random. `given`: by
 * the caller.
 */
export type InputKind = 'valid' | 'acceptable' | 'malformed' | 'damaged' | 'given'

/** The right answer for an input. */
export interface Expectation {
  readonly verdict: 'accepts' | 'refuses'
  /** The reason, for people. */
  readonly why: string
  /** The rule that is broken, or `valid`. Inputs that show the same mistake have the same rule. */
  readonly rule: string
  /** The place of the rule in the grammar. */
  readonly place: string
  /** The issue of a decoder that rejects the input; for an acceptable message, that of a canonical decoder. */
  readonly tag: IssueTag | null
}

/** An input, and the right answer for it. */
export interface Input {
  readonly kind: InputKind
  readonly bytes: Uint8Array
  readonly expected: Expectation
  /** For an encoder: the value to encode, as JSON. `bytes` is then the right result. */
  readonly json?: Json
  readonly value?: unknown
}

const valid: Expectation = {
  verdict: 'accepts',
  why: 'the message is valid',
  rule: 'valid',
  place: '',
  tag: null,
}

const spot = ({ offset, path }: { readonly offset: number; readonly path: FieldPath }): string =>
  `byte ${offset}, ${showFieldPath(path)}`

/** Makes inputs from values, and determines the right answer for any bytes. */
export class Inputs<A> {
  readonly #format: Format<A>
  readonly #malformer: Malformer<A>

  constructor(format: Format<A>) {
    this.#format = format
    this.#malformer = toMalformed(format.grammar, format.protocol)
  }

  valid(value: A): Input {
    return { kind: 'valid', bytes: this.#format.bytesOf(value), expected: valid }
  }

  /** A value for an encoder; without JSON if it has none in the form of the run. */
  toEncode(value: A): Input {
    const given = this.#format.toEncode(value)
    return given === null ? this.valid(value) : { kind: 'valid', expected: valid, ...given }
  }

  /** A message with one rule broken; null if a message has no rules. */
  broken(value: A, choice: number): Input | null {
    const sample = this.#malformer.pick(value, choice)
    return sample === null ? null : this.#of(sample)
  }

  /** All the ways to break one rule in the message of a value. */
  *breaking(value: A, rule: string): Generator<Input> {
    for (const sample of this.#malformer.from(value, rule)) {
      yield this.#of(sample)
    }
  }

  /** The right answer for any bytes. */
  judged(bytes: Uint8Array, kind: InputKind): Input {
    const { canonical, compatible, profile } = this.#format
    const strict = canonical.decode(bytes)
    if (isRight(strict)) {
      return { kind, bytes, expected: valid }
    }
    const lenient = profile === 'canonical' ? strict : compatible.decode(bytes)
    return {
      kind,
      bytes,
      expected: isLeft(lenient) ? refused(lenient.left) : acceptable(strict.left),
    }
  }

  #of({ rule, issue, profile, bytes }: Malformed): Input {
    const { tag } = issue
    const place = placeOf(issue.path)
    return profile === 'canonical' && this.#format.profile === 'compatible'
      ? {
          kind: 'acceptable',
          bytes,
          expected: {
            verdict: 'accepts',
            why: `no encoder writes it, but the compatible profile accepts it: ${rule} (${tag} at ${spot(issue)})`,
            rule,
            place,
            tag,
          },
        }
      : {
          kind: 'malformed',
          bytes,
          expected: {
            verdict: 'refuses',
            why: `one rule is broken: ${rule} (${tag} at ${spot(issue)})`,
            rule,
            place,
            tag,
          },
        }
  }
}

const refused = (issue: Issue): Expectation => ({
  verdict: 'refuses',
  why: `${issue._tag} at ${spot(issue)}`,
  rule: ruleOf(issue),
  place: placeOf(issue.path),
  tag: issue._tag,
})

const acceptable = (issue: Issue): Expectation => ({
  verdict: 'accepts',
  why: `no encoder writes it, but the compatible profile accepts it: ${issue._tag} at ${spot(issue)}`,
  rule: ruleOf(issue),
  place: placeOf(issue.path),
  tag: issue._tag,
})

const ruleOf = ({ _tag, grammar, path }: Issue): string => {
  const place = placeOf(path)
  return `${place === '' ? 'message' : place}: ${_tag} in ${grammar}`
}
