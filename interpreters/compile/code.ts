import { later } from '../../bytes/later.js'

/**
 * Whether this engine allows code to be made from text; a page with a strict content security policy does not. It is
 * tried for the first codec and not while modules are loaded, for the reason given at `faultMarker`.
 */
export const mayEvaluate: () => boolean = later(() => {
  try {
    return new Function('return true')() === true
  } catch {
    return false
  }
})

/** Receives the source of each function that is generated. */
export type OnCode = (source: string) => void

/** How the functions of a codec are made: generated, or as closures if `evaluate` is false. */
export interface Making {
  readonly evaluate: boolean
  readonly onCode?: OnCode | undefined
}

/**
 * A function that is being generated: its lines, and names for values from outside. The engine optimises each generated
 * function separately, while closures of one source share their profile.
 */
export class Code {
  readonly #title: string
  readonly #parameters: string
  readonly #lines: Array<string> = []
  readonly #names = new Map<unknown, string>()

  /** `title` says what the function does; it is shown, not run. */
  constructor(title: string, parameters: string) {
    this.#title = title.replace(/[^\x20-\x7e]/g, '?')
    this.#parameters = parameters
  }

  add(...lines: ReadonlyArray<string>): void {
    this.#lines.push(...lines)
  }

  /** A name in the code for a value from outside. The word is always ours, never a grammar's. */
  use(value: unknown, word: string): string {
    const known = this.#names.get(value)
    if (known !== undefined) {
      return known
    }
    if (!/^[a-z][a-zA-Z]*$/.test(word)) {
      throw new Error(`no name in code: ${word}`)
    }
    const name = `${word}${this.#names.size}`
    this.#names.set(value, name)
    return name
  }

  make<F>({ onCode }: Pick<Making, 'onCode'>): F {
    const source = `(${this.#parameters}) => {\n${indented(this.#lines)}\n}`
    onCode?.(`// ${this.#title}\n${source}\n`)
    const make = new Function(...this.#names.values(), `'use strict'\nreturn ${source}`)
    return make(...this.#names.keys()) as F
  }
}

const indented = (lines: ReadonlyArray<string>): string => {
  let depth = 1
  return lines
    .flatMap((line) => line.split('\n'))
    .map((line) => {
      const text = line.trim()
      if (/^[}\])]/.test(text)) {
        depth--
      }
      const shown = '  '.repeat(depth) + text
      if (/[{[(]$/.test(text)) {
        depth++
      }
      return shown
    })
    .join('\n')
}

/**
 * A key or text of a grammar as a literal; JSON is JavaScript, except for two characters that end a line in older
 * engines.
 */
export const quoted = (value: string | number): string =>
  JSON.stringify(value)
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029')
