import {
  expectArray,
  expectFunction,
  expectNames,
  expectObject,
  expectOneOf,
  expectText,
  isObject,
} from '../expect.js'
import { expectGate } from '../gate.js'
import {
  type AnyGrammar,
  type Grammar,
  grammarOf,
  type Node,
  nodeName,
  nodeOf,
  registered,
  type TextGrammar,
  type TextNode,
  type TypeOf,
} from '../node.js'
import { oneOf } from '../options.js'
import type { Refused } from '../refused.js'
import { show } from '../show.js'
import type { FittingLength } from '../structures/fitting.js'
import { readEmpty, type TextFormat } from '../text-format.js'
import { expectPieces, expectSyntax } from '../text-pieces.js'
import { checkLength } from './bytes.js'

// Nodes have no value types.
const plainText = (node: TextNode): TextGrammar => grammarOf<string>(node) as TextGrammar

/**
 * A text in UTF-8, padded like {@link paddedBytes}, as a `string`. Invalid UTF-8 is rejected, never replaced, and a
 * leading U+FEFF is kept.
 *
 * ```ts
 * import { bytesOf, compile, utf8 } from 'nix-wire'
 *
 * compile(utf8, {}).decode(bytesOf('0500000000000000 68656c6c6f 000000')) // => { _tag: 'Right', right: 'hello' }
 * ```
 *
 * Issues: `UnexpectedEnd`, `NonZeroPadding`, `NotUtf8`, `LimitExceeded`; encoding: `Unrepresentable` for a string
 * with a lone surrogate.
 */
export const utf8: TextGrammar = plainText({
  _tag: 'text',
  name: 'utf8',
  encoding: 'utf8',
  format: null,
  optional: false,
})

/**
 * A padded text that need not be UTF-8, as a `string` that loses nothing: each byte that is not UTF-8 becomes a lone
 * surrogate, U+DC80 to U+DCFF, and is written back as the same byte.
 *
 * ```ts
 * import { bytesOf, compile, escapedText } from 'nix-wire'
 *
 * compile(escapedText, {}).decode(bytesOf('0300000000000000 41ff42 0000000000')) // => { _tag: 'Right', right: 'A\udcffB' }
 * ```
 *
 * Issues: `UnexpectedEnd`, `NonZeroPadding`, `LimitExceeded`; encoding: `Unrepresentable` for other lone surrogates,
 * and for a run of these surrogates whose bytes are valid UTF-8 (it would be read back as a character).
 */
export const escapedText: TextGrammar = plainText({
  _tag: 'text',
  name: 'escapedText',
  encoding: 'escaped',
  format: null,
  optional: false,
})

/**
 * A padded text that must follow a format. It must be UTF-8, unless the encoding is `escaped`: then the format sees
 * other bytes as lone surrogates (see {@link escapedText}).
 *
 * ```ts
 * import { bytesOf, compile, text } from 'nix-wire'
 * import { HashAlgorithm } from 'nix-wire/types'
 *
 * const Algorithm = compile(text(HashAlgorithm.format), {})
 * Algorithm.decode(bytesOf('0400000000000000 73686131 00000000')) // => { _tag: 'Right', right: 'sha1' }
 * ```
 *
 * Issues: those of {@link utf8}, and `InvalidText` with the position inside the text. In the canonical profile also
 * `NotCanonical` for a text that the format would print differently, and `InvalidText` for one that is not `strict`.
 */
export const text = <A>(format: TextFormat<A>, encoding: TextNode['encoding'] = 'utf8'): Grammar<A> => {
  expectMembers(format)
  expectReading(format)
  expectOneOf('the encoding of a text', encoding, ['utf8', 'escaped'])
  return grammarOf<A>({
    _tag: 'text',
    name: format.name,
    summary: format.summary,
    encoding,
    // A node loses its value type; the grammar around it keeps it.
    format: format as TextFormat<unknown> & TextFormat<A>,
    optional: false,
  })
}

