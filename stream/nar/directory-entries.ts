import { type Dirent, readdirSync } from 'node:fs'
import { compareTexts } from '../../bytes/order.js'
import { entryNameOf } from './names.js'
import { TreeFailure } from './tree-failure.js'
import type { TreePath } from './tree-path.js'

/** An entry of a directory. */
export interface DirectoryEntry {
  /** Its name in the archive. */
  readonly name: string
  /** Its name in the directory, in the form of event names. */
  readonly file: string
  readonly kind: Dirent<string> | Dirent<Buffer>
}

const mark = '~nix~case~hack~'

/** The entries of a directory in the order of an archive, without the suffix of the case hack on request. */
export const directoryEntries = (path: TreePath, caseHack: boolean): ReadonlyArray<DirectoryEntry> => {
  const entries = listed(path)
  return caseHack ? withoutMarks(path, entries) : entries.sort(byName)
}

/** The entries in the order of the system. */
export const listed = (path: TreePath): Array<DirectoryEntry> => {
  const entries: Array<DirectoryEntry> = []
  for (const kind of readdirSync(path, { withFileTypes: true })) {
    const { name } = kind
    // It may replace bytes that are not UTF-8.
    if (name.includes('\ufffd')) {
      return listedAsBytes(path)
    }
    entries.push({ name, file: name, kind })
  }
  return entries
}

const listedAsBytes = (path: TreePath): Array<DirectoryEntry> =>
  readdirSync(path, { encoding: 'buffer', withFileTypes: true }).map((kind) => {
    const name = entryNameOf(kind.name)
    return { name, file: name, kind }
  })

const withoutMarks = (
  path: TreePath,
  entries: ReadonlyArray<DirectoryEntry>,
): ReadonlyArray<DirectoryEntry> => {
  const unmarked = entries.map(({ file, kind }) => ({ name: withoutMark(file), file, kind })).sort(byName)
  for (let i = 1; i < unmarked.length; i++) {
    if (unmarked[i]!.name === unmarked[i - 1]!.name) {
      throw new TreeFailure(path, `two entries that have the same name without ${mark}`)
    }
  }
  return unmarked
}

const withoutMark = (name: string): string => {
  const at = name.indexOf(mark)
  return at === -1 ? name : name.slice(0, at)
}

const byName = ({ name: a }: DirectoryEntry, { name: b }: DirectoryEntry): number => compareTexts(a, b)
