import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, readSync } from 'node:fs'
import { type DirectoryEntry, directoryEntries } from './directory-entries.js'
import type { NarEvent } from './events.js'
import { entryNameOf } from './names.js'
import type { Slab } from './slab.js'
import { TreeFailure } from './tree-failure.js'
import { pathIn, type TreePath } from './tree-path.js'

/** The most bytes of contents that one event has. */
const pieceSize = 256 * 1024

// O_NONBLOCK: what was a file when it was listed may be a pipe by now, and opening that would wait.
const openFlags =
  constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0)

const directoryEvent: NarEvent = Object.freeze({ _tag: 'directory' })
const directoryEndEvent: NarEvent = Object.freeze({ _tag: 'directoryEnd' })

/** Whether something is a file, a directory, a link: a `Dirent` or `Stats`. */
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

/** Reads a tree event by event: one directory at a time, and of a file one piece of contents. */
export class TreeReader {
  readonly #slab: Slab
  readonly #caseHack: boolean
  /** The directories that are open, outermost first. */
  readonly #levels: Array<Level> = []
  /** The node that comes next. */
  #path: TreePath
  #kind: Kind | null
  /** The file that is open, and how much of it is to come. */
  #fd = -1
  #size = 0
  #left = 0

  constructor(root: TreePath, slab: Slab, caseHack: boolean) {
    this.#slab = slab
    this.#caseHack = caseHack
    this.#path = root
    this.#kind = lstatSync(root)
  }

  /** The next event; null at the end. */
  next(): NarEvent | null {
    if (this.#left > 0) {
      return this.#contents()
    }
    if (this.#kind !== null) {
      const kind = this.#kind
      this.#kind = null
      return this.#node(kind)
    }
    const level = this.#levels.at(-1)
    return level === undefined ? null : this.#entry(level)
  }

  /** Closes the file that is open. */
  close(): void {
    const fd = this.#fd
    if (fd !== -1) {
      this.#fd = -1
      closeSync(fd)
    }
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
      return this.#file(path)
    }
    if (kind.isDirectory()) {
      this.#levels.push({ path, entries: directoryEntries(path, this.#caseHack), at: 0 })
      return directoryEvent
    }
    if (kind.isSymbolicLink()) {
      return { _tag: 'symlink', target: entryNameOf(readlinkSync(path, { encoding: 'buffer' })) }
    }
    throw new TreeFailure(path, 'neither a file nor a directory nor a symbolic link: no NAR can hold it')
  }

  #file(path: TreePath): NarEvent {
    this.#fd = openSync(path, openFlags)
    const stats = fstatSync(this.#fd)
    if (!stats.isFile()) {
      throw new TreeFailure(path, 'no file any more: it changed while it was read')
    }
    const { mode, size } = stats
    this.#size = size
    this.#left = size
    if (size === 0) {
      this.close()
    }
    return { _tag: 'regular', executable: (mode & constants.S_IXUSR) !== 0, size }
  }

  #contents(): NarEvent {
    const bytes = this.#slab.fill(Math.min(this.#left, pieceSize), this.#read)
    if (bytes.length === 0) {
      throw new TreeFailure(this.#path, `shorter than its ${this.#size} bytes: it changed while it was read`)
    }
    this.#left -= bytes.length
    if (this.#left === 0) {
      this.close()
    }
    return { _tag: 'contents', bytes }
  }

  readonly #read = (buffer: Buffer, at: number, most: number): number =>
    readSync(this.#fd, buffer, at, most, null)
}
