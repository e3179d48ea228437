import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { pathIn, type TreePath, treePathOf } from '../stream/nar/tree-path.js'
import type { Failure } from './failure.js'
import { cannotWrite } from './files.js'

/** A folder that a command fills with files. */
export class OutputFolder {
  readonly #name: string
  readonly #path: TreePath

  private constructor(name: string) {
    this.#name = name
    this.#path = treePathOf(name)
  }

  /** Makes it, and those above it, where they are not there. */
  static async open(name: string): Promise<OutputFolder> {
    const folder = new OutputFolder(name)
    await mkdir(folder.#path, { recursive: true }).catch(folder.#failed)
    return folder
  }

  async write(file: string, data: Uint8Array | string, mode?: number): Promise<void> {
    const path = pathIn(this.#path, file)
    await writeFile(path, data).catch(this.#failed)
    if (mode !== undefined) {
      await chmod(path, mode).catch(this.#failed)
    }
  }

  readonly #failed = (error: unknown): Failure => {
    throw cannotWrite(this.#name, error)
  }
}
