import { bimap, type Either, left, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { isSome, none, type Option, some } from 'fp-ts/lib/Option.js'
import { longestName, quoted } from '../combinators/show.js'
import { toBase16 } from './base-encodings.js'
import type { ContentAddressMethod, ContentAddressMethodWithAlgo } from './content-address-method.js'
import { type DerivationOutputHash, impure } from './derivation-output-hash.js'
import type { Base16Digest } from './digest-encodings.js'
import { readDigest } from './digest-text.js'
import { digestSize, type HashAlgorithm } from './hash-algorithm.js'
import type { StorePath } from './store-path.js'
import { showTextIssue } from './text-type.js'

/** An output whose path is computed from the derivation. */
export interface InputAddressedOutput {
  readonly _tag: 'InputAddressed'
  readonly path: StorePath
}

/**
 * An output whose content hash is fixed in advance; the path is computed from the hash. (It is not checked here that
 * it does.)
 */
export interface CAFixedOutput {
  readonly _tag: 'CAFixed'
  readonly path: StorePath
  readonly method: ContentAddressMethod
  readonly algorithm: HashAlgorithm
  readonly digest: Base16Digest
}

/** An output whose path is computed from its content after the build (experimental feature ca-derivations). */
export interface CAFloatingOutput {
  readonly _tag: 'CAFloating'
  readonly method: ContentAddressMethod
  readonly algorithm: HashAlgorithm
}

/** An output whose path is computed from the derivation after the derivations that it depends on are built. */
export interface DeferredOutput {
  readonly _tag: 'Deferred'
}

/** An output that may differ each time it is built (experimental feature impure-derivations). */
export interface ImpureOutput {
  readonly _tag: 'Impure'
  readonly method: ContentAddressMethod
  readonly algorithm: HashAlgorithm
}

/**
 * An output of a derivation. On the wire it is three texts, each of which may be empty:
 *
 * | | path | hashAlgo | hash |
 * | --- | --- | --- | --- |
 * | InputAddressed | store path | | |
 * | CAFixed | store path | method and algorithm | base16 digest |
 * | CAFloating | | method and algorithm | |
 * | Deferred | | | |
 * | Impure | | method and algorithm | `impure` |
 *
 * Source: serialization spec, DerivationOutput; the five cases are from the reference implementation.
 */
export type DerivationOutput =
  | InputAddressedOutput
  | CAFixedOutput
  | CAFloatingOutput
  | DeferredOutput
  | ImpureOutput

/** The three texts of a {@link DerivationOutput}; none for an empty text. */
export interface DerivationOutputTexts {
  readonly path: Option<StorePath>
  readonly hashAlgo: Option<ContentAddressMethodWithAlgo>
  readonly hash: Option<DerivationOutputHash>
}

/**
 * The output that three texts stand for. The digest must be one of the algorithm, in base16, nix32 or base64. Without
 * an algorithm the hash is ignored, as in the reference implementation.
 *
 * ```ts
 * import { none, some } from 'fp-ts/lib/Option.js'
 * import { derivationOutputFromTexts } from 'nix-wire/types'
 *
 * derivationOutputFromTexts({ path: none, hashAlgo: some({ _tag: 'NixArchive', algorithm: 'sha256' }), hash: none })
 * // => { _tag: 'Right', right: { _tag: 'CAFloating', method: 'NixArchive', algorithm: 'sha256' } }
 * ```
 *
 * Left says what was expected: for a combination that is not one of the five cases, and for an invalid digest.
 */
export const derivationOutputFromTexts = (texts: DerivationOutputTexts): Either<string, DerivationOutput> => {
  const { path, hashAlgo, hash } = texts
  if (!isSome(hashAlgo)) {
    return right(isSome(path) ? { _tag: 'InputAddressed', path: path.value } : { _tag: 'Deferred' })
  }
  const { _tag: method, algorithm } = hashAlgo.value
  if (!isSome(hash) || hash.value === impure) {
    const _tag = isSome(hash) ? 'Impure' : 'CAFloating'
    return isSome(path)
      ? left(`expected no path in ${isSome(hash) ? 'an impure' : 'a floating content-addressed'} output`)
      : right({ _tag, method, algorithm })
  }
  if (!isSome(path)) return left('expected the path of a fixed content-addressed output')
  return pipe(
    readDigest(algorithm, hash.value),
    bimap(showTextIssue, (digest) => ({ _tag: 'CAFixed', path: path.value, method, algorithm, digest })),
  )
}

/**
 * For generators: the nearest three texts that are an output, from any three. A hash becomes a digest of the algorithm.
 */
export const nearestOutputTexts = ({
  path,
  hashAlgo,
  hash,
}: DerivationOutputTexts): DerivationOutputTexts => {
  if (!isSome(hashAlgo)) {
    return { path, hashAlgo, hash: none }
  }
  if (!isSome(hash) || hash.value === impure) {
    return { path: none, hashAlgo, hash }
  }
  if (!isSome(path)) {
    return { path, hashAlgo: none, hash: none }
  }
  const text = hash.value
  const bytes = Uint8Array.from({ length: digestSize[hashAlgo.value.algorithm] }, (_, i) =>
    text.charCodeAt(i % text.length),
  )
  return { path, hashAlgo, hash: some(hashText(toBase16(bytes))) }
}

/**
 * The three texts of an output, with the digest in base16.
 *
 * Left if the digest is invalid (its brand came from a cast).
 */
export const derivationOutputToTexts = (output: DerivationOutput): Either<string, DerivationOutputTexts> => {
  switch (output._tag) {
    case 'InputAddressed':
      return right({ path: some(output.path), hashAlgo: none, hash: none })
    case 'CAFixed': {
      const read = readDigest(output.algorithm, output.digest)
      return read._tag === 'Right' && read.right === output.digest
        ? right({
            path: some(output.path),
            hashAlgo: hashAlgoOf(output),
            hash: some(hashText(output.digest)),
          })
        : left(`expected a ${output.algorithm} digest in base16, got ${quoted(output.digest, longestName)}`)
    }
    case 'CAFloating':
      return right({ path: none, hashAlgo: hashAlgoOf(output), hash: none })
    case 'Deferred':
      return right({ path: none, hashAlgo: none, hash: none })
    case 'Impure':
      return right({ path: none, hashAlgo: hashAlgoOf(output), hash: some(hashText(impure)) })
  }
}

const hashText = (text: string): DerivationOutputHash => text as DerivationOutputHash

const hashAlgoOf = (output: {
  readonly method: ContentAddressMethod
  readonly algorithm: HashAlgorithm
}): Option<ContentAddressMethodWithAlgo> => some({ _tag: output.method, algorithm: output.algorithm })
