import { size } from '../combinators/primitives/int.js'
import { AddMultipleInfo } from '../grammar/add-multiple-to-store.js'
import type { ValidPathInfo } from '../grammar/path-info.js'
import type { Plans } from '../interpreters/compile/resumable.js'
import { IssueError } from './issue-error.js'
import type { ByteSource } from './nar/byte-source.js'
import type { NarEvent } from './nar/events.js'
import { toTheEnd } from './nar/pieces.js'
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

const grammar = 'AddMultipleToStore'

/** An event of AddMultipleToStore: first the number of paths, then for each path its info and its archive in pieces. */
export type AddMultipleEvent =
  | { readonly _tag: 'count'; readonly count: number }
  | { readonly _tag: 'info'; readonly info: ValidPathInfo }
  | { readonly _tag: 'nar'; readonly bytes: Uint8Array; readonly events: ReadonlyArray<NarEvent> }

/**
 * Reads the content of AddMultipleToStore's frames, of any size. The infos are in the form of protocol 1.16, whatever
 * was negotiated; of `protocol` only the store directory is used.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 * import { readAddMultiple } from 'nix-wire/stream'
 *
 * for await (const event of readAddMultiple([bytesOf('0000000000000000')])) {
 *   event // => { _tag: 'count', count: 0 }
 * }
 * ```
 *
 * Bytes after the last archive stay in a `ByteSource`; in any other source they are an issue (`TrailingBytes`). The
 * paths of issues begin with the index of the store path.
 *
 * @throws IssueError with `InvalidValue` if `narSize` is not the size of the archive, and with the issues of archives
 * and infos. (The reference implementation notices a wrong size only later, when the records no longer fit.)
 */
export const readAddMultiple = (
  source: Source | ByteSource,
  options: PackedPathOptions = {},
): AsyncGenerator<AddMultipleEvent, void> => {
  const plans = plansOf('readAddMultiple', options)
  expectSource(source)
  return toTheEnd(source, 'AddMultipleToStore', (bytes) => records(bytes, plans, options))
}

async function* records(
  source: ByteSource,
  plans: Plans,
  options: PackedPathOptions,
): AsyncGenerator<AddMultipleEvent, void> {
  const count = await readValue(source, plans, size, [])
  yield { _tag: 'count', count }
  for (let index = 0; index < count; index++) {
    const info = await readValue(source, plans, AddMultipleInfo, [index, 'info'])
    yield { _tag: 'info', info }
    const check = new SizeCheck(grammar, info, source.offset, [index, 'info', 'info', 'narSize'])
    for await (const piece of readArchive(source, options.narLimits, [index, 'nar'])) {
      check.add(piece.bytes.length)
      yield { _tag: 'nar', ...piece }
    }
    check.end()
  }
}

/** A path to add: its info, and its archive as bytes (of `pack`, `narBytes`, a file). */
export interface PathToAdd {
  readonly info: ValidPathInfo
  readonly nar: Source
}

/**
 * Writes the content of AddMultipleToStore's frames. The number of paths comes first on the wire, so it must be
 * known. Each archive is passed on as it comes, and checked against the rules of archives and its `narSize`. A path
 * must come after those it refers to.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 * import { writeAddMultiple } from 'nix-wire/stream'
 *
 * for await (const chunk of writeAddMultiple(0, [])) {
 *   chunk // => bytesOf('0000000000000000')
 * }
 * ```
 *
 * @throws IssueError with `InvalidValue` for an archive of another size than its `narSize`, with `Unrepresentable`
 * for another number of paths than `count`, and with the issues of archives and infos.
 */
export const writeAddMultiple = (
  count: number,
  given: AsyncIterable<PathToAdd> | Iterable<PathToAdd>,
  options: PackedPathOptions = {},
): AsyncGenerator<Uint8Array, void> => {
  const plans = plansOf('writeAddMultiple', options)
  expectIterable('the paths of writeAddMultiple', given)
  return writtenRecords(count, given, plans, options)
}

async function* writtenRecords(
  count: number,
  given: AsyncIterable<PathToAdd> | Iterable<PathToAdd>,
  plans: Plans,
  options: PackedPathOptions,
): AsyncGenerator<Uint8Array, void> {
  yield bytesOfValue(plans, size, count, [])
  let index = 0
  let offset = 8
  for await (const { info, nar } of given) {
    if (index === count) {
      refuseCount(count, 'one more', offset)
    }
    const head = bytesOfValue(plans, AddMultipleInfo, info, [index, 'info'])
    yield head
    offset += head.length
    const check = new SizeCheck(grammar, info, offset, [index, 'info', 'info', 'narSize'])
    for await (const chunk of passArchive(nar, options.narLimits, [index, 'nar'])) {
      check.add(chunk.length)
      yield chunk
    }
    check.end()
    offset = check.offset
    index++
  }
  if (index < count) {
    refuseCount(count, `${index} paths`, offset)
  }
}

const refuseCount = (count: number, actual: string, offset: number): never => {
  const expected = `${count} paths, as announced`
  throw new IssueError({ _tag: 'Unrepresentable', offset, path: [], expected, actual, grammar })
}
