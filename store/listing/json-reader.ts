import { type FieldIssue, issueAt } from '../text-issue.js'

/** Thrown inside and caught at the entry: an issue of the text. */
export class NotRead extends Error {
  readonly issue: FieldIssue

  constructor(issue: FieldIssue) {
    super(issue.expected)
    this.issue = issue
  }
}

// Deeper than any valid listing, since skipped members may be nested too.
const deepest = 256

const blank = /[ \t\n\r]*/y
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const literal = /true|false|null/y
const unicode = /u[0-9a-fA-F]{4}/y
const digits = /^(?:0|[1-9][0-9]{0,15})$/

/** Reads JSON from front to back, and only the requested parts: an issue has its byte and its path. */
export class JsonReader {
  readonly #text: string
  readonly #path: Array<string> = []
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  /** The offset of the next value. */
  get place(): number {
    this.#skip(blank)
    return this.#at
  }

  /** Reads an object: `member` must read the value of each member. */
  object(what: string, member: (name: string, at: number) => void): void {
    if (!this.#takes('{')) {
      this.refuse(what)
    }
    this.#depth++
    if (this.#depth > deepest) {
      this.refuse(`nesting of at most ${deepest}`, this.#at - 1)
    }
    for (let isFirst = true; !this.#takes('}'); isFirst = false) {
      if (!isFirst && !this.#takes(',')) {
        this.refuse('"," or "}"')
      }
      const at = this.place
      const name = this.string('the name of a member')
      if (!this.#takes(':')) {
        this.refuse('":"')
      }
      this.#path.push(name)
      member(name, at)
      this.#path.pop()
    }
    this.#depth--
  }

  string(what: string): string {
    const start = this.place
    const text = this.#text
    if (text.charCodeAt(start) !== 0x22) {
      this.refuse(what)
    }
    let hasEscapes = false
    let at = start + 1
    for (let unit = text.charCodeAt(at); unit !== 0x22; unit = text.charCodeAt(at)) {
      if (!(unit >= 0x20)) {
        this.refuse('more of a string, or its closing quotation mark', at)
      }
      if (unit === 0x5c) {
        hasEscapes = true
        at = this.#escapeEnd(at + 1)
      } else {
        at++
      }
    }
    this.#at = at + 1
    return hasEscapes ? String(JSON.parse(text.slice(start, at + 1))) : text.slice(start + 1, at)
  }

  #escapeEnd(at: number): number {
    if ('"\\/bfnrt'.includes(this.#text.charAt(at) || ' ')) {
      return at + 1
    }
    unicode.lastIndex = at
    return unicode.test(this.#text) ? at + 5 : this.refuse('an escape of JSON', at - 1)
  }

  /** An integer from 0 to 2^53 − 1. */
  integer(what: string): number {
    const at = this.place
    const text = this.#skip(number)
    if (digits.test(text) && Number.isSafeInteger(Number(text))) {
      return Number(text)
    }
    this.#at = at
    return text === '' ? this.refuse(what) : this.refuse(`${what}, up to 2^53 − 1`, at)
  }

  boolean(what: string): boolean {
    const at = this.place
    const word = this.#skip(literal)
    return word === 'true' || word === 'false' ? word === 'true' : this.refuse(what, at)
  }

  /** Skips a value of any kind. */
  skip(): void {
    const next = this.#text.charAt(this.place)
    if (next === '{') {
      this.object('an object', () => this.skip())
    } else if (next === '[') {
      this.#skipArray()
    } else if (next === '"') {
      this.string('a string')
    } else if (this.#skip(number) === '' && this.#skip(literal) === '') {
      this.refuse('a value')
    }
  }

  #skipArray(): void {
    this.#takes('[')
    this.#depth++
    if (this.#depth > deepest) {
      this.refuse(`nesting of at most ${deepest}`, this.#at - 1)
    }
    for (let isFirst = true; !this.#takes(']'); isFirst = false) {
      if (!isFirst && !this.#takes(',')) {
        this.refuse('"," or "]"')
      }
      this.skip()
    }
    this.#depth--
  }

  end(): void {
    if (this.place < this.#text.length) {
      this.refuse('the end of the text')
    }
  }

  refuse(expected: string, at = this.place): never {
    throw new NotRead(issueAt(this.#text, at, [...this.#path], expected))
  }

  #takes(character: string): boolean {
    const is = this.#text.charAt(this.place) === character
    this.#at += is ? 1 : 0
    return is
  }

  #skip(token: RegExp): string {
    token.lastIndex = this.#at
    const found = token.exec(this.#text)?.[0] ?? ''
    this.#at += found.length
    return found
  }
}
