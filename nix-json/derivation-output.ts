import { sha256 } from '@noble/hashes/sha2.js'
import { type Either, left, mapLeft, right } from 'fp-ts/lib/Either.js'
import { isNone, isSome, type Option } from 'fp-ts/lib/Option.js'
import { showIssue } from '../combinators/issue.js'
import type { Protocol } from '../combinators/protocol.js'
import { contentAddressedPath, outputPathName } from '../store/store-path.js'
import {
  contentAddressOf,
  type DerivationOutput,
  DerivationOutputMethod,
  type Hash,
  type OutputName,
  parseHash,
} from '../types/index.js'
import { object, optional } from './members.js'
import { oneOf, text } from './parts.js'
import { method, storePathIn } from './texts.js'

/** The members of an output in JSON, in any version. */
export const outputMembers = (given: Protocol) =>
  object('DerivationOutput', {
    path: optional(storePathIn(given)),
    method: optional(method),
    // Up to Nix 2.17 it includes the prefix of the method: `r:sha256`.
    hashAlgo: optional(text),
    hash: optional(text),
    impure: optional(oneOf(true)),
  })

export type OutputMembers = ReturnType<typeof outputMembers>['_A']

/** The path of an output. */
interface Place {
  readonly derivation: string
  readonly output: OutputName
  readonly storeDir: string
}

type Addressed = Pick<Extract<DerivationOutput, { readonly _tag: 'CAFloating' }>, 'method' | 'algorithm'>

const methodAndAlgorithm = (
  way: OutputMembers['method'],
  hashAlgo: Option<string>,
): Either<string, Addressed | null> => {
  if (isNone(hashAlgo)) return right(null)
  const read = DerivationOutputMethod.make(hashAlgo.value)
  if (read._tag === 'Left') return left(`a hash algorithm (${read.left.expected})`)
  const { _tag, algorithm } = read.right
  return right({ method: isSome(way) ? way.value : _tag, algorithm })
}

/** The path of a fixed output follows from its hash. */
const fixed = (
  { path, method: way }: OutputMembers,
  addressed: Addressed | null,
  hash: Hash,
  { derivation, output, storeDir }: Place,
): Either<string, DerivationOutput> => {
  const ca = isSome(way) ? way.value : addressed?.method
  if (ca === undefined) return left('a member "method"')
  const name = outputPathName(derivation, output)
  const computed = isSome(path)
    ? right(path.value)
    : mapLeft(showIssue)(contentAddressedPath({ name, ca: contentAddressOf(ca, hash) }, { storeDir, sha256 }))
  return computed._tag === 'Left'
    ? computed
    : right({ _tag: 'CAFixed', path: computed.right, method: ca, ...hash })
}

/** Which of the five kinds of output has these members. */
export const outputOf = (members: OutputMembers, place: Place): Either<string, DerivationOutput> => {
  const { path, method: way, hashAlgo, hash, impure } = members
  const addressed = methodAndAlgorithm(way, hashAlgo)
  if (addressed._tag === 'Left') return addressed
  if (isSome(hash)) {
    const read = parseHash(hash.value, addressed.right?.algorithm)
    return read._tag === 'Left'
      ? left(`a hash: ${read.left.expected}`)
      : fixed(members, addressed.right, read.right, place)
  }
  if (addressed.right !== null) {
    return right({ _tag: isSome(impure) ? 'Impure' : 'CAFloating', ...addressed.right })
  }
  if (isSome(way)) return left('a member "hashAlgo" or "hash" beside "method"')
  return right(isSome(path) ? { _tag: 'InputAddressed', path: path.value } : { _tag: 'Deferred' })
}
