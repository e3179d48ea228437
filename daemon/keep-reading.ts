import { Duplex } from 'node:stream'
import type { ByteSink } from '../stream/byte-sink.js'
import { type Sink, sinkOf } from '../stream/sink.js'

/**
 * Keeps a stream open that can no longer be written to: the last words of the other side, which may wait in the
 * kernel, are still to be read, and Node would destroy the stream. `onDeaf` is called once, with what failed.
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

/** A sink that fails alone: where it is one side of a stream, the other side can still be read. */
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
    // Whoever reads is told; an error that nobody listens for ends the process.
    duplex.on('error', () => undefined)
  }

  /** A chunk is taken when it is on its way: only then it is known whether it could be written. Most are at once. */
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
