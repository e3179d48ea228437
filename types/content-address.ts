import { chain, type Either, left, map, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { show } from '../combinators/show.js'
import type { TextIssue } from '../combinators/text-format.js'
import {
  type ContentAddressMethod,
  ContentAddressMethodWithAlgo,
  methodPrefix,
  methodTexts,
  prefixOf,
} from './content-address-method.js'
import type { Nix32Digest } from './digest-encodings.js'
import { base16Digests, base64Digests, nix32Digests, ofAlgorithm } from './digest-samples.js'
import { digestOf, readDigest } from './digest-text.js'
import { type Hash, hashTo } from './hash.js'
import { algorithmBefore, type HashAlgorithm } from './hash-algorithm.js'
import { andThen, issueAtIndex, rest, runTextParser, type TextParser } from './text-parser.js'
import { TextType } from './text-type.js'

/**
 * The content address of a store object: method, algorithm and digest.
 *
 * The digest is written in nix32. Base16 and base64 are accepted, and distinguished by their length.
 *
 * ```ts
 * import { ContentAddress } from 'nix-wire/types'
 *
 * ContentAddress.make('fixed:sha1:8067a60687a7562359337862c2a9ecfc5833ab0a')
 * // => { _tag: 'Right', right: { _tag: 'Flat', algorithm: 'sha1', digest: '1amk6n7wxjlw4qkq6dcj6mm7hw3acrw0' } }
 * ```
 *
 * Issues: another prefix, an unknown algorithm, a digest of another length or in SRI form. Source: serialization
 * spec, ContentAddress; `fixed:git:` and the digest's encodings are from the reference implementation.
 */
export interface ContentAddress {
  readonly _tag: ContentAddressMethod
  readonly algorithm: HashAlgorithm
  readonly digest: Nix32Digest
}

/**
 * The content address of a hash.
 *
 * ```ts
 * import { ContentAddress, contentAddressOf, parseHash } from 'nix-wire/types'
 *
 * const hash = parseHash('sha1-gGemBoenViNZM3hiwqns/Fgzqwo=')
 * if (hash._tag === 'Right') {
 *   ContentAddress.encode(contentAddressOf('Flat', hash.right)) // => 'fixed:sha1:1amk6n7wxjlw4qkq6dcj6mm7hw3acrw0'
 * }
 * ```
 *
 * @throws TypeError if the digest is invalid (its brand came from a cast).
 */
export const contentAddressOf = (method: ContentAddressMethod, hash: Hash): ContentAddress => ({
  _tag: method,
  algorithm: hash.algorithm,
  digest: hashTo('nix32', hash),
})

/**
 * The hash of a content address, for {@link hashTo}.
 *
 * @throws TypeError if the digest is invalid (its brand came from a cast).
 */
export const contentAddressHash = ({ algorithm, digest }: ContentAddress): Hash => {
  const read = readDigest(algorithm, digest)
  if (read._tag === 'Left') throw new TypeError(`not a ${algorithm} digest: ${show(digest)}`)
  return { algorithm, digest: read.right }
}

const contentAddress: TextParser<ContentAddress> = andThen(methodPrefix, (method) =>
  andThen(algorithmBefore(':'), (algorithm) =>
    digestOf(algorithm, rest).map((digest) => contentAddressOf(method, { algorithm, digest })),
  ),
)

const canonicalDigest = ({ algorithm, digest }: ContentAddress): Either<TextIssue, string> =>
  pipe(
    readDigest(algorithm, digest),
    map((base16) => hashTo('nix32', { algorithm, digest: base16 })),
    chain((nix32) =>
      nix32 === digest ? right(nix32) : left(issueAtIndex(digest, 0, `the nix32 digest ${nix32}`)),
    ),
  )

// The first symbol of a nix32 digest has few used bits, so only few symbols are possible.
const symbol = '[0-9a-df-np-sv-z]'
const plain = new RegExp(
  '^(?:(text:)|(fixed:r:)|(fixed:git:)|(fixed:))' +
    `(?:(sha256|blake3):([01]${symbol}{51})|(sha1):(${symbol}{32})|(sha512):([0-3]${symbol}{102})|(md5):([0-7]${symbol}{25}))$`,
)

const quickly = (text: string): ContentAddress | undefined => {
  const found = plain.exec(text)
  if (found === null) return undefined
  const [, asText, asArchive, asGit] = found
  return {
    _tag: asText ? 'Text' : asArchive ? 'NixArchive' : asGit ? 'Git' : 'Flat',
    algorithm: (found[5] ?? found[7] ?? found[9] ?? found[11]) as HashAlgorithm,
    digest: (found[6] ?? found[8] ?? found[10] ?? found[12]) as Nix32Digest,
  }
}

export const ContentAddress: TextType<ContentAddress> = new TextType({
  name: 'ContentAddress',
  summary: 'a content address',
  texts: (make) =>
    ofAlgorithm(make, (algorithm) =>
      make.joined(methodTexts(make), `${algorithm}:`, nix32Digests(make, algorithm)),
    ),
  otherTexts: (make) =>
    ofAlgorithm(make, (algorithm) =>
      make.joined(
        methodTexts(make),
        `${algorithm}:`,
        make.oneOf(base16Digests(make, algorithm), base64Digests(make, algorithm)),
      ),
    ),
  syntax: [
    {
      rules: [
        'ContentAddress = Method HashAlgorithm ":" <the digest in nix32>',
        'Method = "text:" | "fixed:" | "fixed:r:" | "fixed:git:"',
      ],
      note: 'The methods are Text, Flat, NixArchive and Git. A digest in base16 or base64 is read too.',
    },
  ],
  value: 'structure',
  parse: (text) => runTextParser(contentAddress, text),
  print: (value, protocol) =>
    pipe(
      ContentAddressMethodWithAlgo.format.print(value, protocol),
      chain((method) => map((digest) => `${method}:${digest}`)(canonicalDigest(value))),
    ),
  quick: {
    parse: quickly,
    print: ({ _tag, algorithm, digest }) => {
      if (typeof algorithm !== 'string' || typeof digest !== 'string') return undefined
      const text = `${prefixOf(_tag)}${algorithm}:${digest}`
      return plain.test(text) ? text : undefined
    },
  },
})
