import { type Grammar, summarised, type TypeOf } from '../combinators/node.js'
import { literal } from '../combinators/primitives/fixed.js'
import { u64 } from '../combinators/primitives/int.js'
import { optional } from '../combinators/structures/optional.js'
import { setOf } from '../combinators/structures/sequence.js'
import { struct } from '../combinators/structures/struct.js'
import { under } from '../combinators/structures/under.js'
import { until } from '../combinators/structures/until.js'
import { OptContentAddress } from './content-address.js'
import { Bool64, Time } from './integers.js'
import { Nar } from './nar.js'
import { UInt64 } from './primitives.js'
import { sizedArchive } from './sized-archive.js'
import { BaseStorePath } from './store-paths.js'
import { NARHash, Signature } from './strings.js'

/** `NARIO2` and two zeros on the wire. */
export const narioMagic = 0x0000_324f_4952_414en

const NarioInfo_ = struct('NarioInfo', {
  path: BaseStorePath,
  info: struct('UnkeyedNarioInfo', {
    deriver: optional(BaseStorePath),
    narHash: NARHash,
    references: setOf(BaseStorePath),
    registrationTime: Time,
    narSize: UInt64,
    ultimate: Bool64,
    signatures: setOf(Signature),
    ca: OptContentAddress,
  }),
})

/**
 * The information before an archive in an export of version 2: a path info as in protocol 1.16, but with base names
 * for store paths.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { NarioInfo } from 'nix-wire/grammar'
 *
 * const wire = bytesOf(`
 *   2400000000000000 6731773768793371 6731773768793371 6731773768793371 6731773768793371
 *   2d666f6f00000000 0000000000000000 4000000000000000 3135653363353630 3839346362623237
 *   3038356366363562 3561326563623138 3438386339393934 3937663435333162 3639303761373538
 *   3163653664353237 0000000000000000 7f5b000000000000 3e88000000000000 0000000000000000
 *   0000000000000000 0000000000000000`)
 * const read = compile(NarioInfo).decode(wire)
 * read._tag === 'Right' && read.right.path // => 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo'
 * ```
 *
 * Versions: the same form in all. Issues: those of its fields. Source: Determinate Nix 3.22.
 */
export const NarioInfo: Grammar<NarioInfo> = summarised(
  'a path info with base names for store paths',
  under({ version: '1.16', features: [] }, NarioInfo_),
)
export interface NarioInfo extends TypeOf<typeof NarioInfo_> {}

const NarioPath_ = struct('NarioPath', { info: NarioInfo, nar: Nar })

/**
 * One path of {@link Nario}. The archive finds its own end; its size must then be `narSize`.
 *
 * Versions: the same form in all. Issues: those of the fields, and `InvalidValue` for an archive of another size.
 * Source: Determinate Nix 3.22.
 */
export const NarioPath: Grammar<NarioPath> = summarised(
  'a path info and its archive, of `narSize` bytes',
  sizedArchive('NarioPath', NarioPath_),
)
export interface NarioPath extends TypeOf<typeof NarioPath_> {}

const Nario_ = struct('Nario', {
  magic: literal(u64, narioMagic),
  paths: until(u64, { next: 1n, end: 0n }, NarioPath),
})

/**
 * An export of version 2, as `nix nario export --format 2` of Determinate Nix writes it: the magic `NARIO2`, a 1
 * before each path, and a 0 after the last. A path comes after those it refers to. Unlike {@link ImportPaths} it has
 * signatures, and hash and size before the archive.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { Nario } from 'nix-wire/grammar'
 *
 * compile(Nario).encode({ paths: [] }) // => { _tag: 'Right', right: bytesOf('4e4152494f320000 0000000000000000') }
 * ```
 *
 * Versions: the same form in all. Issues: `UnexpectedValue` for another magic, `UnknownTag` for a mark other than 0
 * and 1, and those of {@link NarioPath}. Source: Determinate Nix 3.22.
 */
export const Nario: Grammar<Nario> = summarised(
  'store paths with their infos and archives, as Determinate Nix exports them',
  Nario_,
)
export interface Nario extends TypeOf<typeof Nario_> {}
