import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { type FieldPath, type Issue, type IssueTag, showFieldPath, showIssue } from '../combinators/issue.js'
import { nodeName } from '../combinators/node.js'
import { resolved } from '../combinators/resolved.js'
import type { TextFormat } from '../combinators/text-format.js'
import type { Json } from '../interpreters/json/index.js'
import {
  type Malformed,
  type Malformer,
  type RuleKind,
  toMalformed,
} from '../interpreters/malformed/index.js'
import { utf8Group } from '../interpreters/malformed/paddings.js'
import { sitesOf } from '../interpreters/malformed/sites.js'
import { textGroup } from '../interpreters/malformed/texts.js'
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
  /**
   * What findings are grouped by: the rule without its place and without the integer or the byte that is tried, or that
   * it is of the form of a text, such as `Tea: its form`.
   */
  readonly group: string
  /** The rule among those of its group, without its place; null if none was broken on purpose. */
  readonly detail: string | null
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
  detail: null,
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
  /** The formats of the texts of the grammar. */
  readonly texts: Texts

  constructor(format: Format<A>) {
    this.#format = format
    this.#malformer = toMalformed(format.grammar, format.protocol)
    this.texts = textsOf(format)
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
    const lenient = compatible.decode(bytes)
    const issue = profile === 'compatible' && isLeft(lenient) ? lenient.left : strict.left
    // A canonical decoder may stop at a text that a compatible one reads.
    const isLax = !isLeft(lenient) || lenient.left.offset !== issue.offset
    const about = aboutIssue(issue, isLax, this.texts)
    return profile === 'compatible' && !isLeft(lenient)
      ? { kind, bytes, expected: { verdict: 'accepts', why: acceptableFor(showIssue(issue)), ...about } }
      : { kind, bytes, expected: { verdict: 'refuses', why: showIssue(issue), ...about } }
  }

  #of({ rule, group, detail, wrong, kind, issue, profile, bytes }: Malformed): Input {
    const { tag } = issue
    const isOfText = textKinds.includes(kind)
    const about = { rule, group, detail, isOfText, place: placeOf(issue.path), tag }
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

/** What an issue says of bytes that were not made to break a rule. */
const aboutIssue = (
  { _tag: tag, grammar, path }: Issue,
  isLax: boolean,
  texts: Texts,
): Omit<Expectation, 'verdict' | 'why'> => {
  const place = placeOf(path)
  const what = `${tag} in ${grammar}`
  const format = texts.get(grammar)
  return {
    rule: `${place === '' ? 'message' : place}: ${what}`,
    group: groupOfText(tag, format, isLax) ?? what,
    detail: null,
    isOfText: textTags.includes(tag) || (tag === 'NotCanonical' && format !== undefined),
    place,
    tag,
  }
}

/** The group of rules of a text that was broken; null for an issue that is not one of a text. */
const groupOfText = (
  tag: IssueTag,
  format: TextFormat<unknown> | undefined,
  isLax: boolean,
): string | null =>
  tag === 'NotUtf8'
    ? utf8Group
    : format === undefined
      ? null
      : tag === 'InvalidText'
        ? textGroup(format, isLax ? 'lax' : 'refused')
        : tag === 'NotCanonical'
          ? textGroup(format, 'normalised')
          : null

/** The formats of the texts of a grammar, by their names in issues. */
type Texts = ReadonlyMap<string, TextFormat<unknown>>

const textsOf = <A>({ grammar, protocol }: Format<A>): Texts =>
  new Map(
    [...sitesOf(resolved(grammar, protocol).node)].flatMap(({ site: { node } }) =>
      node._tag === 'text' && node.format !== null ? [[nodeName(node), node.format] as const] : [],
    ),
  )
