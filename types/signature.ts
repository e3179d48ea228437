import { type Either, isRight, left, right } from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { compareBytes, compareTexts } from '../bytes/order.js'
import { show } from '../combinators/show.js'
import { alphabet, type TextIssue } from '../combinators/text-format.js'
import { fromBase64, toBase64 } from './base-encodings.js'
import { brandedFormat } from './branded-format.js'
import {
  andThen,
  failAt,
  here,
  issueAtIndex,
  literal,
  readWith,
  rest,
  runTextParser,
  succeed,
  type TextParser,
  upTo,
} from './text-parser.js'
import { TextType } from './text-type.js'

export interface SignatureBrand {
  readonly Signature: unique symbol
}

/**
 * A signature: the name of the key, `:`, and the signature's bytes in base64. The name ends at the first `:`.
 *
 * Base64 with newlines, without padding or with stray bits is accepted and normalised.
 *
 * ```ts
 * import { Signature } from 'nix-wire/types'
 *
 * Signature.make('cache.example.org-1:FeM') // => { _tag: 'Right', right: 'cache.example.org-1:FeM=' }
 * ```
 *
 * Signatures are ordered by key name, then by their decoded bytes, which is not the order of the texts.
 *
 * Issues: no `:`, an empty key name, no bytes, a character that is not base64. Versions: up to Nix 2.33, and in Lix,
 * a signature is any text, so the compatible profile accepts any text on the wire ({@link AnySignature}). Source:
 * serialization spec, Signature ("not enforced"); the rules are those of Nix 2.34 and later.
 */
export type Signature = t.Branded<string, SignatureBrand>

const someBytes = (text: string): Either<TextIssue, string> => {
  const bytes = fromBase64(text)
  if (bytes._tag === 'Left') return bytes
  return bytes.right.length === 0
    ? left(issueAtIndex(text, 0, 'base64 of at least one byte'))
    : right(toBase64(bytes.right))
}

const keyName: TextParser<string> = andThen(here, (start) =>
  andThen(upTo(':'), (name) => (name === '' ? failAt(start, 'the name of a key') : succeed(name))),
)

const signature: TextParser<string> = andThen(keyName, (name) =>
  andThen(literal(':'), () => readWith(rest, someBytes).map((base64) => `${name}:${base64}`)),
)

/**
 * The name of the key a signature was made with.
 *
 * ```ts
 * import { Signature, signatureKeyName } from 'nix-wire/types'
 *
 * const made = Signature.make('cache.example.org-1:FeM=')
 * if (made._tag === 'Right') {
 *   signatureKeyName(made.right) // => 'cache.example.org-1'
 * }
 * ```
 */
export const signatureKeyName = (value: Signature): string => value.slice(0, value.indexOf(':'))

/**
 * The bytes of a signature.
 *
 * @throws TypeError if the text is invalid (its brand came from a cast).
 */
export const signatureBytes = (value: Signature): Uint8Array => {
  const bytes = bytesIn(value)
  if (bytes !== undefined) return bytes
  throw new TypeError(`not a signature: ${show(value)}`)
}

/** The bytes of a signature; undefined for a text of another form. */
const bytesIn = (text: string): Uint8Array | undefined => {
  const colon = text.indexOf(':')
  const bytes = colon < 1 ? undefined : fromBase64(text.slice(colon + 1))
  return bytes !== undefined && isRight(bytes) && bytes.right.length > 0 ? bytes.right : undefined
}

/** The part before the first `:`; a text without one is all name. */
const nameIn = (text: string): string => text.split(':', 1)[0] ?? ''

/** Texts of another form come before signatures of the same name, as `name` comes before `name:…`. */
const order = (a: string, b: string): number => {
  const names = compareTexts(nameIn(a), nameIn(b))
  if (names !== 0) return names
  const [one, other] = [bytesIn(a), bytesIn(b)]
  if (one === undefined || other === undefined) {
    return one === other ? compareTexts(a, b) : one === undefined ? -1 : 1
  }
  return compareBytes(one, other) || compareTexts(a, b)
}

/** More than any string can have. */
const anyCount = 0x7fffffff

export const Signature: TextType<Signature> = new TextType(
  brandedFormat<Signature>({
    name: 'Signature',
    summary: 'a signature',
    // Key names that are not ASCII are left out; they are rare.
    pattern: [
      { _tag: 'chars', alphabet: alphabet('\0-9;-\x7f'), min: 1, max: anyCount },
      { _tag: 'literal', text: ':' },
      { _tag: 'base64' },
    ],
    normalise: (text) => runTextParser(signature, text),
    compare: order,
  }),
)

/**
 * Any text in the place of a {@link Signature}. A text of that form is normalised, any other text is kept as it is.
 * The canonical profile rejects other texts.
 *
 * ```ts
 * import { AnySignature, Signature } from 'nix-wire/types'
 *
 * AnySignature.make('fake-sig-1') // => { _tag: 'Right', right: 'fake-sig-1' }
 * AnySignature.make('k:FeM') // => { _tag: 'Right', right: 'k:FeM=' }
 * Signature.make('fake-sig-1')._tag // => 'Left'
 * ```
 */
export const AnySignature: TextType<string> = new TextType({
  ...brandedFormat<string>({
    name: 'Signature',
    summary: 'a signature',
    pattern: Signature.format.pattern ?? [],
    normalise: (text, protocol) => {
      const read = Signature.format.parse(text, protocol)
      return isRight(read) ? read : right(text)
    },
    compare: order,
  }),
  strict: (text, protocol) => Signature.format.parse(text, protocol),
})
