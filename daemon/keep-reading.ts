import { Duplex } from 'node:stream'
import type { ByteSink } from '../stream/byte-sink.js'
import { type Sink, sinkOf } from '../stream/sink.js'

/**
 * Keeps a stream open that can no longer be written to: the last message of the other side, which may wait in the
 * kernel, is still to be read, and Node would destroy the stream. `onDeaf` is called once, with the error.
 */
export const keepReading = (stream: Duplex, onDeaf: (error: Error) => void): void => {
  let deaf = false
  const quietly =
    (callback: (error?: Error | null) => void) =>
    (error?: Error | null): void => {
      if (error != null && !deaf) {
        deaf = true
        onDeaf(error)
      }
      callback()
    }
  const write = stream._write.bind(stream)
  const writeMany = stream._writev?.bind(stream)
  stream._write = (chunk, encoding, callback) => write(chunk, encoding, quietly(callback))
  if (writeMany !== undefined) {
    stream._writev = (chunks, callback) => writeMany(chunks, quietly(callback))
  }
}

/** A sink that fails alone: if it is one side of a stream, the other side can still be read. */
export const separateSink = (sink: Sink): ByteSink =>
  sink instanceof Duplex ? new WritableSide(sink) : sinkOf(sink)

class WritableSide implements ByteSink {
  readonly #duplex: Duplex
  #failure: { readonly error: Error } | null = null

  constructor(duplex: Duplex) {
    this.#duplex = duplex
    keepReading(duplex, (error) => {
      this.#failure = { error }
    })
    // The reader gets the error; without a listener it would end the process.
    duplex.on('error', () => undefined)
  }

  /**
   * A chunk counts as taken when it has been written, since an error is known only then. Most are written at once.
   */
  write(chunk: Uint8Array): void | Promise<void> {
    this.#expectOpen()
    let settle: (error?: Error | null) => void = () => undefined
    this.#duplex.write(chunk, (error) => settle(error))
    this.#expectOpen()
    if (this.#duplex.writableLength === 0) {
      return
    }
    return new Promise((resolve, reject) => {
      settle = (error) => {
        const failed = this.#failure?.error ?? error ?? null
        failed === null ? resolve() : reject(failed)
      }
    })
  }

  #expectOpen(): void {
    if (this.#failure !== null) {
      throw this.#failure.error
    }
  }
}
