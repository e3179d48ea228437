import { type Grammar, named, summarised, type TypeOf } from '../combinators/node.js'
import { listOf } from '../combinators/structures/sequence.js'
import { struct } from '../combinators/structures/struct.js'
import { under } from '../combinators/structures/under.js'
import { Nar } from './nar.js'
import { ValidPathInfo } from './path-info.js'
import { sizedArchive } from './sized-archive.js'

/**
 * A path info as AddMultipleToStore has it: as protocol 1.16 writes it, without features, whatever was negotiated.
 *
 * Versions: all alike. Issues: those of {@link ValidPathInfo}. Source: serialization, AddMultipleToStore format,
 * which does not say so.
 */
export const AddMultipleInfo: Grammar<ValidPathInfo> = summarised(
  'a store path and what the store knows of it, as protocol 1.16 has it',
  under({ version: '1.16', features: [] }, ValidPathInfo),
)

const AddMultipleItem_ = struct('AddMultipleItem', { info: AddMultipleInfo, nar: Nar })

export interface AddMultipleItem extends TypeOf<typeof AddMultipleItem_> {}

/**
 * One path of {@link AddMultipleToStore}. The archive ends where it ends, and must then have had `narSize` bytes.
 *
 * Versions: all alike. Issues: those of the fields, and `InvalidValue` for an archive of another size. Source:
 * serialization, AddMultipleToStore format.
 */
export const AddMultipleItem: Grammar<AddMultipleItem> = summarised(
  'a path info and its archive, of `narSize` bytes',
  sizedArchive('AddMultipleItem', AddMultipleItem_),
)

/**
 * What AddMultipleToStore sends in frames: how many paths, then each path info and its archive. A path stands behind
 * those it refers to.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { AddMultipleToStore } from 'nix-wire/grammar'
 *
 * compile(AddMultipleToStore).decode(bytesOf('0000000000000000')) // => { _tag: 'Right', right: [] }
 * ```
 *
 * The archive ends where it ends, and `narSize` is compared then. The reference implementation cuts nothing by it
 * either: it takes the bytes after a shorter archive, up to that size, for a part of it, and reports a longer one when
 * it has been read. This form holds all archives in memory; for archives of any size see `nix-wire/stream`.
 *
 * Versions: since 1.32. Issues: `LimitExceeded` for more paths than the collection limit, and those of the paths.
 * Source: serialization, AddMultipleToStore format.
 */
export const AddMultipleToStore: Grammar<ReadonlyArray<AddMultipleItem>> = summarised(
  'path infos and their archives',
  named('AddMultipleToStore', listOf(AddMultipleItem)),
)
