import type { ByteSink, NodeWritable } from './byte-sink.js'

/** A Node `Writable` as a sink: a write waits while the stream is full. */
export const writableSink = (stream: NodeWritable): ByteSink => new WritableSink(stream)

class WritableSink implements ByteSink {
  readonly #stream: NodeWritable
  #failure: { readonly error: unknown } | null = null
  #pending = 0
  #wake: Array<() => void> = []

  constructor(stream: NodeWritable) {
    this.#stream = stream
    if (stream.errored !== null) {
      this.#failure = { error: stream.errored }
    }
    const wake = () => {
      this.#settle()
    }
    // The listener is there from the start: an error without one ends the process.
    stream.on('error', (error: Error) => {
      this.#failure ??= { error }
      wake()
    })
    stream.on('close', wake)
    stream.on('drain', wake)
  }

  write(chunk: Uint8Array): void | Promise<void> {
    this.#expectOpen()
    this.#pending++
    const more = this.#stream.write(chunk, (error) => {
      this.#pending--
      if (error != null) {
        this.#failure ??= { error }
      }
      this.#settle()
    })
    return more ? undefined : this.#until(() => !this.#stream.writableNeedDrain)
  }

  flush(): Promise<void> {
    return this.#until(() => this.#pending === 0)
  }

  async #until(done: () => boolean): Promise<void> {
    for (;;) {
      if (this.#failure !== null) {
        throw this.#failure.error
      }
      if (done()) {
        return
      }
      this.#expectOpen()
      await new Promise<void>((resolve) => {
        this.#wake.push(resolve)
      })
    }
  }

  #expectOpen(): void {
    if (this.#failure !== null) {
      throw this.#failure.error
    }
    if (this.#stream.destroyed) {
      throw new Error('the stream is closed')
    }
  }

  #settle(): void {
    const waiting = this.#wake
    this.#wake = []
    for (const wake of waiting) {
      wake()
    }
  }
}
