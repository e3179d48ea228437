import { map } from 'fp-ts/lib/Option.js'
import { u64 } from '../combinators/primitives/int.js'
import { NarioInfo, narioMagic } from '../grammar/nario.js'
import type { ValidPathInfo } from '../grammar/path-info.js'
import { StorePath as StorePathGrammar } from '../grammar/store-paths.js'
import type { Plans } from '../interpreters/compile/resumable.js'
import { baseStorePathOf, type StorePath, storePathIn } from '../types/index.js'
import type { PathToAdd } from './add-multiple-to-store.js'
import { bytesOfValue, type PackedPathOptions, passArchive, plansOf } from './packed-path.js'
import { SizeCheck } from './size-check.js'
import { expectIterable } from './source.js'

/** @internal A path info in an export of version 2, with whole paths in place of base names. */
export const wholePaths = ({ path, info }: NarioInfo, storeDir: string): ValidPathInfo => {
  const { deriver, references } = info
  const whole = (base: NarioInfo['path']): StorePath => storePathIn(storeDir, base)
  return {
    path: whole(path),
    info: { ...info, deriver: map(whole)(deriver), references: references.map(whole) },
  }
}

/**
 * Writes an export of version 2, as `nix nario import` of Determinate Nix reads it. Each archive is passed on as it
 * comes, and checked against the rules of archives and its `narSize`. A path must come after those it refers to.
 *
 * ```ts
 * import { writeNario } from 'nix-wire/stream'
 *
 * const chunks: Array<string> = []
 * for await (const chunk of writeNario([])) {
 *   chunks.push(Buffer.from(chunk).toString('hex'))
 * }
 * chunks // => ['4e4152494f320000', '0000000000000000']
 * ```
 *
 * @throws IssueError for an archive that breaks a rule, has bytes after it or another size than its `narSize`, and
 * for a value that cannot be written, such as a path in another store directory. The bytes written before are then an
 * incomplete export.
 */
export const writeNario = (
  given: AsyncIterable<PathToAdd> | Iterable<PathToAdd>,
  options: PackedPathOptions = {},
): AsyncGenerator<Uint8Array, void> => {
  const plans = plansOf('writeNario', options)
  expectIterable('the paths of writeNario', given)
  return writtenPaths(given, plans, options)
}

async function* writtenPaths(
  given: AsyncIterable<PathToAdd> | Iterable<PathToAdd>,
  plans: Plans,
  options: PackedPathOptions,
): AsyncGenerator<Uint8Array, void> {
  yield bytesOfValue(plans, u64, narioMagic, [])
  let offset = 8
  let index = 0
  for await (const { nar, info } of given) {
    yield bytesOfValue(plans, u64, 1n, [index])
    const head = bytesOfValue(plans, NarioInfo, basePaths(info, plans, index), [index, 'info'])
    yield head
    offset += 8 + head.length
    const check = new SizeCheck('Nario', info, offset, [index, 'info', 'info', 'narSize'])
    for await (const chunk of passArchive(nar, options.narLimits, [index, 'nar'])) {
      check.add(chunk.length)
      yield chunk
    }
    check.end()
    offset = check.offset
    index++
  }
  yield bytesOfValue(plans, u64, 0n, [index])
}

/** The same with base names, each of which must be that of a path in the store directory. */
const basePaths = ({ path, info }: ValidPathInfo, plans: Plans, index: number): NarioInfo => {
  const base = (whole: StorePath, ...at: ReadonlyArray<string | number>): NarioInfo['path'] => {
    bytesOfValue(plans, StorePathGrammar, whole, [index, 'info', ...at])
    return baseStorePathOf(whole)
  }
  return {
    path: base(path, 'path'),
    info: {
      ...info,
      deriver: map((deriver: StorePath) => base(deriver, 'info', 'deriver'))(info.deriver),
      references: info.references.map((reference, i) => base(reference, 'info', 'references', i)),
    },
  }
}
