import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { FieldPath, IssueTag } from '../combinators/issue.js'
import type { Profile } from '../combinators/limits.js'
import type { Protocol } from '../combinators/protocol.js'
import type { Json } from '../interpreters/json/index.js'
import type { VectorFlag } from './flags.js'

/**
 * What a reader does with a message: it accepts a `valid` one and refuses an `invalid` one. What is `acceptable` the
 * compatible profile accepts and the canonical one refuses: no encoder writes it, and either answer can be right.
 */
export type VectorResult = 'valid' | 'acceptable' | 'invalid'

/** A message, and what is right for it. */
export interface Vector {
  /** Sixteen hexadecimal digits that follow from type, protocol, rule and bytes: the same in every release that has it. */
  readonly id: string
  readonly type: string
  /** What both peers agreed on, as far as the type asks for it. */
  readonly protocol: Partial<Protocol>
  readonly bytes: Uint8Array
  readonly result: VectorResult
  /** The first profile that refuses it; null for a valid one. */
  readonly profile: Profile | null
  /** What is special about a valid message, or the rule that another one breaks, with its place: `narSize: 0`. */
  readonly rule: string
  /** What a reader says that refuses it. */
  readonly issue: { readonly tag: IssueTag; readonly offset: number; readonly path: FieldPath } | null
  /** What it means, as JSON; undefined where it is invalid. */
  readonly value: Json | undefined
  /** What an encoder writes for that value; null where it is invalid, or what was read cannot be written. */
  readonly canonical: Uint8Array | null
  /** The classes of mistakes that it shows. */
  readonly flags: ReadonlyArray<VectorFlag>
  /** The valid vector, by its id, that it was made of by breaking the rule; null for a valid one. */
  readonly source: string | null
}

/** The first 64 bits of a hash: of a hundred thousand vectors two have one id in none of ten million releases. */
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
