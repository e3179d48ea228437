import { type Either, left, mapLeft, right } from 'fp-ts/lib/Either.js'
import type { Protocol } from '../combinators/protocol.js'
import { show } from '../combinators/show.js'
import { methodWords } from '../types/content-address-method.js'
import {
  AnySignature,
  baseStorePathOf,
  ContentAddress,
  type ContentAddressMethod,
  contentAddressHash,
  contentAddressOf,
  type Hash,
  hashTo,
  parseHash,
  StorePath,
  showTextIssue,
  type TextType,
} from '../types/index.js'
import { object, required } from './members.js'
import { NixJsonType } from './nix-json-type.js'
import { type Codec, codec, oneOfAll, text, viewed } from './parts.js'

type Dir = Pick<Protocol, 'storeDir'>

/** The words after "expected" in an issue of a text type. */
export const worded = <A>(read: Either<Parameters<typeof showTextIssue>[0], A>): Either<string, A> =>
  mapLeft((issue: Parameters<typeof showTextIssue>[0]) => showTextIssue(issue).replace(/^expected /, ''))(
    read,
  )

/** A text of a kind. */
export const textOf = <A>(type: TextType<A>): Codec<A> =>
  viewed(
    type.name,
    text,
    (given) => worded(type.make(given)),
    (value) => type.encode(value),
  )

/** A store path: its base name, or the whole of it as older releases have it. Both are read. */
export const storePathIn = ({ storeDir }: Dir, form: 'base' | 'whole' = 'base'): Codec<StorePath> => {
  const type = StorePath.under({ storeDir })
  return viewed(
    'StorePath',
    text,
    (given) => worded(type.make(given.includes('/') ? given : `${storeDir}/${given}`)),
    (path) => (form === 'base' ? baseStorePathOf(path) : path),
  )
}

/**
 * A store path: its base name, without the store directory. A whole path is read too.
 *
 * ```ts
 * import { StorePathJson } from 'nix-wire/nix-json'
 *
 * StorePathJson.decode('g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo')
 * // => { _tag: 'Right', right: '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo' }
 * ```
 *
 * Source: Nix's schema store-path-v1.
 */
export const StorePathJson: NixJsonType<StorePath> = new NixJsonType('StorePathJson', (agreed) =>
  storePathIn(agreed),
)

/**
 * A hash in SRI form: `sha256-` and base64. Other forms that name the algorithm are read too.
 *
 * ```ts
 * import { HashJson } from 'nix-wire/nix-json'
 *
 * HashJson.decode('sha1-gGemBoenViNZM3hiwqns/Fgzqwo=')
 * // => { _tag: 'Right', right: { algorithm: 'sha1', digest: '8067a60687a7562359337862c2a9ecfc5833ab0a' } }
 * ```
 *
 * Source: Nix's schema hash-v1.
 */
export const HashJson: NixJsonType<Hash> = new NixJsonType('HashJson', () =>
  viewed(
    'Hash',
    text,
    (given) => worded(parseHash(given)),
    (hash) => hashTo('sri', hash),
  ),
)

const methodsByWord = new Map(
  Object.entries(methodWords).map(([method, word]) => [word, method as ContentAddressMethod]),
)

export const method: Codec<ContentAddressMethod> = viewed(
  'method',
  oneOfAll(Object.values(methodWords)),
  (word) => {
    const found = methodsByWord.get(word)
    return found === undefined ? left('a method') : right(found)
  },
  (value) => methodWords[value],
)

const structuredAddress = viewed(
  'ContentAddress',
  object('ContentAddress', { hash: required(HashJson), method: required(method) }),
  ({ hash, method: way }) => right(contentAddressOf(way, hash)),
  (address) => ({ hash: contentAddressHash(address), method: address._tag }),
)

/** A content address: an object, or the text that the first version of the formats has. Both are read. */
export const contentAddress = (form: 'object' | 'text'): Codec<ContentAddress> => {
  const asText = textOf(ContentAddress)
  return stringOr(asText, structuredAddress, form)
}

/** JSON that was a string in older formats and is an object now. Both are read. */
const stringOr = <A>(asText: Codec<A>, asObject: Codec<A>, form: 'object' | 'text'): Codec<A> =>
  codec(
    asObject.name,
    (input, context) =>
      typeof input === 'string' ? asText.validate(input, context) : asObject.validate(input, context),
    form === 'object' ? asObject.encode : asText.encode,
  )

const keyAndSignature = object('Signature', { keyName: required(text), sig: required(text) })

/** A signature on the wire may be any text; only one with a colon has the two members. */
const structuredSignature: Codec<string> = viewed(
  'Signature',
  keyAndSignature,
  ({ keyName, sig }) =>
    keyName.includes(':')
      ? left('the name of a key, without ":"')
      : worded(AnySignature.make(`${keyName}:${sig}`)),
  (signature) => {
    const colon = signature.indexOf(':')
    if (colon < 0) throw new TypeError(`not a signature with the name of its key: ${show(signature)}`)
    return { keyName: signature.slice(0, colon), sig: signature.slice(colon + 1) }
  },
)

/** A signature: an object since the newest formats, a text in older ones. Both are read. */
export const signature = (form: 'object' | 'text'): Codec<string> =>
  stringOr(textOf(AnySignature), structuredSignature, form)

/**
 * A signature: the name of the key, and the bytes in base64. The text form of older releases is read too. `encode`
 * throws a TypeError for a text without a colon, which Nix 2.33 and Lix may send.
 *
 * ```ts
 * import { SignatureJson } from 'nix-wire/nix-json'
 *
 * SignatureJson.encode('cache-1:AAAA') // => { keyName: 'cache-1', sig: 'AAAA' }
 * ```
 *
 * Source: Nix's schema signature-v2.
 */
export const SignatureJson: NixJsonType<string> = new NixJsonType('SignatureJson', () => signature('object'))

/**
 * A content address: the method and the hash. The text form of older releases is read too.
 *
 * ```ts
 * import { ContentAddressJson } from 'nix-wire/nix-json'
 *
 * ContentAddressJson.decode({ method: 'flat', hash: 'sha1-gGemBoenViNZM3hiwqns/Fgzqwo=' })
 * // => { _tag: 'Right', right: { _tag: 'Flat', algorithm: 'sha1', digest: '1amk6n7wxjlw4qkq6dcj6mm7hw3acrw0' } }
 * ```
 *
 * Source: Nix's schema content-address-v1.
 */
export const ContentAddressJson: NixJsonType<ContentAddress> = new NixJsonType('ContentAddressJson', () =>
  contentAddress('object'),
)
