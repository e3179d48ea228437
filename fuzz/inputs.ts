import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { type FieldPath, type Issue, type IssueTag, showFieldPath, showIssue } from '../combinators/issue.js'
import { nodeName } from '../combinators/node.js'
import { resolved } from '../combinators/resolved.js'
import type { Json } from '../interpreters/json/index.js'
import {
  type Malformed,
  type Malformer,
  type RuleKind,
  toMalformed,
} from '../interpreters/malformed/index.js'
import { sitesOf } from '../interpreters/malformed/sites.js'
import { type Format, placeOf } from './format.js'
import { textTags } from './text-tags.js'

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
  /** The rule that is broken, or `valid`. */
  readonly rule: string
  /** The rule without its place and without the integer or the byte that is tried: what findings are grouped by. */
  readonly group: string
  /** Whether it is a rule of a text: its form, its letters, UTF-8. */
  readonly isOfText: boolean
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
  group: 'valid',
  isOfText: false,
  place: '',
  tag: null,
}

const spot = ({ offset, path }: { readonly offset: number; readonly path: FieldPath }): string =>
  `byte ${offset}, ${showFieldPath(path)}`

/** Makes inputs from values, and determines the right answer for any bytes. */
export class Inputs<A> {
  readonly #format: Format<A>
  readonly #malformer: Malformer<A>
  readonly #texts: ReadonlySet<string>

  constructor(format: Format<A>) {
    this.#format = format
    this.#malformer = toMalformed(format.grammar, format.protocol)
    this.#texts = textsOf(format)
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
      expected: isLeft(lenient) ? refused(lenient.left, this.#texts) : acceptable(strict.left, this.#texts),
    }
  }

  #of({ rule, group, wrong, kind, issue, profile, bytes }: Malformed): Input {
    const { tag } = issue
    const about = { rule, group, isOfText: textKinds.includes(kind), place: placeOf(issue.path), tag }
    const what = `${wrong} (${tag} at ${spot(issue)})`
    return profile === 'canonical' && this.#format.profile === 'compatible'
      ? {
          kind: 'acceptable',
          bytes,
          expected: {
            verdict: 'accepts',
            why: acceptableFor(what),
            ...about,
          },
        }
      : {
          kind: 'malformed',
          bytes,
          expected: {
            verdict: 'refuses',
            why: `one rule is broken: ${what}`,
            ...about,
          },
        }
  }
}

const textKinds: ReadonlyArray<RuleKind> = ['text', 'letter', 'utf8']

const acceptableFor = (what: string): string =>
  `no encoder writes it, but the compatible profile accepts it: ${what}`

const refused = (issue: Issue, texts: ReadonlySet<string>): Expectation => ({
  verdict: 'refuses',
  why: showIssue(issue),
  ...about(issue, texts),
})

const acceptable = (issue: Issue, texts: ReadonlySet<string>): Expectation => ({
  verdict: 'accepts',
  why: acceptableFor(showIssue(issue)),
  ...about(issue, texts),
})

/** What an issue says of bytes that were not made to break a rule. */
const about = (
  { _tag: tag, grammar, path }: Issue,
  texts: ReadonlySet<string>,
): Omit<Expectation, 'verdict' | 'why'> => {
  const place = placeOf(path)
  const group = `${tag} in ${grammar}`
  return {
    rule: `${place === '' ? 'message' : place}: ${group}`,
    group,
    isOfText: textTags.includes(tag) || (tag === 'NotCanonical' && texts.has(grammar)),
    place,
    tag,
  }
}

/** The names of the texts that have a form of their own. */
const textsOf = <A>({ grammar, protocol }: Format<A>): ReadonlySet<string> =>
  new Set(
    [...sitesOf(resolved(grammar, protocol).node)].flatMap(({ site: { node } }) =>
      node._tag === 'text' && node.format !== null ? [nodeName(node)] : [],
    ),
  )
