import { none, type Option } from 'fp-ts/lib/Option.js'
import { type Grammar, named, summarised, type TypeOf } from '../combinators/node.js'
import { literal } from '../combinators/primitives/fixed.js'
import { u32, u64 } from '../combinators/primitives/int.js'
import { optionalByOpenTag } from '../combinators/structures/optional.js'
import { setOf } from '../combinators/structures/sequence.js'
import { struct } from '../combinators/structures/struct.js'
import { until } from '../combinators/structures/until.js'
import { Nar } from './nar.js'
import { OptStorePath, StorePath } from './store-paths.js'
import { Text } from './strings.js'

/** `NIXE` on the wire, after an exported archive. */
const exportMagic = 0x4558494e

/** In old versions a signature: 1 and a text. Any other number means none. */
const LegacySignature: Grammar<Option<string> | number> = optionalByOpenTag(u32, Text)

const trailer = {
  magic: literal(u32, exportMagic),
  path: StorePath,
  references: setOf(StorePath),
  deriver: OptStorePath,
  legacySignature: literal(LegacySignature, none, { ignored: true }),
} as const

const ExportInfo_ = struct('ExportInfo', trailer)

/**
 * The information after the archive in an export: its path, and its references.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { ExportInfo } from 'nix-wire/grammar'
 *
 * const wrong = compile(ExportInfo).decode(bytesOf('4558494e00000000'))
 * wrong._tag === 'Left' && [wrong.left._tag, wrong.left.path] // => ['UnexpectedValue', ['magic']]
 * ```
 *
 * Versions: all. Issues: `UnexpectedValue` for another magic, and those of the fields. Source: serialization, Export
 * path format, whose magic `0x4558494es` has a letter too many.
 */
export const ExportInfo: Grammar<ExportInfo> = summarised(
  'the information after an exported NAR',
  ExportInfo_,
)
export interface ExportInfo extends TypeOf<typeof ExportInfo_> {}

const ExportPath_ = struct('ExportPath', { nar: Nar, ...trailer })

/**
 * A store path with its archive: {@link Nar}, then {@link ExportInfo}. Hash and size are not in it; they can be
 * computed from the archive.
 *
 * The last field is 0. It was once the mark of a signature: after a 1 comes a text, which is skipped; any other
 * number counts as 0. The canonical profile accepts only 0.
 *
 * Versions: all. Issues: those of the two. Source: serialization, Export path format, which has the signature as a
 * field.
 */
export const ExportPath: Grammar<ExportPath> = summarised('a store path with its archive', ExportPath_)
export interface ExportPath extends TypeOf<typeof ExportPath_> {}

/**
 * The output of `nix-store --export`: a 1 before each path, and a 0 after the last. A path comes after those it
 * refers to.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { ImportPaths } from 'nix-wire/grammar'
 *
 * compile(ImportPaths).encode([]) // => { _tag: 'Right', right: bytesOf('0000000000000000') }
 * compile(ImportPaths).decode(bytesOf('0200000000000000'))._tag // => 'Left'
 * ```
 *
 * Versions: all. Issues: `UnknownTag` for a mark other than 0 and 1, and those of {@link ExportPath}. Source:
 * serialization, Import paths format.
 */
export const ImportPaths: Grammar<ReadonlyArray<ExportPath>> = summarised(
  'store paths with their archives, as `nix-store --export` writes them',
  named('ImportPaths', until(u64, { next: 1n, end: 0n }, ExportPath)),
)
