import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { paddedSize } from '../../bytes/padding.js'
import { strings } from '../../bytes/strings.js'
import type { Room } from './room.js'
import type { Slab } from './slab.js'
import { TreeFailure } from './tree-failure.js'
import type { TreePath } from './tree-path.js'
import { wordsOf } from './words.js'

/** The most bytes of contents in one event. */
const pieceSize = 256 * 1024

// O_NONBLOCK: what was listed as a file may be a pipe by now, and opening that would block.
const openFlags =
  constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0)

const beforeName = wordsOf('entry', '(', 'name').bytes
const beforeContents = wordsOf('node', '(', 'type', 'regular', 'contents').bytes
const beforeExecutable = wordsOf('node', '(', 'type', 'regular', 'executable', '', 'contents').bytes
const behindContents = wordsOf(')', ')').bytes

/** The most bytes of an entry besides its name and contents. */
const aroundEntry = beforeName.length + beforeExecutable.length + behindContents.length

/** The file being read, one after another. */
export class OpenFile {
  executable = false
  size = 0
  /** The number of bytes still to read. */
  left = 0
  #path: TreePath = ''
  #fd = -1

  get isOpen(): boolean {
    return this.#fd !== -1
  }

  /** @throws TreeFailure if it is no longer a file; Node's own errors. */
  open(path: TreePath): void {
    this.#path = path
    this.#fd = openSync(path, openFlags)
    const { mode, size } = fstatSync(this.#fd)
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) {
      throw new TreeFailure(path, 'no longer a file: it changed while it was read')
    }
    this.executable = (mode & constants.S_IXUSR) !== 0
    this.size = size
    this.left = size
  }

  close(): void {
    const fd = this.#fd
    if (fd !== -1) {
      this.#fd = -1
      closeSync(fd)
    }
  }

  /** The greatest size of its entry. */
  entrySize(name: string): number {
    return aroundEntry + paddedSize(3 * name.length) + paddedSize(this.size)
  }

  /** Writes its entry, for which there must be room, and closes it. */
  writeEntry(name: string, room: Room): void {
    room.copy(beforeName)
    const length = strings.write(room.bytes, name, room.at + 8)
    room.integer(length)
    room.at += length
    room.pad(length)
    room.copy(this.executable ? beforeExecutable : beforeContents)
    room.integer(this.size)
    while (this.left > 0) {
      room.at += this.#read(room.bytes, room.at, this.left)
    }
    this.close()
    room.pad(this.size)
    room.copy(behindContents)
  }

  /** The next piece of its contents; the file is closed after the last. */
  piece(slab: Slab): Uint8Array {
    const bytes = slab.fill(Math.min(this.left, pieceSize), this.#read)
    if (this.left === 0) {
      this.close()
    }
    return bytes
  }

  readonly #read = (bytes: Uint8Array, at: number, most: number): number => {
    const length = readSync(this.#fd, bytes, at, most, null)
    if (length === 0) {
      throw new TreeFailure(this.#path, `shorter than its ${this.size} bytes: it changed while it was read`)
    }
    this.left -= length
    return length
  }
}
