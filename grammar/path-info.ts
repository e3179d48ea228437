import { none } from 'fp-ts/lib/Option.js'
import { type Grammar, summarised, type TypeOf } from '../combinators/node.js'
import { setOf } from '../combinators/structures/sequence.js'
import { struct } from '../combinators/structures/struct.js'
import { since } from '../types/nix-gates.js'
import { OptContentAddress } from './content-address.js'
import { versioned } from './gated.js'
import { Bool64, Time } from './integers.js'
import { UInt64 } from './primitives.js'
import { OptStorePath, StorePath } from './store-paths.js'
import { NARHash, Signature } from './strings.js'

const SubstitutablePathInfo_ = struct('SubstitutablePathInfo', {
  deriver: OptStorePath,
  references: setOf(StorePath),
  downloadSize: UInt64,
  narSize: versioned(since('1.7'), UInt64, 0n),
})

/**
 * A substituter's information about a path. Both sizes are in bytes; 0 is unknown.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { SubstitutablePathInfo } from 'nix-wire/grammar'
 * import { option as O } from 'fp-ts'
 *
 * compile(SubstitutablePathInfo).decode(bytesOf(`
 *   0000000000000000 0000000000000000 2a00000000000000 0700000000000000`))
 * // => { _tag: 'Right', right: { deriver: O.none, references: [], downloadSize: 42n, narSize: 7n } }
 * ```
 *
 * Versions: all; `narSize` since 1.7. Issues: those of its fields. Source: serialization, SubstitutablePathInfo.
 */
export const SubstitutablePathInfo: Grammar<SubstitutablePathInfo> = summarised(
  'the info of a substituter about a store path',
  SubstitutablePathInfo_,
)
export interface SubstitutablePathInfo extends TypeOf<typeof SubstitutablePathInfo_> {}

const UnkeyedValidPathInfo_ = struct('UnkeyedValidPathInfo', {
  deriver: OptStorePath,
  narHash: NARHash,
  references: setOf(StorePath),
  registrationTime: Time,
  narSize: UInt64,
  ultimate: versioned(since('1.16'), Bool64, false),
  signatures: versioned(since('1.16'), setOf(Signature), []),
  ca: versioned(since('1.16'), OptContentAddress, none),
})

/**
 * A path info without its path. `registrationTime` is in seconds since 1970, `narSize` in bytes (0 is unknown).
 * `references` includes the path itself if it refers to itself.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { UnkeyedValidPathInfo } from 'nix-wire/grammar'
 * import { option as O } from 'fp-ts'
 *
 * const wire = bytesOf(`
 *   0000000000000000 4000000000000000 3135653363353630 3839346362623237
 *   3038356366363562 3561326563623138 3438386339393934 3937663435333162
 *   3639303761373538 3163653664353237 0100000000000000 2f00000000000000
 *   2f6e69782f73746f 72652f6731773768 7933716731773768 7933716731773768
 *   7933716731773768 7933712d666f6f00 7f5b000000000000 3e88000000000000
 *   0100000000000000 0000000000000000 0000000000000000`)
 * compile(UnkeyedValidPathInfo).decode(wire)
 * // => {
 * //   _tag: 'Right',
 * //   right: {
 * //     deriver: O.none,
 * //     narHash: '15e3c560894cbb27085cf65b5a2ecb18488c999497f4531b6907a7581ce6d527',
 * //     references: ['/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo'],
 * //     registrationTime: 23423n,
 * //     narSize: 34878n,
 * //     ultimate: true,
 * //     signatures: [],
 * //     ca: O.none,
 * //   },
 * // }
 * ```
 *
 * Versions: all; the last three fields since 1.16. Issues: those of its fields; encoding: below 1.16
 * `Unrepresentable` for one of these three if it differs from its default. Source: serialization,
 * UnkeyedValidPathInfo.
 */
export const UnkeyedValidPathInfo: Grammar<UnkeyedValidPathInfo> = summarised(
  'the info of a path',
  UnkeyedValidPathInfo_,
)
export interface UnkeyedValidPathInfo extends TypeOf<typeof UnkeyedValidPathInfo_> {}

const ValidPathInfo_ = struct('ValidPathInfo', { path: StorePath, info: UnkeyedValidPathInfo })

/**
 * A path info: a store path, and what the store knows about it.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { ValidPathInfo } from 'nix-wire/grammar'
 *
 * const wire = bytesOf(`
 *   2f00000000000000 2f6e69782f73746f 72652f6731773768 7933716731773768
 *   7933716731773768 7933716731773768 7933712d666f6f00 0000000000000000
 *   4000000000000000 3135653363353630 3839346362623237 3038356366363562
 *   3561326563623138 3438386339393934 3937663435333162 3639303761373538
 *   3163653664353237 0000000000000000 7f5b000000000000 3e88000000000000`)
 * const read = compile(ValidPathInfo, { version: '1.15' }).decode(wire)
 * read._tag === 'Right' && [read.right.path, read.right.info.narSize] // => ['/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo', 34878n]
 * ```
 *
 * Versions: all. Issues: those of its fields. Source: serialization, ValidPathInfo.
 */
export const ValidPathInfo: Grammar<ValidPathInfo> = summarised('a store path with its info', ValidPathInfo_)
export interface ValidPathInfo extends TypeOf<typeof ValidPathInfo_> {}
