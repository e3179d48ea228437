import type { Input, InputKind } from './inputs.js'
import type { Mistake, MistakeKind } from './mistake.js'

/** Selects findings by tags of issues, paths such as `info.references[]`, kinds of input, or kinds of mistake. */
export interface FilterOptions {
  /** Only findings with one of these. */
  readonly only?: ReadonlyArray<string>
  /** No findings with one of these. */
  readonly ignore?: ReadonlyArray<string>
  /** Leaves out the rules of texts: their form, their letters, UTF-8. */
  readonly structure?: boolean
}

export const inputKinds: ReadonlyArray<string> = [
  'valid',
  'acceptable',
  'malformed',
  'damaged',
  'given',
] satisfies ReadonlyArray<InputKind>

export const mistakeKinds: ReadonlyArray<string> = [
  'verdict',
  'value',
  'bytes',
  'crash',
  'hang',
] satisfies ReadonlyArray<MistakeKind>

/** A place as findings have it: any index is `[]`, and a case of a choice has no place of its own. */
export const plainPlace = (place: string): string =>
  place.replaceAll(/\[[0-9]*\]/g, '[]').replaceAll(/\([^()]*\)/g, '')

/** Whether a place is that of a path, or below it. */
export const isAt = (place: string, path: string): boolean =>
  place === path || (path !== '' && place.startsWith(path) && /^[.[]/.test(place.slice(path.length)))

/** Whether a word is the kind of an input. Given and damaged bytes may be acceptable as well. */
const isOfKind = (word: string, { kind, expected: { verdict, tag } }: Input): boolean =>
  word === kind || (word === 'acceptable' && verdict === 'accepts' && tag !== null)

/** Selects what is tried and what is reported. */
export class Filter {
  readonly #only: ReadonlyArray<string>
  readonly #ignore: ReadonlyArray<string>
  readonly #isStructure: boolean

  constructor({ only = [], ignore = [], structure = false }: FilterOptions) {
    this.#isStructure = structure
    this.#only = only.map(plainPlace)
    this.#ignore = ignore.map(plainPlace)
  }

  /**
   * Whether an input should be tried. Any input may show any kind of mistake. A valid message has no rule itself: the issue
   * in its answer decides.
   */
  tries(input: Input): boolean {
    const { tag, place, isOfText } = input.expected
    if (isOfText && this.#isStructure) {
      return false
    }
    const has = (word: string): boolean =>
      isOfKind(word, input) || word === tag || (tag !== null && isAt(place, word))
    const mayShow = (word: string): boolean =>
      has(word) || mistakeKinds.includes(word) || (tag === null && !inputKinds.includes(word))
    return !this.#ignore.some(has) && (this.#only.length === 0 || this.#only.some(mayShow))
  }

  reports(input: Input, mistake: Mistake): boolean {
    const has = (word: string): boolean =>
      isOfKind(word, input) || word === mistake.kind || word === mistake.tag || isAt(mistake.place, word)
    return !this.#ignore.some(has) && (this.#only.length === 0 || this.#only.some(has))
  }
}
