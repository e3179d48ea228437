import { createWriteStream, openSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import { treePathOf } from '../../stream/nar/tree-path.js'
import type { Side } from '../session/events.js'

/** The files of one connection. */
export type RecordingFiles = { readonly [S in Side]: string }

/** Files that have been made for a connection. */
export interface Recording {
  readonly name: string
  readonly files: RecordingFiles
  readonly descriptors: { readonly [S in Side]: number }
}

/** Makes the files of one connection after another. None is ever written over; they are for their owner only. */
export const recordingsIn = (folder: string): (() => Recording) => {
  const start = new Date().toISOString().replace(/[-:]/g, '').replace(/\..*/, 'Z')
  let count = 0
  const next = (): Recording => {
    count++
    const name = `${start}-${count}`
    const files = { client: join(folder, `${name}.client.bin`), server: join(folder, `${name}.server.bin`) }
    try {
      const client = openSync(treePathOf(files.client), 'wx', 0o600)
      return { name, files, descriptors: { client, server: openSync(treePathOf(files.server), 'wx', 0o600) } }
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
        return next()
      }
      throw error
    }
  }
  return next
}

// How far the disk may be behind before the traffic waits for it.
const diskLag = 64 * 2 ** 20

/** A file that is written behind the traffic. Where it fails no more is written, and the traffic goes on. */
export class Recorder {
  onCaughtUp: () => void = () => undefined
  readonly #file: WriteStream
  #failed = false

  constructor(path: string, descriptor: number, onFailure: (error: Error) => void) {
    this.#file = createWriteStream(path, { fd: descriptor })
    this.#file.on('drain', () => this.onCaughtUp())
    this.#file.on('error', (error) => {
      this.#failed = true
      onFailure(error)
      this.onCaughtUp()
    })
  }

  get isBehind(): boolean {
    return !this.#failed && this.#file.writableLength > diskLag
  }

  write(chunk: Uint8Array): void {
    if (!this.#failed) {
      this.#file.write(chunk)
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#file.closed) {
        resolve()
        return
      }
      this.#file.once('close', () => resolve())
      this.#file.end()
    })
  }
}
