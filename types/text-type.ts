import { type Either, isRight, left, mapLeft } from 'fp-ts/lib/Either.js'
import type { Ord } from 'fp-ts/lib/Ord.js'
import type { Ordering } from 'fp-ts/lib/Ordering.js'
import type { Show } from 'fp-ts/lib/Show.js'
import * as t from 'io-ts'
import { compareTexts } from '../bytes/order.js'
import { expectText } from '../combinators/expect.js'
import { textSchema } from '../combinators/pattern-regex.js'
import type { Protocol } from '../combinators/protocol.js'
import { quoted } from '../combinators/show.js'
import type { TextFormat, TextIssue } from '../combinators/text-format.js'
import { sameStructure } from './equality.js'
import { nixProtocol } from './nix-protocol.js'
import { type StandardProps, standardProps } from './standard.js'

/** An issue of a text on one line: `expected X at position P, got Y`. */
export const showTextIssue = ({ expected, position, actual }: TextIssue): string =>
  `expected ${expected} at position ${position}, got ${actual}`

const typeName = (value: unknown): string => (value === null ? 'null' : typeof value)

/** The value of a text; otherwise the issue in words. */
const reading =
  <A>(format: TextFormat<A>, under: Protocol) =>
  (input: unknown): Either<string, A> =>
    typeof input === 'string'
      ? mapLeft(showTextIssue)(format.parse(input, under))
      : left(`expected ${format.summary}, got ${typeName(input)}`)

const decoding = <A>(format: TextFormat<A>, under: Protocol): t.Validate<unknown, A> => {
  const reads = reading(format, under)
  return (input, context) => {
    const read = reads(input)
    return isRight(read) ? t.success(read.right) : t.failure(input, context, read.left)
  }
}

const encoding =
  <A>(format: TextFormat<A>, under: Protocol): t.Encode<A, string> =>
  (value) => {
    const printed = format.print(value, under)
    if (isRight(printed)) return printed.right
    throw new TypeError(`not ${format.summary}: ${showTextIssue(printed.left)}`)
  }

/** A value belongs to the type if it can be printed, and reads back as itself. */
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
      // `print` does not check the type of its argument; if it throws, the value is invalid.
      return false
    }
  }
}

/** The targets with the same schema of a text. */
const targets: ReadonlySet<string> = new Set(['draft-2020-12', 'draft-07', 'openapi-3.0'])

/** The Standard Schema of a text. */
const standardOf = <A>(format: TextFormat<A>, protocol: Protocol): StandardProps<string, A> => {
  const read = reading(format, protocol)
  const schema = (target: string) => (targets.has(target) ? { ...textSchema(format, protocol) } : undefined)
  return standardProps(
    format.name,
    (input) => {
      const found = read(input)
      return isRight(found) ? { value: found.right } : { issues: [{ message: found.left }] }
    },
    schema,
    format.value === 'text' ? schema : undefined,
  )
}

/**
 * An io-ts codec between a text of the protocol and its value.
 *
 * `make` parses a text. `is` is the guard (canonical values only). `decode` and `encode` are those of io-ts; `encode`
 * throws a TypeError for a value that has no text, since the type should have prevented it. `format` is the text
 * format for grammars.
 *
 * ```ts
 * import { StorePath } from 'nix-wire/types'
 *
 * const Guix = StorePath.under({ storeDir: '/gnu/store' })
 * Guix.is('/gnu/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo') // => true
 * Guix.is('/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo') // => false
 * ```
 *
 * It is also an fp-ts `Eq`, `Ord` and `Show` of its values: two values are equal if their texts are, and their order
 * is that of sets and map keys on the wire.
 *
 * ```ts
 * import { StorePath } from 'nix-wire/types'
 * import { option as O, readonlyArray as RA } from 'fp-ts'
 *
 * RA.sort(StorePath)([]) // => []
 * O.getEq(StorePath).equals(O.none, O.none) // => true
 * ```
 *
 * It is also a Standard Schema (`~standard`) of texts, with the JSON Schema of the canonical text.
 */
export class TextType<A> extends t.Type<A, string, unknown> implements Ord<A>, Show<A> {
  readonly format: TextFormat<A>
  readonly protocol: Protocol
  #standard: StandardProps<string, A> | null = null

  constructor(format: TextFormat<A>, under: Protocol = nixProtocol()) {
    super(format.name, guard(format, under), decoding(format, under), encoding(format, under))
    this.format = format
    this.protocol = under
  }

  /** Parses a text: its value, or what is wrong with it. */
  readonly make = (text: string): Either<TextIssue, A> => {
    expectText(`the text of ${this.name}`, text)
    return this.format.parse(text, this.protocol)
  }

  /** Whether two values have the same text. */
  readonly equals = (a: A, b: A): boolean => a === b || this.compare(a, b) === 0

  /** Compares two values by their order in a set on the wire. */
  readonly compare = (a: A, b: A): Ordering => {
    const { compare } = this.format
    const order = compare === undefined ? compareTexts(this.#textOf(a), this.#textOf(b)) : compare(a, b)
    return order < 0 ? -1 : order > 0 ? 1 : 0
  }

  /** The text in quotation marks, with invisible characters escaped. */
  readonly show = (value: A): string => quoted(this.#textOf(value), Number.POSITIVE_INFINITY)

  /** The Standard Schema of the text. */
  get '~standard'(): StandardProps<string, A> {
    this.#standard ??= standardOf(this.format, this.protocol)
    return this.#standard
  }

  #textOf(value: A): string {
    return this.format.value === 'text' ? String(value) : this.encode(value)
  }

  /**
   * The same type under another protocol: another store directory, or another version.
   *
   * @throws RangeError if the version or the store directory is malformed.
   */
  under(given: Partial<Protocol>): TextType<A> {
    return new TextType(this.format, nixProtocol({ ...this.protocol, ...given }))
  }
}
