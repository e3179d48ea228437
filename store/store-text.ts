import { type Either, left, mapLeft, right } from 'fp-ts/lib/Either.js'
import { expectBytes } from '../bytes/byte-array.js'
import { decodeEscaped, escapedBytes } from '../bytes/escaped.js'
import type { FieldPath, Issue } from '../combinators/issue.js'
import type { Protocol } from '../combinators/protocol.js'
import type { TextFormat, TextSyntax, TextsOf } from '../combinators/text-format.js'
import { nixDir } from '../types/nix-protocol.js'
import { type StoreOptions, storeProtocol } from './options.js'
import { type FieldIssue, placed, type StoreTextIssue } from './text-issue.js'

/** A text with one rule broken, and the place of the issue. */
export interface BrokenText {
  /** The rule, in words. */
  readonly rule: string
  readonly text: string
  /** The offset of the issue that it must cause. */
  readonly offset: number
  readonly path: FieldPath
}

interface StoreTextParts<A> {
  readonly name: string
  readonly summary: string
  readonly syntax: ReadonlyArray<TextSyntax>
  readonly parse: (text: string, protocol: Protocol) => Either<FieldIssue, A>
  readonly print: (value: A, protocol: Protocol) => Either<FieldIssue, string>
  readonly texts: TextsOf
  readonly broken: (value: A, protocol: Protocol) => ReadonlyArray<BrokenText>
}

/**
 * A parser and printer for one of the texts beside the wire. A parsed text is printed as the same bytes. Bytes that
 * are not UTF-8 are lone surrogates, U+DC80 to U+DCFF, in the value.
 *
 * `format` is the text format for grammars: `text(NarInfo.format)` has a codec, a generator and the laws.
 */
export class StoreText<A> {
  readonly name: string
  readonly format: TextFormat<A>
  readonly #parts: StoreTextParts<A>

  /** @internal */
  constructor(parts: StoreTextParts<A>) {
    const { name, summary, syntax, parse, print, texts } = parts
    this.name = name
    this.format = {
      name,
      summary,
      syntax,
      texts,
      value: 'structure',
      asks: 'storeDir',
      defaults: nixDir,
      parse,
      print,
    }
    this.#parts = parts
  }

  /** Parses a text: its value, or the first issue. */
  readonly parse = (data: Uint8Array | string, options: StoreOptions = {}): Either<StoreTextIssue, A> => {
    const what = `the text of ${this.name}`
    const protocol = storeProtocol(`${this.name}.parse`, options)
    if (typeof data !== 'string') {
      expectBytes(what, data)
    }
    const bytes = typeof data === 'string' ? escapedBytes(data) : data
    if (bytes === null) {
      throw new TypeError(`${what} has half a character in it`)
    }
    // The bytes are copied only for an issue.
    const text = typeof data === 'string' ? data : decodeEscaped(data)
    return mapLeft((issue: FieldIssue) => placed(this.name, bytes, issue))(this.#parts.parse(text, protocol))
  }

  /** Prints a value: its bytes, or the issue of a field that cannot be written. */
  readonly print = (value: A, options: StoreOptions = {}): Either<Issue, Uint8Array> => {
    const printed = this.#parts.print(value, storeProtocol(`${this.name}.print`, options))
    const bytes = printed._tag === 'Right' ? escapedBytes(printed.right) : null
    if (bytes !== null) {
      return right(bytes)
    }
    const { path, expected, actual } =
      printed._tag === 'Left'
        ? printed.left
        : { path: [], expected: 'whole characters', actual: 'half a character' }
    return left({ _tag: 'Unrepresentable', offset: 0, path, expected, actual, grammar: this.name })
  }

  /**
   * Texts of a value with one rule broken each, to test other parsers, with the place of the issue. None for a value
   * that cannot be printed.
   */
  readonly broken = (value: A, options: StoreOptions = {}): ReadonlyArray<BrokenText> =>
    this.#parts.broken(value, storeProtocol(`${this.name}.broken`, options))
}
