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
  readonly #sink: ByteSink
  #failure: { readonly error: Error } | null = null

  constructor(duplex: Duplex) {
    keepReading(duplex, (error) => {
      this.#failure = { error }
    })
    this.#sink = sinkOf(duplex)
  }

  write(chunk: Uint8Array): void | Promise<void> {
    this.#expectOpen()
    const busy = this.#sink.write(chunk)
    return busy === undefined ? this.#expectOpen() : busy.then(() => this.#expectOpen())
  }

  async flush(): Promise<void> {
    await this.#sink.flush?.()
    this.#expectOpen()
  }

  #expectOpen(): void {
    if (this.#failure !== null) {
      throw this.#failure.error
    }
  }
}
