import { u64 } from '../combinators/primitives/int.js'
import { ExportInfo } from '../grammar/export.js'
import { NarioInfo, narioMagic } from '../grammar/nario.js'
import type { ValidPathInfo } from '../grammar/path-info.js'
import type { Plans } from '../interpreters/compile/resumable.js'
import { agreedOf } from './agreed.js'
import { IssueError } from './issue-error.js'
import type { ByteSource } from './nar/byte-source.js'
import type { NarEvent } from './nar/events.js'
import { toTheEnd } from './nar/pieces.js'
import { wholePaths } from './nario.js'
import {
  bytesOfValue,
  type PackedPathOptions,
  passArchive,
  plansOf,
  readArchive,
  readValue,
} from './packed-path.js'
import { SizeCheck } from './size-check.js'
import { expectIterable, expectSource, type Source } from './source.js'

/**
 * An event of an export: for each path its archive in one or more pieces, then its information. `narSize` is the
 * counted size of the archive, which version 1 does not send. In version 2 the path info comes first.
 */
export type ExportEvent =
  | { readonly _tag: 'pathInfo'; readonly info: ValidPathInfo }
  | { readonly _tag: 'nar'; readonly bytes: Uint8Array; readonly events: ReadonlyArray<NarEvent> }
  | { readonly _tag: 'info'; readonly info: ExportInfo; readonly narSize: number }

/**
 * Reads an export of any size, as `nix-store --export` writes it (version 1), or `nix nario export --format 2` of
 * Determinate Nix (version 2); the first eight bytes distinguish them. `bytes` is a piece of an archive as it came,
 * for a hash or a file; `events` are the NAR events of these bytes.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 * import { readExport } from 'nix-wire/stream'
 *
 * for await (const event of readExport([bytesOf('0000000000000000')])) {
 *   console.log(event) // an export without paths has no events
 * }
 * ```
 *
 * Bytes after the end stay in a `ByteSource`; in any other source they are an issue (`TrailingBytes`). The paths of
 * issues begin with the index of the store path.
 *
 * @throws IssueError with `UnknownTag` for a mark other than 0 and 1, with the issues of the archive, `ExportInfo`
 * and `NarioInfo`, and with `InvalidValue` if `narSize` of version 2 is not the size of the archive. Its `narHash` is
 * not checked.
 */
export const readExport = (
  source: Source | ByteSource,
  options: PackedPathOptions = {},
): AsyncGenerator<ExportEvent, void> => {
  const plans = plansOf('readExport', options)
  expectSource(source)
  return toTheEnd(source, 'the export', (bytes) => paths(bytes, plans, options))
}

async function* paths(
  source: ByteSource,
  plans: Plans,
  options: PackedPathOptions,
): AsyncGenerator<ExportEvent, void> {
  const { offset } = source
  const first = await readValue(source, plans, u64, [0])
  if (first === narioMagic) {
    yield* narioPaths(source, plans, options)
    return
  }
  const expected = '1 (one more path), 0 (the end) or "NARIO2" (version 2)'
  let isNext = first === 1n || expectEnd('ImportPaths', first, 0, offset, expected)
  for (let index = 0; isNext; index++) {
    const start = source.offset
    for await (const piece of readArchive(source, options.narLimits, [index, 'nar'])) {
      yield { _tag: 'nar', ...piece }
    }
    const narSize = source.offset - start
    yield { _tag: 'info', info: await readValue(source, plans, ExportInfo, [index]), narSize }
    isNext = await hasNext(source, plans, 'ImportPaths', index + 1)
  }
}

async function* narioPaths(
  source: ByteSource,
  plans: Plans,
  options: PackedPathOptions,
): AsyncGenerator<ExportEvent, void> {
  for (let index = 0; await hasNext(source, plans, 'Nario', index); index++) {
    const short = await readValue(source, plans, NarioInfo, [index, 'info'])
    const { path, info } = wholePaths(short, agreedOf(plans).storeDir)
    yield { _tag: 'pathInfo', info: { path, info } }
    const start = source.offset
    const check = new SizeCheck('Nario', short, start, [index, 'info', 'info', 'narSize'])
    for await (const piece of readArchive(source, options.narLimits, [index, 'nar'])) {
      check.add(piece.bytes.length)
      yield { _tag: 'nar', ...piece }
    }
    check.end()
    const { references, deriver } = info
    yield { _tag: 'info', info: { path, references, deriver }, narSize: source.offset - start }
  }
}

const hasNext = async (
  source: ByteSource,
  plans: Plans,
  grammar: string,
  index: number,
): Promise<boolean> => {
  const { offset } = source
  const mark = await readValue(source, plans, u64, [index])
  return mark === 1n || expectEnd(grammar, mark, index, offset, '1 (one more path) or 0 (the end)')
}

/** False for the end mark, which is the only other one. */
const expectEnd = (grammar: string, mark: bigint, index: number, offset: number, expected: string): false => {
  if (mark !== 0n) {
    const actual = String(mark)
    throw new IssueError({ _tag: 'UnknownTag', offset, path: [index], expected, actual, grammar })
  }
  return false
}

/** A path to export in version 1: its archive as bytes (of `pack`, `narBytes`, a file), and its information. */
export interface PathToExport {
  readonly nar: Source
  readonly info: ExportInfo
}

/**
 * Writes an export of version 1, as `nix-store --import` reads it; {@link writeNario} writes version 2. Each archive
 * is passed on as it comes, and checked against the rules of archives. A path must come after those it refers to.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 * import { writeExport } from 'nix-wire/stream'
 *
 * for await (const chunk of writeExport([])) {
 *   chunk // => bytesOf('0000000000000000')
 * }
 * ```
 *
 * @throws IssueError for an archive that breaks a rule or has bytes after it, and for a value that cannot be written.
 * The bytes written before are then an incomplete export.
 */
export const writeExport = (
  given: AsyncIterable<PathToExport> | Iterable<PathToExport>,
  options: PackedPathOptions = {},
): AsyncGenerator<Uint8Array, void> => {
  const plans = plansOf('writeExport', options)
  expectIterable('the paths of writeExport', given)
  return writtenPaths(given, plans, options)
}

async function* writtenPaths(
  given: AsyncIterable<PathToExport> | Iterable<PathToExport>,
  plans: Plans,
  options: PackedPathOptions,
): AsyncGenerator<Uint8Array, void> {
  let index = 0
  for await (const { nar, info } of given) {
    yield bytesOfValue(plans, u64, 1n, [index])
    yield* passArchive(nar, options.narLimits, [index, 'nar'])
    yield bytesOfValue(plans, ExportInfo, info, [index])
    index++
  }
  yield bytesOfValue(plans, u64, 0n, [index])
}
