import { lstatSync, readlinkSync } from 'node:fs'
import { strings } from '../../bytes/strings.js'
import { isEntryName } from '../../grammar/nar-names.js'
import { type DirectoryEntry, directoryEntries } from './directory-entries.js'
import type { NarEvent } from './events.js'
import { entryNameOf } from './names.js'
import { OpenFile } from './open-file.js'
import type { Room } from './room.js'
import type { Slab } from './slab.js'
import { TreeFailure } from './tree-failure.js'
import { pathIn, type TreePath } from './tree-path.js'

const directoryEvent: NarEvent = Object.freeze({ _tag: 'directory' })
const directoryEndEvent: NarEvent = Object.freeze({ _tag: 'directoryEnd' })

/** Whether something is a file, a directory or a link: a `Dirent` or `Stats`. */
interface Kind {
  isFile(): boolean
  isDirectory(): boolean
  isSymbolicLink(): boolean
}

interface Level {
  readonly path: TreePath
  readonly entries: ReadonlyArray<DirectoryEntry>
  at: number
}

/** Reads a tree event by event: one directory at a time, and one piece of a file's contents. */
export class TreeReader {
  readonly #slab: Slab
  readonly #caseHack: boolean
  /** The open directories, outermost first. */
  readonly #levels: Array<Level> = []
  /** The next node. */
  #path: TreePath
  #kind: Kind | null
  readonly #file = new OpenFile()
  /** Whether the open file belongs to the next entry. */
  #isAhead = false

  constructor(root: TreePath, slab: Slab, caseHack: boolean) {
    this.#slab = slab
    this.#caseHack = caseHack
    this.#path = root
    this.#kind = lstatSync(root)
  }

  /** The next event; null at the end. */
  next(): NarEvent | null {
    if (this.#kind !== null) {
      const kind = this.#kind
      this.#kind = null
      return this.#node(kind)
    }
    if (this.#file.isOpen && !this.#isAhead) {
      return { _tag: 'contents', bytes: this.#file.piece(this.#slab) }
    }
    const level = this.#levels.at(-1)
    return level === undefined ? null : this.#entry(level)
  }

  /**
   * Writes the next entries, as long as they are files that fit whole into this room, with names no longer than
   * `limit`. Returns the name of the last; null for none.
   */
  writeFiles(room: Room, limit: number): string | null {
    const level = this.#levels.at(-1)
    if (level === undefined || this.#kind !== null || (this.#file.isOpen && !this.#isAhead)) {
      return null
    }
    const { path, entries } = level
    let last: string | null = null
    for (let entry = entries[level.at]; isPlain(path, entry, limit); entry = entries[++level.at]) {
      if (!this.#isAhead) {
        this.#file.open(`${path}/${entry.name}`)
        this.#isAhead = true
      }
      if (this.#file.entrySize(entry.name) > room.left) {
        break
      }
      this.#file.writeEntry(entry.name, room)
      this.#isAhead = false
      last = entry.name
    }
    return last
  }

  /** The greatest size of the next entry, if that is known. */
  get ahead(): number {
    const level = this.#levels.at(-1)
    return this.#isAhead && level !== undefined
      ? this.#file.entrySize(level.entries[level.at]?.name ?? '')
      : 0
  }

  /** Closes the open file. */
  close(): void {
    this.#file.close()
  }

  #entry(level: Level): NarEvent {
    const entry = level.entries[level.at++]
    if (entry === undefined) {
      this.#levels.pop()
      return directoryEndEvent
    }
    this.#path = pathIn(level.path, entry.file)
    this.#kind = entry.kind
    return { _tag: 'entry', name: entry.name }
  }

  #node(kind: Kind): NarEvent {
    const path = this.#path
    if (kind.isFile()) {
      return this.#regular(path)
    }
    if (kind.isDirectory()) {
      this.#levels.push({ path, entries: directoryEntries(path, this.#caseHack), at: 0 })
      return directoryEvent
    }
    if (kind.isSymbolicLink()) {
      return { _tag: 'symlink', target: entryNameOf(readlinkSync(path, { encoding: 'buffer' })) }
    }
    throw new TreeFailure(path, 'neither a file, nor a directory, nor a symbolic link: no NAR can hold it')
  }

  #regular(path: TreePath): NarEvent {
    const file = this.#file
    if (!this.#isAhead) {
      file.open(path)
    }
    this.#isAhead = false
    const { executable, size } = file
    if (size === 0) {
      file.close()
    }
    return { _tag: 'regular', executable, size }
  }
}

/** Whether an entry is a file whose name needs no conversion. */
const isPlain = (
  directory: TreePath,
  entry: DirectoryEntry | undefined,
  limit: number,
): entry is DirectoryEntry =>
  entry !== undefined &&
  typeof directory === 'string' &&
  entry.kind.isFile() &&
  entry.name === entry.file &&
  entry.name.isWellFormed() &&
  isEntryName(entry.name) &&
  (3 * entry.name.length <= limit || strings.byteLength(entry.name) <= limit)
