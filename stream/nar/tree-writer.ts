import { closeSync, constants, mkdirSync, openSync, symlinkSync, writeSync } from 'node:fs'
import type { NarEvent } from './events.js'
import { entryNameBytes } from './names.js'
import { TreeFailure } from './tree-failure.js'
import { pathIn, type TreePath, treePathOf } from './tree-path.js'

/**
 * Makes a tree of files from events. Every file, link and directory is new: an existing one is an error, and nothing is
 * opened or entered that was not made here, so no link can lead outside.
 */
export class TreeWriter {
  readonly #root: TreePath
  readonly #portable: boolean
  /** The open directories, outermost first. */
  readonly #directories: Array<TreePath> = []
  #name = ''
  #fd: number | null = null
  #path: TreePath
  #left = 0

  constructor(root: string | Buffer, platform: NodeJS.Platform = process.platform) {
    this.#root = treePathOf(root)
    this.#path = this.#root
    this.#portable = platform !== 'win32'
  }

  write(event: NarEvent): void {
    switch (event._tag) {
      case 'entry':
        this.#name = this.#checkName(event.name)
        break
      case 'directory':
        this.#make((path) => mkdirSync(path, 0o777))
        this.#directories.push(this.#path)
        break
      case 'directoryEnd':
        this.#directories.pop()
        break
      case 'symlink':
        this.#make((path) => symlinkSync(targetOf(event.target), path))
        break
      case 'regular':
        this.#fd = this.#make((path) => openSync(path, newFile, event.executable ? 0o777 : 0o666))
        this.#left = event.size
        this.#closeWhenWhole()
        break
      case 'contents':
        this.#contents(event.bytes)
        break
    }
  }

  /** Closes the open file. */
  close(): void {
    const fd = this.#fd
    if (fd !== null) {
      this.#fd = null
      closeSync(fd)
    }
  }

  #make<A>(make: (path: TreePath) => A): A {
    const directory = this.#directories.at(-1)
    this.#path = directory === undefined ? this.#root : pathIn(directory, this.#name)
    try {
      return make(this.#path)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // The length of the target's own path is not the fault of the archive.
      if (code === 'ENAMETOOLONG' && directory !== undefined) {
        throw new TreeFailure(this.#path, 'this path, or the link at it, is longer than the system takes')
      }
      if (code === 'EEXIST') {
        throw new TreeFailure(
          this.#path,
          'exists already: this file system takes two names of the archive as the same',
        )
      }
      throw error
    }
  }

  #contents(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      at += writeSync(this.#fd ?? -1, bytes, at)
    }
    this.#left -= bytes.length
    this.#closeWhenWhole()
  }

  #closeWhenWhole(): void {
    if (this.#left === 0) {
      this.close()
    }
  }

  #checkName(name: string): string {
    if (!this.#portable && windowsRefuses(name)) {
      const directory = this.#directories.at(-1) ?? this.#root
      throw new TreeFailure(pathIn(directory, name), 'a name that Windows takes as another path')
    }
    return name
  }
}

const targetOf = (target: string): TreePath =>
  target.isWellFormed() ? target : Buffer.from(entryNameBytes(target))

const newFile = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)

// Windows reads these as a separator, a drive, a stream of another file or a device, and removes dots and spaces at the
// end.
const windowsRefuses = (name: string): boolean =>
  /[\\:*?"<>|]/.test(name) ||
  /[. ]$/.test(name) ||
  /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i.test(name) ||
  [...name].some((character) => character.charCodeAt(0) < 0x20)
