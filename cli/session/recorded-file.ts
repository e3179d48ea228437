import { type FileHandle, open } from 'node:fs/promises'
import { excerptStart } from '../../interpreters/explain.js'
import type { Side } from '../../session/events.js'
import { treePathOf } from '../../stream/nar/tree-path.js'
import { cannotRead } from '../files.js'

const chunkSize = 65536

/** The two files of a recording without times. */
export type Pair = { readonly [S in Side]: RecordedFile }

/** A file that is read in pieces, and read again around an issue. */
export class RecordedFile {
  /** Whether the last read was at the end of the file. */
  ended = false
  readonly #path: string
  readonly #file: FileHandle
  readonly #buffer = new Uint8Array(chunkSize)

  private constructor(path: string, file: FileHandle) {
    this.#path = path
    this.#file = file
  }

  static async open(path: string): Promise<RecordedFile> {
    try {
      return new RecordedFile(path, await open(treePathOf(path), 'r'))
    } catch (error) {
      throw cannotRead(path, error)
    }
  }

  /** Opens both files, or neither. */
  static async openBoth(client: string, server: string): Promise<Pair> {
    const first = await RecordedFile.open(client)
    try {
      return { client: first, server: await RecordedFile.open(server) }
    } catch (error) {
      await first.close()
      throw error
    }
  }

  /** The next piece, valid until the one after it; null at the end. */
  async next(): Promise<Uint8Array | null> {
    try {
      const { bytesRead } = await this.#file.read(this.#buffer, 0, chunkSize, null)
      this.ended = bytesRead === 0
      return this.ended ? null : this.#buffer.subarray(0, bytesRead)
    } catch (error) {
      throw cannotRead(this.#path, error)
    }
  }

  /** The bytes around an offset; none for a file that cannot be read twice, such as a pipe. */
  async around(offset: number): Promise<{ readonly bytes: Uint8Array; readonly start: number }> {
    const start = excerptStart(offset)
    const bytes = new Uint8Array(64)
    try {
      const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, start)
      return { bytes: bytes.subarray(0, bytesRead), start }
    } catch {
      return { bytes: new Uint8Array(0), start }
    }
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}
