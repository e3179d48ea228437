import {
  closeSync,
  existsSync,
  fchmodSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { TreeFailure } from '../stream/nar/tree-failure.js'
import { type TreePath, treePathOf } from '../stream/nar/tree-path.js'
import { Workshop } from '../stream/nar/workshop.js'
import { Failure } from './failure.js'
import { cannotWrite } from './files.js'
import { removedAtEnd } from './leftovers.js'
import { showName } from './nar/show.js'
import { takeAfter } from './output-file.js'

/** How a command recognises the files of an earlier run. */
export interface Earlier {
  /** The file that every run writes; without it, no file in the folder is of an earlier run. */
  readonly index: string
  /** The names of the others. */
  readonly files: RegExp
}

/** A folder that a command fills with files. */
export class OutputFolder {
  readonly #name: string
  /** The temporary folder for the files until all of them are whole. */
  readonly #workshop: Workshop
  readonly #folders = new Set<string>()
  readonly #files = new Set<string>()

  private constructor(name: string, workshop: Workshop) {
    this.#name = name
    this.#workshop = workshop
  }

  /**
   * Makes a folder and its parents if they are missing, and fills it. After a failure or a signal before the end, the
   * old files are unchanged, and no new ones are there. The files of an earlier run are removed, so that old and new do
   * not mix.
   *
   * @throws Failure if it cannot be written; the errors of `fill`.
   */
  static async fill(
    name: string,
    fill: (folder: OutputFolder) => Promise<void>,
    earlier?: Earlier,
  ): Promise<void> {
    const missing = missingOf(name)
    let workshop: Workshop | null = null
    const remove = () => {
      try {
        workshop?.remove()
      } finally {
        removeEmpty(missing)
      }
    }
    const keep = removedAtEnd(remove)
    try {
      const path = treePathOf(name)
      mkdirSync(path, { recursive: true })
      workshop = new Workshop(path)
      const folder = new OutputFolder(name, workshop)
      await fill(folder)
      folder.#move(earlier)
    } catch (error) {
      throw isOfSystem(error) ? cannotWrite(name, workshop?.named(error) ?? error) : error
    } finally {
      keep()
      remove()
    }
  }

  /** Writes a file, also into a subfolder: `corpus/x`. */
  async write(file: string, data: Uint8Array | string, mode?: number): Promise<void> {
    const folder = dirname(file)
    if (folder !== '.' && !this.#folders.has(folder)) {
      this.#folders.add(folder)
      mkdirSync(this.#workshop.inside(folder))
    }
    const there = lstatSync(this.#workshop.beside(file), { throwIfNoEntry: false })
    if (there?.isDirectory() === true) {
      throw new Failure(2, `cannot write ${file} in ${showName(this.#name)}: a folder is there`)
    }
    const fd = openSync(this.#workshop.inside(file), 'wx')
    try {
      if (there?.isFile() === true) {
        takeAfter(fd, there)
      }
      if (mode !== undefined) {
        fchmodSync(fd, mode)
      }
      writeFileSync(fd, data)
    } finally {
      closeSync(fd)
    }
    this.#files.add(file)
    // Let signals be handled between two files.
    await setImmediate()
  }

  #move(earlier: Earlier | undefined): void {
    const names = earlier === undefined ? [] : readdirSync(this.#workshop.beside('.'))
    for (const name of names.includes(earlier?.index ?? '') ? names : []) {
      if (earlier?.files.test(name) === true && !this.#files.has(name)) {
        rmSync(this.#workshop.beside(name))
      }
    }
    for (const folder of this.#folders) {
      mkdirSync(this.#workshop.beside(folder), { recursive: true })
    }
    for (const file of this.#files) {
      renameSync(this.#workshop.inside(file), this.#workshop.beside(file))
    }
  }
}

const isOfSystem = (error: unknown): boolean =>
  error instanceof TreeFailure || (error instanceof Error && 'syscall' in error)

/** The missing folders of a path, the innermost first. */
const missingOf = (path: string): ReadonlyArray<TreePath> => {
  const missing: Array<TreePath> = []
  for (let each = path; !existsSync(treePathOf(each)) && dirname(each) !== each; each = dirname(each)) {
    missing.push(treePathOf(each))
  }
  return missing
}

/** Removes folders in this order, until one is not empty. */
const removeEmpty = (folders: ReadonlyArray<TreePath>): void => {
  try {
    for (const folder of folders) {
      rmdirSync(folder)
    }
  } catch {
    // The folder was never made, or it is in use.
  }
}
