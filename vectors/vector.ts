import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { FieldPath, IssueTag } from '../combinators/issue.js'
import type { Profile } from '../combinators/limits.js'
import type { Protocol } from '../combinators/protocol.js'
import type { Json } from '../interpreters/json/index.js'
import type { VectorFlag } from './flags.js'

/**
 * The right answer of a decoder. It accepts a `valid` message and rejects an `invalid` one. An `acceptable` message
 * is one that no encoder writes: the compatible profile accepts it, the canonical profile rejects it, and either
 * answer can be right.
 */
export type VectorResult = 'valid' | 'acceptable' | 'invalid'

/** A message, and the right answer for it. */
export interface Vector {
  /** Sixteen hex digits, computed from type, protocol, rule and bytes. A vector has the same id in every release. */
  readonly id: string
  readonly type: string
  /** The protocol that both peers agreed on, as far as the type depends on it. */
  readonly protocol: Partial<Protocol>
  readonly bytes: Uint8Array
  readonly result: VectorResult
  /** `compatible` if both profiles reject it, `canonical` if only the canonical one does; null for a valid one. */
  readonly profile: Profile | null
  /** What is special about a valid message, or the rule that the message breaks, with its place: `narSize: 0`. */
  readonly rule: string
  /** The issue of a decoder that rejects it; null for a valid one. */
  readonly issue: { readonly tag: IssueTag; readonly offset: number; readonly path: FieldPath } | null
  /** Its value, as JSON; undefined if it is invalid. */
  readonly value: Json | undefined
  /** What an encoder writes for that value; null if the message is invalid, or if the value cannot be encoded. */
  readonly canonical: Uint8Array | null
  /** The classes of mistakes that it reveals. */
  readonly flags: ReadonlyArray<VectorFlag>
  /** The id of the valid vector that the rule was broken in; null for a valid one. */
  readonly source: string | null
}

/**
 * The first 64 bits of a hash: with a hundred thousand vectors, two ids are equal in less than one of ten million
 * releases.
 */
const digits = 16

/** The id of a vector. */
export const idOf = (
  type: string,
  { version, features, storeDir }: Partial<Protocol>,
  rule: string,
  bytes: Uint8Array,
): string => {
  const words = [type, version ?? null, features ?? null, storeDir ?? null, rule, bytesToHex(bytes)]
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(words)))).slice(0, digits)
}