/** How each member of a text format is checked; the compiler ensures that none is missing. */
const members: { readonly [K in keyof TextFormat<unknown>]-?: (what: string, value: unknown) => void } = {
  name: expectText,
  summary: expectText,
  pattern: expectPieces,
  syntax: expectSyntax,
  texts: expectFunction,
  otherTexts: expectFunction,
  value: oneOf(['text', 'structure']),
  gates: (what, value) => {
    expectArray(what, value)
    for (const gate of value as ReadonlyArray<unknown>) {
      expectGate(gate)
    }
  },
  asks: oneOf(['storeDir']),
  defaults: expectObject,
  parse: expectFunction,
  print: expectFunction,
  strict: expectFunction,
  quick: (what, value) => {
    expectNames(what, value, 'member', ['parse', 'print'])
    const { parse, print } = value as NonNullable<TextFormat<unknown>['quick']>
    expectFunction(`parse of ${what}`, parse)
    expectFunction(`print of ${what}`, print)
  },
  compare: expectFunction,
  json: (what, value) => {
    if (value !== true) {
      throw new TypeError(`${what} must be true, not ${show(value)}`)
    }
  },
}

const needed: ReadonlyArray<string> = ['name', 'summary', 'value', 'parse', 'print'] satisfies ReadonlyArray<
  keyof TextFormat<unknown>
>

/** @throws TypeError for a member that is missing, unknown or of another kind: it would be ignored until it is used. */
const expectMembers = <A>(format: TextFormat<A>): void => {
  expectNames('text formats', format, 'member', Object.keys(members))
  for (const [name, check] of Object.entries(members)) {
    const value = format[name as keyof TextFormat<A>]
    if (value !== undefined || needed.includes(name)) {
      check(`${name} of a text format`, value)
    }
  }
}

/** @throws TypeError for a `parse` that returns no Either: the value would be lost. */
const expectReading = <A>(format: TextFormat<A>): void => {
  const read: unknown = readEmpty(format)
  if (!isObject(read) || !(read._tag === 'Right' || (read._tag === 'Left' && isObject(read.left)))) {
    throw new TypeError(
      `parse of the text format ${format.name} must return right(value) or left({ position, expected, actual }), ` +
        `not ${show(read)}`,
    )
  }
}

/**
 * The same text or bytes, but at most this many bytes long. The codec's own limit still applies if it is lower.
 *
 * ```ts
 * import { bytesOf, compile, limited, utf8 } from 'nix-wire'
 *
 * compile(limited(4, utf8), {}).decode(bytesOf('0500000000000000 68656c6c6f 000000'))._tag // => 'Left'
 * ```
 *
 * Issues: those of the grammar, and `LimitExceeded`, in decoding and encoding.
 *
 * @throws TypeError for anything but a text, {@link paddedBytes} or {@link restBytes}; RangeError for an invalid
 * length.
 */
export const limited = <G extends AnyGrammar, const N extends number>(
  limit: N & FittingLength<N>,
  grammar: G &
    HasLength<TypeOf<G>> & { readonly fields?: Refused<'only a text or padded bytes can be limited'> },
): G => {
  checkLength(limit)
  return registered<G>({ ...grammar, node: limitedNode(limit, nodeOf('what is limited', grammar)) })
}

const limitedNode = (limit: number, node: Node, whole = node): Node => {
  if (node._tag === 'imap') {
    return { ...node, inner: limitedNode(limit, node.inner, whole) }
  }
  if (node._tag !== 'text' && !(node._tag === 'bytes' && typeof node.length !== 'number')) {
    throw new TypeError(
      `only a text or padded bytes can be limited, not ${nodeName(whole)}: write limited around a text inside it`,
    )
  }
  return { ...node, limit: Math.min(limit, node.limit ?? limit) }
}

type HasLength<A> = [A] extends [
  number | bigint | boolean | ReadonlyArray<unknown> | ReadonlyMap<unknown, unknown>,
]
  ? Refused<'only a text or padded bytes can be limited'>
  : unknown
