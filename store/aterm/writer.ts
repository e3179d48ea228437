import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { FieldPath } from '../../combinators/issue.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { TextIssue } from '../../combinators/text-format.js'
import type { FieldIssue } from '../text-issue.js'

class Refused extends Error {
  readonly issue: FieldIssue

  constructor(issue: FieldIssue) {
    super(issue.expected)
    this.issue = issue
  }
}

/** A piece of a written term. */
export interface Token {
  readonly text: string
  readonly path: FieldPath
  readonly is: 'string' | 'mark'
}

const escaped: { readonly [character: string]: string } = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  '\\': '\\\\',
}

/** A string in the syntax of ATerms. */
export const quotedString = (value: string): string =>
  `"${value.replace(/["\\\n\r\t]/g, (character) => escaped[character] ?? character)}"`

/** Writes a term. */
export class Writer {
  readonly protocol: Protocol
  readonly tokens: Array<Token> = []
  depth = 0

  constructor(protocol: Protocol) {
    this.protocol = protocol
  }

  mark(text: string, path: FieldPath): void {
    this.tokens.push({ text, path, is: 'mark' })
  }

  string(value: string, path: FieldPath): void {
    this.tokens.push({ text: quotedString(value), path, is: 'string' })
  }

  refuse(path: FieldPath, expected: string, actual: string): never {
    throw new Refused({ position: 0, path, expected, actual })
  }

  /** The text of a value. */
  text(path: FieldPath, printed: Either<TextIssue, string>): string {
    return printed._tag === 'Right'
      ? printed.right
      : this.refuse(path, printed.left.expected, printed.left.actual)
  }
}

/** The pieces of all that is written. */
export const writeAll = (
  protocol: Protocol,
  write: (writer: Writer) => void,
): Either<FieldIssue, ReadonlyArray<Token>> => {
  const writer = new Writer(protocol)
  try {
    write(writer)
    return right(writer.tokens)
  } catch (error) {
    if (error instanceof Refused) return left(error.issue)
    throw error
  }
}
