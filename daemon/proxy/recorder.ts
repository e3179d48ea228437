import { closeSync, createWriteStream, openSync, unlinkSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import type { Side } from '../../session/events.js'
import { treePathOf } from '../../stream/nar/tree-path.js'
import { codeOf, ownerOnly } from '../sockets.js'

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
  return () => {
    for (;;) {
      count++
      const name = `${start}-${count}`
      const files = { client: join(folder, `${name}.client.bin`), server: join(folder, `${name}.server.bin`) }
      try {
        return { name, files, descriptors: openBoth(files) }
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') {
          throw error
        }
      }
    }
  }
}

/** Both files, or neither. */
const openBoth = (files: RecordingFiles): Recording['descriptors'] => {
  const client = openNew(files.client)
  try {
    return { client, server: openNew(files.server) }
  } catch (error) {
    closeSync(client)
    unlinkSync(treePathOf(files.client))
    throw error
  }
}

const openNew = (path: string): number => openSync(treePathOf(path), 'wx', ownerOnly)

// How far the disk may be behind before the traffic waits for it.
const diskLag = 64 * 2 ** 20

/** A file that is written behind the traffic. Where it fails no more is written, and the traffic goes on. */
export class Recorder {
  onCaughtUp: () => void = () => undefined
  readonly #file: WriteStream
  #failed = false
  #taken = 0

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

  /** How many bytes are not in the file; to be asked when it is closed. */
  get lost(): number {
    return this.#taken - this.#file.bytesWritten
  }

  write(chunk: Uint8Array): void {
    this.#taken += chunk.length
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
