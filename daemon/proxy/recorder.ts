import { closeSync, createWriteStream, openSync, unlinkSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import type { Side } from '../../session/events.js'
import { treePathOf } from '../../stream/nar/tree-path.js'
import { codeOf, ownerOnly } from '../sockets.js'
import type { RecordingFormat } from './options.js'

/** A file that was created for a connection. */
export interface RecordingFile {
  readonly path: string
  readonly descriptor: number
}

/** The files of one connection that its format has. */
export interface Recording {
  readonly name: string
  readonly pcapng: RecordingFile | null
  readonly bin: { readonly [S in Side]: RecordingFile } | null
}

/** Names for consecutive connections. */
export const connectionNames = (): (() => string) => {
  const start = new Date().toISOString().replace(/[-:]/g, '').replace(/\..*/, 'Z')
  let count = 0
  return () => {
    count++
    return `${start}-${count}`
  }
}

/** Creates the files of consecutive connections. None is ever overwritten; only their owner can read them. */
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

// How many bytes the disk may be behind before the traffic waits for it.
const diskLag = 64 * 2 ** 20

// Messages of some milliseconds are written together, up to about that many bytes: a write for each short message would
// take longer than forwarding it.
const gathersFor = 10
const gathersUpTo = 2 ** 18

/**
 * A file that is written after the traffic has passed. If that fails, no more is written, and the traffic goes on.
 */
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

  /** `onLost` is called if the pieces are not all written to the file. */
  write(pieces: ReadonlyArray<Uint8Array>, onLost: () => void): void {
    if (this.#failed) {
      onLost()
      return
    }
    this.#gather()
    const last = pieces.length - 1
    pieces.forEach((piece, index) => {
      this.#file.write(piece, (error) => {
        if (error && index === last) {
          onLost()
        }
      })
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

  /** Writes the gathered bytes to the file. */
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
