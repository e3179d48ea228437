import type { Input } from './inputs.js'
import type { Mistake } from './mistake.js'

/** Selects findings by tags of issues, paths such as `info.references[]`, kinds of input, or kinds of mistake. */
export interface FilterOptions {
  /** Only findings with one of these. */
  readonly only?: ReadonlyArray<string>
  /** No findings with one of these. */
  readonly ignore?: ReadonlyArray<string>
}

/** The tags of the rules that texts have. */
export const textTags: ReadonlyArray<string> = ['InvalidText', 'NotUtf8']

const isAt = (place: string, word: string): boolean =>
  place === word || (place.startsWith(word) && /^[.[(]/.test(place.slice(word.length)))

const kindWords = new Set(['valid', 'acceptable', 'malformed', 'damaged', 'given'])

/** Selects what is tried and what is reported. */
export class Filter {
  readonly #only: ReadonlyArray<string>
  readonly #ignore: ReadonlyArray<string>

  constructor({ only = [], ignore = [] }: FilterOptions) {
    this.#only = only
    this.#ignore = ignore
  }

  /**
   * Whether an input should be tried. A valid message has no rule itself: the issue in its answer decides.
   */
  tries({ kind, expected: { tag, place } }: Input): boolean {
    const has = (word: string): boolean =>
      word === kind || word === tag || (tag !== null && isAt(place, word))
    const mayShow = (word: string): boolean => has(word) || (tag === null && !kindWords.has(word))
    return !this.#ignore.some(has) && (this.#only.length === 0 || this.#only.some(mayShow))
  }

  reports({ kind }: Input, mistake: Mistake): boolean {
    const has = (word: string): boolean =>
      word === kind || word === mistake.kind || word === mistake.tag || isAt(mistake.place, word)
    return !this.#ignore.some(has) && (this.#only.length === 0 || this.#only.some(has))
  }
}
