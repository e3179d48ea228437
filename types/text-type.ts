import { type Either, isRight } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { expectText } from '../combinators/expect.js'
import type { Protocol } from '../combinators/protocol.js'
import type { TextFormat, TextIssue } from '../combinators/text-format.js'
import { sameStructure } from './equality.js'
import { nixProtocol } from './nix-protocol.js'

/** One line about an issue: `expected X at position P, got Y`. */
export const showTextIssue = ({ expected, position, actual }: TextIssue): string =>
  `expected ${expected} at position ${position}, got ${actual}`

const typeName = (value: unknown): string => (value === null ? 'null' : typeof value)

const decoding =
  <A>(format: TextFormat<A>, under: Protocol): t.Validate<unknown, A> =>
  (input, context) => {
    if (typeof input !== 'string') {
      return t.failure(input, context, `expected ${format.summary}, got ${typeName(input)}`)
    }
    const read = format.parse(input, under)
    return isRight(read) ? t.success(read.right) : t.failure(input, context, showTextIssue(read.left))
  }

const encoding =
  <A>(format: TextFormat<A>, under: Protocol): t.Encode<A, string> =>
  (value) => {
    const printed = format.print(value, under)
    if (isRight(printed)) return printed.right
    throw new TypeError(`not ${format.summary}: ${showTextIssue(printed.left)}`)
  }

/** A value is of the type when it prints, and reads back as itself. */
const guard = <A>(format: TextFormat<A>, under: Protocol): t.Is<A> => {
  const { print, parse } = format
  if (format.value === 'text') {
    return (value): value is A => typeof value === 'string' && isRight(print(value as A, under))
  }
  return (value): value is A => {
    if (typeof value !== 'object' || value === null) return false
    try {
      const printed = print(value as A, under)
      if (!isRight(printed)) return false
      const read = parse(printed.right, under)
      return isRight(read) && sameStructure(value, read.right)
    } catch {
      // `print` may take its type for granted; what it trips over is not of it.
      return false
    }
  }
}

/**
 * An io-ts codec between a text of the protocol and its value.
 *
 * `make` is the constructor for texts you have, `is` the guard (canonical values only), `decode` and `encode` are
 * io-ts' own; `encode` throws a TypeError on a value that has no text, since the type should have prevented it.
 * `format` is the text as a grammar takes it.
 *
 * ```ts
 * import { StorePath } from 'nix-wire/types'
 *
 * const Guix = StorePath.under({ storeDir: '/gnu/store' })
 * Guix.is('/gnu/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo') // => true
 * Guix.is('/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo') // => false
 * ```
 */
export class TextType<A> extends t.Type<A, string, unknown> {
  readonly format: TextFormat<A>
  readonly protocol: Protocol

  constructor(format: TextFormat<A>, under: Protocol = nixProtocol()) {
    super(format.name, guard(format, under), decoding(format, under), encoding(format, under))
    this.format = format
    this.protocol = under
  }

  /** The value a text stands for, or what is wrong with the text. */
  readonly make = (text: string): Either<TextIssue, A> => {
    expectText(`the text of ${this.name}`, text)
    return this.format.parse(text, this.protocol)
  }

  /**
   * The same type under another protocol: another store directory, or another version.
   *
   * @throws RangeError when the version or the store directory is malformed.
   */
  under(given: Partial<Protocol>): TextType<A> {
    return new TextType(this.format, nixProtocol({ ...this.protocol, ...given }))
  }
}
