import { closeSync, createWriteStream, openSync, unlinkSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import type { Side } from '../../session/events.js'
import { treePathOf } from '../../stream/nar/tree-path.js'
import { codeOf, ownerOnly } from '../sockets.js'
import type { RecordingFormat } from './options.js'

/** A file that has been made for a connection. */
export interface RecordingFile {
  readonly path: string
  readonly descriptor: number
}

/** The files of one connection, as far as its format has them. */
export interface Recording {
  readonly name: string
  readonly pcapng: RecordingFile | null
  readonly bin: { readonly [S in Side]: RecordingFile } | null
}

/** Names for one connection after another. */
export const connectionNames = (): (() => string) => {
  const start = new Date().toISOString().replace(/[-:]/g, '').replace(/\..*/, 'Z')
  let count = 0
  return () => {
    count++
    return `${start}-${count}`
  }
}

/** Makes the files of one connection after another. None is ever written over; they are for their owner only. */
export const recordingsIn = (folder: string, format: RecordingFormat): (() => Recording) => {
  const nextName = connectionNames()
  return () => {
    for (;;) {
      const name = nextName()
      try {
        return openAll(name, join(folder, name), format)
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') {
          throw error
        }
      }
    }
  }
}

/** All files, or none. */
const openAll = (name: string, base: string, format: RecordingFormat): Recording => {
  const opened: Array<RecordingFile> = []
  const openNew = (end: string): RecordingFile => {
    const path = `${base}${end}`
    const file = { path, descriptor: openSync(treePathOf(path), 'wx', ownerOnly) }
    opened.push(file)
    return file
  }
  try {
    const pcapng = format === 'bin' ? null : openNew('.pcapng')
    const bin =
      format === 'pcapng' ? null : { client: openNew('.client.bin'), server: openNew('.server.bin') }
    return { name, pcapng, bin }
  } catch (error) {
    for (const { path, descriptor } of opened) {
      closeSync(descriptor)
      unlinkSync(treePathOf(path))
    }
    throw error
  }
}

// How far the disk may be behind before the traffic waits for it.
const diskLag = 64 * 2 ** 20

// What is said is written together with what is said within some milliseconds, up to about so many bytes: to write each
// short message by itself takes longer than to pass it on.
const gathersFor = 10
const gathersUpTo = 2 ** 18

/** A file that is written behind the traffic. Where it fails no more is written, and the traffic goes on. */
export class Recorder {
  onCaughtUp: () => void = () => undefined
  readonly #file: WriteStream
  #failed = false
  #gathering: ReturnType<typeof setTimeout> | null = null

  constructor({ path, descriptor }: RecordingFile, onFailure: (error: Error) => void) {
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

  /** `onLost` is called where the chunk does not come to be in the file. */
  write(chunk: Uint8Array, onLost: () => void): void {
    if (this.#failed) {
      onLost()
      return
    }
    this.#gather()
    this.#file.write(chunk, (error) => {
      if (error) {
        onLost()
      }
    })
    if (this.#file.writableLength > gathersUpTo) {
      this.#pass()
    }
  }

  #gather(): void {
    if (this.#gathering === null) {
      this.#file.cork()
      this.#gathering = setTimeout(() => this.#pass(), gathersFor)
    }
  }

  /** Lets what was gathered go to the file. */
  #pass(): void {
    if (this.#gathering !== null) {
      clearTimeout(this.#gathering)
      this.#gathering = null
      this.#file.uncork()
    }
  }

  close(): Promise<void> {
    this.#pass()
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
