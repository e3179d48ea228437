import { type Grammar, named, summarised } from '../combinators/node.js'
import { literal } from '../combinators/primitives/fixed.js'
import { setOf } from '../combinators/structures/sequence.js'
import { struct } from '../combinators/structures/struct.js'
import type { ProtocolVersion as Version } from '../combinators/version.js'
import { since } from '../types/nix-gates.js'
import { versioned } from './gated.js'
import { Int, ProtocolVersion } from './integers.js'
import { Text } from './strings.js'

/** @internal The first word of a client: clients up to Nix 2.22 then wait for the answer to it. */
export const ClientMagic = struct('ClientMagic', { magic: literal(Int, 0x6e697863) })

/**
 * The first message of a client; `docs/handshake.md` has the following steps. Everything after the two hellos is read
 * under the lower of the two versions (`acceptServer`, `acceptClient`), and everything from the CPU flag on with the
 * features that both sides named (`negotiateFeatures`). If a version lacks a step, its grammar takes no bytes.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { ClientHello } from 'nix-wire/grammar'
 *
 * compile(ClientHello).encode({ version: '1.38' })
 * // => { _tag: 'Right', right: bytesOf('6378696e00000000 2601000000000000') }
 * ```
 *
 * The two integers are the magic 0x6e697863 (`cxin` in the bytes), and the newest version that the client speaks.
 * Versions: all. Issues: `UnexpectedValue` for another magic, those of ProtocolVersion. Source: handshake.
 */
export const ClientHello: Grammar<ClientHello> = summarised(
  'the first message of a client',
  struct('ClientHello', { ...ClientMagic.fields, version: ProtocolVersion }),
)
export interface ClientHello {
  readonly version: Version
}

/**
 * The first message of a daemon: the magic 0x6478696f (`oixd` in the bytes), and the newest version that it speaks.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { ServerHello } from 'nix-wire/grammar'
 *
 * compile(ServerHello).decode(bytesOf('6f69786400000000 2201000000000000'))
 * // => { _tag: 'Right', right: { version: '1.34' } }
 * ```
 *
 * Versions: all. Issues: `UnexpectedValue` for another magic, those of ProtocolVersion. Source: handshake.
 */
export const ServerHello: Grammar<ServerHello> = summarised(
  'the first message of a daemon',
  struct('ServerHello', { magic: literal(Int, 0x6478696f), version: ProtocolVersion }),
)
export interface ServerHello {
  readonly version: Version
}

/**
 * The names of a side's features, in ascending order. The client sends its list first, then the daemon. Below 1.38 it
 * takes no bytes, and the list is empty.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { FeatureList } from 'nix-wire/grammar'
 *
 * compile(FeatureList).decode(bytesOf(`
 *   0100000000000000 1300000000000000 64697361626c652d 7365742d6f707469 6f6e730000000000`))
 * // => { _tag: 'Right', right: ['disable-set-options'] }
 * compile(FeatureList, { version: '1.37' }).decode(new Uint8Array(0)) // => { _tag: 'Right', right: [] }
 * ```
 *
 * Versions: 1.38 and above. Issues: those of Text, `LimitExceeded`; encoding: `Unrepresentable` for a feature below
 * 1.38. Source: the reference implementation; the specification has no features.
 */
export const FeatureList: Grammar<ReadonlyArray<string>> = summarised(
  'the features of a side',
  named('FeatureList', versioned(since('1.38'), setOf(Text), [])),
)

/**
 * Whether the client wants the daemon to stay on one processor. It is obsolete, and written as 0.
 *
 * A daemon must accept any number. If it is not 0, a {@link CpuAffinity} follows. Clients of Nix 2.23 depend on that:
 * they send their version twice, so that the second one is read here, and their real flag as the {@link CpuAffinity}.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { CpuAffinity, CpuAffinityFlag, ReserveSpace } from 'nix-wire/grammar'
 *
 * // What a client of Nix 2.23 sends behind its hello.
 * const bytes = bytesOf('2501000000000000 0000000000000000 0000000000000000')
 * compile(CpuAffinityFlag, { version: '1.37' }).decodeAt(bytes, 0) // => { _tag: 'Right', right: { value: 293, next: 8 } }
 * compile(CpuAffinity, { version: '1.37' }).decodeAt(bytes, 8) // => { _tag: 'Right', right: { value: 0, next: 16 } }
 * compile(ReserveSpace, { version: '1.37' }).decodeAt(bytes, 16) // => { _tag: 'Right', right: { value: 0, next: 24 } }
 * ```
 *
 * Versions: 1.14 and above; below it no bytes, and 0. Issues: those of Int. Source: handshake.
 */
export const CpuAffinityFlag: Grammar<number> = summarised(
  'whether a processor number follows (obsolete)',
  named('CpuAffinityFlag', versioned(since('1.14'), Int, 0)),
)

/**
 * The processor that the daemon should stay on. It is sent only after a {@link CpuAffinityFlag} that is not 0, and
 * ignored.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { CpuAffinity } from 'nix-wire/grammar'
 *
 * compile(CpuAffinity).decode(bytesOf('0300000000000000')) // => { _tag: 'Right', right: 3 }
 * ```
 *
 * Versions: 1.14 and above. Issues: those of Int. Source: handshake.
 */
export const CpuAffinity: Grammar<number> = summarised(
  'a processor number (obsolete)',
  named('CpuAffinity', Int),
)

/**
 * Whether the daemon should reserve disk space. It is obsolete: written as 0 and ignored.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { ReserveSpace } from 'nix-wire/grammar'
 *
 * compile(ReserveSpace).decode(bytesOf('0000000000000000')) // => { _tag: 'Right', right: 0 }
 * compile(ReserveSpace, { version: '1.10' }).decode(new Uint8Array(0)) // => { _tag: 'Right', right: 0 }
 * ```
 *
 * Versions: 1.11 and above; below it no bytes, and 0. Issues: those of Int. Source: handshake.
 */
export const ReserveSpace: Grammar<number> = summarised(
  'whether to keep space in reserve (obsolete)',
  named('ReserveSpace', versioned(since('1.11'), Int, 0)),
)
