import { type Either, isLeft, left, map } from 'fp-ts/lib/Either.js'
import type { Protocol } from '../combinators/protocol.js'
import type { TextIssue, TextsOf } from '../combinators/text-format.js'
import type { Base16Digest } from './digest-encodings.js'
import { base16Digests, base64Digests, nix32Digests, ofAlgorithm } from './digest-samples.js'
import { readDigest } from './digest-text.js'
import { parseHash } from './hash.js'
import { HashAlgorithm } from './hash-algorithm.js'
import type { StorePath } from './store-path.js'
import { lastName, maxNameLength, namePattern, OutputName } from './store-path-name.js'
import {
  andThen,
  issueAtIndex,
  literal,
  readWith,
  runTextParser,
  type TextParser,
  upTo,
} from './text-parser.js'
import { TextType } from './text-type.js'

/**
 * One output of a derivation, named by the hash of the derivation (modulo the names of its inputs).
 *
 * The text is `algorithm:digest!output`, split at the first `!`. The digest is written in base16; nix32, base64 and
 * SRI are accepted. The algorithm is required.
 *
 * ```ts
 * import { DrvOutputByHash } from 'nix-wire/types'
 *
 * DrvOutputByHash.make('sha256:15e3c560894cbb27085cf65b5a2ecb18488c999497f4531b6907a7581ce6d527!baz')
 * // => { _tag: 'Right', right: {
 * //   _tag: 'Hash',
 * //   algorithm: 'sha256',
 * //   digest: '15e3c560894cbb27085cf65b5a2ecb18488c999497f4531b6907a7581ce6d527',
 * //   outputName: 'baz'
 * // } }
 * ```
 *
 * Issues: no `!`, a missing or unknown algorithm, an invalid digest, those of `OutputName`. Versions: 1.27 to 1.38
 * without the feature `realisation-with-path-not-hash`; Nix 2.35 and later reject it. Source: serialization spec,
 * DrvOutput ("hash with any prefix").
 */
export interface DrvOutputByHash {
  readonly _tag: 'Hash'
  readonly algorithm: HashAlgorithm
  readonly digest: Base16Digest
  readonly outputName: OutputName
}

/**
 * One output of a derivation, named by the path of the derivation. On the wire it is two strings, so it has no text
 * format.
 *
 * Versions: with the feature `realisation-with-path-not-hash`. Source: the reference implementation.
 */
export interface DrvOutputByPath {
  readonly _tag: 'Path'
  readonly drvPath: StorePath
  readonly outputName: OutputName
}

/** One output of a derivation. The protocol decides which of the two forms it has. */
export type DrvOutput = DrvOutputByHash | DrvOutputByPath

const drvOutput: TextParser<DrvOutputByHash> = andThen(
  readWith(upTo('!'), (text) => parseHash(text)),
  (hash) =>
    andThen(literal('!'), () =>
      lastName.map((name) => ({ _tag: 'Hash', ...hash, outputName: name as OutputName })),
    ),
)

const print = (value: DrvOutputByHash, protocol: Protocol): Either<TextIssue, string> => {
  const algorithm = HashAlgorithm.format.print(value.algorithm, protocol)
  if (isLeft(algorithm)) return algorithm
  const digest = readDigest(algorithm.right as HashAlgorithm, value.digest)
  if (isLeft(digest)) return digest
  if (digest.right !== value.digest) return left(issueAtIndex(value.digest, 0, `the base16 ${digest.right}`))
  return map((name: string) => `${algorithm.right}:${digest.right}!${name}`)(
    OutputName.format.print(value.outputName, protocol),
  )
}

/** Texts of a {@link DrvOutputByHash}, for generators. */
export const drvOutputTexts: TextsOf = (make) =>
  make.joined(
    ofAlgorithm(make, (algorithm) => make.joined(`${algorithm}:`, base16Digests(make, algorithm))),
    '!',
    make.pattern(namePattern),
  )

const plain = new RegExp(
  '^(?:(sha256|blake3):([0-9a-f]{64})|(sha1):([0-9a-f]{40})|(sha512):([0-9a-f]{128})|(md5):([0-9a-f]{32}))' +
    `!((?!\\.\\.?(?:-|$))[0-9a-zA-Z+._?=-]{1,${maxNameLength}})$`,
)

const quickly = (text: string): DrvOutputByHash | undefined => {
  const found = plain.exec(text)
  if (found === null) return undefined
  return {
    _tag: 'Hash',
    algorithm: (found[1] ?? found[3] ?? found[5] ?? found[7]) as HashAlgorithm,
    digest: (found[2] ?? found[4] ?? found[6] ?? found[8]) as Base16Digest,
    outputName: found[9] as OutputName,
  }
}

export const DrvOutputByHash: TextType<DrvOutputByHash> = new TextType({
  name: 'DrvOutputByHash',
  summary: 'a derivation output such as sha256:…!out',
  texts: drvOutputTexts,
  otherTexts: (make) =>
    make.joined(
      ofAlgorithm(make, (algorithm) =>
        make.oneOf(
          make.joined(`${algorithm}:`, nix32Digests(make, algorithm)),
          make.joined(`${algorithm}:`, base64Digests(make, algorithm)),
          make.joined(`${algorithm}-`, base64Digests(make, algorithm)),
        ),
      ),
      '!',
      make.pattern(namePattern),
    ),
  syntax: [
    {
      rules: ['DrvOutputByHash = HashAlgorithm ":" <the digest in base16> "!" OutputName'],
      note: 'A digest in nix32, base64 or SRI form is read too.',
    },
  ],
  value: 'structure',
  parse: (text) => runTextParser(drvOutput, text),
  print,
  quick: {
    parse: quickly,
    print: ({ algorithm, digest, outputName }) => {
      if (typeof algorithm !== 'string' || typeof digest !== 'string' || typeof outputName !== 'string') {
        return undefined
      }
      const text = `${algorithm}:${digest}!${outputName}`
      return plain.test(text) ? text : undefined
    },
  },
})
