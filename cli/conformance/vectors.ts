import { join } from 'node:path'
import { joined } from '../../bytes/joined.js'
import { reachesEnd } from '../../combinators/ends.js'
import type { Protocol } from '../../combinators/protocol.js'
import { vectorReports } from '../../conformance/codecs/public-reports.js'
import { printJson } from '../../interpreters/json/index.js'
import { type VectorFlag, vectorFlags } from '../../vectors/flags.js'
import { listOfGroups } from '../../vectors/group.js'
import { printVectors } from '../../vectors/print.js'
import { vectorSchema } from '../../vectors/schema.js'
import type { Vector } from '../../vectors/vector.js'
import { progressLine } from '../fuzz/progress.js'
import type { ModuleOptions } from '../modules/own.js'
import { showName } from '../nar/show.js'
import { type Earlier, OutputFolder } from '../output-folder.js'
import { write } from '../terminal.js'
import { jsonText } from '../visible.js'
import { folderNames, protocolName, vectorName } from './file-names.js'
import { type NamedType, typesOf } from './types.js'
import { vectorsOfType } from './vectors-of-type.js'

/** The options of the command. */
export interface VectorsOptions extends ModuleOptions {
  readonly number?: number
  readonly files?: true
}

type Counts = { readonly [R in Vector['result']]: number }

/** The entry of a type in the manifest. */
interface Entry {
  readonly type: string
  readonly folder: string
  readonly groups: ReadonlyArray<{ readonly protocol: Partial<Protocol> } & Counts>
}

const earlierVectors: Earlier = { index: 'vectors.json', files: /\.(bin|json)$/ }

/** Writes the vectors of types, a manifest of all, and their schema. */
export const runVectors = async (
  dir: string,
  names: ReadonlyArray<string>,
  options: VectorsOptions,
): Promise<void> => {
  const types = await typesOf([...new Set(names)], options)
  const folders = folderNames(types.map(({ name }) => name))
  const entries: Array<Entry> = []
  const flags = new Map<VectorFlag, number>()
  const { draw, stop } = progressLine(() => `${entries.length} of ${types.length} types`)
  for (const type of types) {
    draw()
    const vectors = vectorsOfType(type, options)
    for (const flag of vectors.flatMap((each) => each.flags)) {
      flags.set(flag, (flags.get(flag) ?? 0) + 1)
    }
    const folder = folders.get(type.name)!
    await writeType(join(dir, folder), folder, type, vectors, options.files === true)
    entries.push(entryOf(type.name, folder, vectors))
  }
  stop()
  await OutputFolder.fill(dir, async (out) => {
    await out.write('vectors.schema.json', `${JSON.stringify(vectorSchema, null, 2)}\n`)
    await out.write('manifest.json', `${jsonText(manifestOf(entries, flags), 1)}\n`)
  })
  const all = totalOf(entries)
  await write(
    `${showName(dir)}: ${all.valid + all.acceptable + all.invalid} vectors of ${entries.length} types ` +
      `(${all.valid} valid, ${all.acceptable} acceptable, ${all.invalid} invalid)\n`,
  )
}

const writeType = (
  dir: string,
  folder: string,
  { name, grammar }: NamedType,
  vectors: ReadonlyArray<Vector>,
  areFiles: boolean,
): Promise<void> =>
  OutputFolder.fill(
    dir,
    async (out) => {
      await out.write('vectors.json', printVectors(name, vectors))
      for (const group of listOfGroups(vectors)) {
        const all = group.vectors.filter(({ result }) => result === 'valid')
        // A message that reads to the end cannot be followed by another.
        const valid = reachesEnd(grammar.node) ? all.slice(0, 1) : all
        const file = protocolName(folder, group.protocol)
        await out.write(`${file}.bin`, joined(valid.map(({ bytes }) => bytes)))
        await out.write(`${file}.json`, `[\n${valid.map(({ value }) => printJson(value!)).join(',\n')}\n]\n`)
      }
      for (const vector of areFiles ? vectors : []) {
        await out.write(`${vectorName(vector)}.bin`, vector.bytes)
        if (vector.value !== undefined) {
          await out.write(`${vectorName(vector)}.json`, `${printJson(vector.value)}\n`)
        }
      }
    },
    earlierVectors,
  )

const countsOf = (vectors: ReadonlyArray<Vector>): Counts => {
  const counts = { valid: 0, acceptable: 0, invalid: 0 }
  for (const { result } of vectors) {
    counts[result]++
  }
  return counts
}

const entryOf = (type: string, folder: string, vectors: ReadonlyArray<Vector>): Entry => ({
  type,
  folder,
  groups: listOfGroups(vectors).map(({ protocol, vectors: own }) => ({ protocol, ...countsOf(own) })),
})

const totalOf = (entries: ReadonlyArray<Entry>): Counts => {
  const total = { valid: 0, acceptable: 0, invalid: 0 }
  for (const { valid, acceptable, invalid } of entries.flatMap(({ groups }) => groups)) {
    total.valid += valid
    total.acceptable += acceptable
    total.invalid += invalid
  }
  return total
}

const manifestOf = (entries: ReadonlyArray<Entry>, flags: ReadonlyMap<VectorFlag, number>): object => ({
  format: 1,
  total: totalOf(entries),
  types: entries,
  flags: Object.entries(vectorFlags)
    .filter(([flag]) => flags.has(flag as VectorFlag))
    .map(([flag, about]) => ({
      flag,
      about,
      vectors: flags.get(flag as VectorFlag),
      reports: vectorReports[flag as VectorFlag] ?? [],
    })),
})
