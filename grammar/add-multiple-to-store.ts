import { type Grammar, named, summarised, type TypeOf } from '../combinators/node.js'
import { listOf } from '../combinators/structures/sequence.js'
import { struct } from '../combinators/structures/struct.js'
import { under } from '../combinators/structures/under.js'
import { Nar } from './nar.js'
import { ValidPathInfo } from './path-info.js'
import { sizedArchive } from './sized-archive.js'

/**
 * A path info inside AddMultipleToStore: always in the form of protocol 1.16 without features, whatever was
 * negotiated.
 *
 * Versions: the same form in all. Issues: those of {@link ValidPathInfo}. Source: serialization, AddMultipleToStore
 * format, which does not mention the fixed form.
 */
export const AddMultipleInfo: Grammar<ValidPathInfo> = summarised(
  'a path info in the form of protocol 1.16',
  under({ version: '1.16', features: [] }, ValidPathInfo),
)

const AddMultipleItem_ = struct('AddMultipleItem', { info: AddMultipleInfo, nar: Nar })

export interface AddMultipleItem extends TypeOf<typeof AddMultipleItem_> {}

/**
 * One path of {@link AddMultipleToStore}. The archive finds its own end; its size must then be `narSize`.
 *
 * Versions: the same form in all. Issues: those of the fields, and `InvalidValue` for an archive of another size.
 * Source: serialization, AddMultipleToStore format.
 */
export const AddMultipleItem: Grammar<AddMultipleItem> = summarised(
  'a path info and its archive, of `narSize` bytes',
  sizedArchive('AddMultipleItem', AddMultipleItem_),
)

/**
 * The content of AddMultipleToStore's frames: the number of paths, then each path info and its archive. A path comes
 * after those it refers to.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { AddMultipleToStore } from 'nix-wire/grammar'
 *
 * compile(AddMultipleToStore).decode(bytesOf('0000000000000000')) // => { _tag: 'Right', right: [] }
 * ```
 *
 * Each archive finds its own end, and its size is then compared with `narSize`. The reference implementation does not
 * cut by `narSize` either: it takes the bytes after a shorter archive, up to that size, as part of it, and reports a
 * longer archive after reading it. All archives are held in memory; for archives of any size see `nix-wire/stream`.
 *
 * Versions: since 1.32. Issues: `LimitExceeded` for more paths than the collection limit, and those of the paths.
 * Source: serialization, AddMultipleToStore format.
 */
export const AddMultipleToStore: Grammar<ReadonlyArray<AddMultipleItem>> = summarised(
  'path infos and their archives',
  named('AddMultipleToStore', listOf(AddMultipleItem)),
)
