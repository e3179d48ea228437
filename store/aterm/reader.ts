import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { encodeEscaped } from '../../bytes/escaped.js'
import type { FieldPath } from '../../combinators/issue.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { TextIssue } from '../../combinators/text-format.js'
import { type FieldIssue, issueAt } from '../text-issue.js'

/** Thrown for an invalid text, and caught where reading began. */
class Refused extends Error {
  readonly issue: FieldIssue

  constructor(issue: FieldIssue) {
    super(issue.expected)
    this.issue = issue
  }
}

/** The characters of escapes; any other character means itself. */
const escapes = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['"', '"'],
  ['\\', '\\'],
])

const plain = /[^"\\\n\r\t]*/y

/** A string of an ATerm, and the place of its characters. */
export interface StringToken {
  readonly value: string
  /** The index of its opening quotation mark. */
  readonly start: number
}

/** A position in an ATerm. */
export class Reader {
  readonly text: string
  readonly protocol: Protocol
  at = 0
  /** The depth of the term being read. */
  depth = 0

  constructor(text: string, protocol: Protocol) {
    this.text = text
    this.protocol = protocol
  }

  refuse(at: number, path: FieldPath, expected: string): never {
    throw new Refused(issueAt(this.text, at, path, expected))
  }

  next(word: string): boolean {
    return this.text.startsWith(word, this.at)
  }

  /** Reads a required word. */
  expect(word: string, path: FieldPath): void {
    if (!this.next(word)) {
      this.refuse(this.at, path, JSON.stringify(word))
    }
    this.at += word.length
  }

  string(path: FieldPath): StringToken {
    const { text } = this
    const start = this.at
    this.expect('"', path)
    const parts: Array<string> = []
    for (;;) {
      plain.lastIndex = this.at
      const part = plain.exec(text)?.[0] ?? ''
      parts.push(part)
      this.at += part.length
      const character = text[this.at]
      if (character === '"') {
        this.at++
        return { value: parts.join(''), start }
      }
      if (character !== '\\') {
        this.refuse(this.at, path, character === undefined ? '"\\""' : 'an escape of this character')
      }
      const meant = escapes.get(text[this.at + 1] ?? '')
      if (meant === undefined) {
        this.refuse(this.at, path, 'one of \\n, \\r, \\t, \\" and \\\\')
      }
      parts.push(meant)
      this.at += 2
    }
  }

  /** The value of a string; an issue in it gets its place in the text. */
  meaning<A>({ start }: StringToken, path: FieldPath, read: Either<TextIssue, A>): A {
    if (read._tag === 'Right') return read.right
    const { position, expected, actual } = read.left
    // Each escape has one character more in the text than in the string.
    let at = start + 1
    for (let left = position; left > 0; ) {
      const length = this.text[at] === '\\' ? 2 : (this.text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
      left -= this.text[at] === '\\' ? 1 : encodeEscaped(this.text.slice(at, at + length)).length
      at += length
    }
    throw new Refused({ ...issueAt(this.text, at, path, expected), actual })
  }
}

/** Reads the whole text. */
export const readAll = <A>(
  text: string,
  protocol: Protocol,
  read: (reader: Reader) => A,
): Either<FieldIssue, A> => {
  const reader = new Reader(text, protocol)
  try {
    const value = read(reader)
    if (reader.at < text.length) {
      reader.refuse(reader.at, [], 'the end of the text')
    }
    return right(value)
  } catch (error) {
    if (error instanceof Refused) return left(error.issue)
    throw error
  }
}
