import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { treePathOf } from '../../stream/nar/tree-path.js'
import { Failure } from '../failure.js'
import { cannotRead } from '../files.js'
import { showName } from '../nar/show.js'

// The folders in which each AFL++ fuzzer keeps inputs.
const ofAfl: ReadonlySet<string> = new Set(['queue', 'crashes', 'hangs'])

// What this command writes beside inputs: reports and lists of them, scripts, dictionaries.
const ownIndexes: ReadonlySet<string> = new Set(['report.json', 'index.json'])

/**
 * The inputs in a folder: the queue, the crashes and the hangs of one or several AFL++ fuzzers; the messages that `fuzz`,
 * `sample`, `corpus` and `fuzz init` write; otherwise all files, as in a corpus of libFuzzer.
 */
export const corpusFiles = (dir: string): ReadonlyArray<string> => {
  const folders: Array<string> = [dir]
  const files: Array<Found> = []
  try {
    for (const folder of folders) {
      for (const entry of readdirSync(treePathOf(folder), { withFileTypes: true })) {
        if (entry.name.startsWith('.')) {
          continue
        }
        const path = join(folder, entry.name)
        if (entry.isDirectory()) {
          folders.push(path)
        } else if (entry.isFile() && entry.name !== 'README.txt') {
          files.push({ folder, file: path })
        }
      }
    }
  } catch (error) {
    throw cannotRead(dir, error)
  }
  const isOfAfl = (folder: string): boolean => ofAfl.has(folder.slice(folder.lastIndexOf('/') + 1))
  const chosen = folders.some((folder) => folder.endsWith('/queue') || folder === 'queue')
    ? files.filter(({ folder }) => isOfAfl(folder))
    : inputsAmong(files)
  if (chosen.length === 0) {
    throw new Failure(2, `there are no inputs in ${showName(dir)}`)
  }
  return chosen.map(({ file }) => file).sort()
}

interface Found {
  readonly folder: string
  readonly file: string
}

/** Of a folder with an index of ours only the messages; of one with a dictionary only those under `corpus`. */
const inputsAmong = (files: ReadonlyArray<Found>): ReadonlyArray<Found> => {
  const indexed = new Set(
    files.flatMap(({ folder, file }) => (ownIndexes.has(basename(file)) ? [folder] : [])),
  )
  const started = new Set(files.flatMap(({ folder, file }) => (file.endsWith('.dict') ? [folder] : [])))
  return files.filter(
    ({ folder, file }) => !started.has(folder) && (!indexed.has(folder) || file.endsWith('.bin')),
  )
}

/** The contents of files, read on demand. */
export function* contentsOf(files: ReadonlyArray<string>): Generator<Uint8Array> {
  for (const file of files) {
    try {
      yield new Uint8Array(readFileSync(treePathOf(file)))
    } catch (error) {
      throw cannotRead(file, error)
    }
  }
}
