import { type Chunks, expectChunk, type NodeReadable } from './chunks.js'

/**
 * A Node `Readable` as chunks. `read` returns all buffered bytes as one chunk, so that many small packets are cheap.
 * Iterating over the stream instead would destroy a socket when its readable side ends, and its writable side with it.
 */
export const readableChunks = (stream: NodeReadable): Chunks => new ReadableChunks(stream)

class ReadableChunks implements Chunks {
  readonly #stream: NodeReadable
  #ended: boolean
  #failure: { readonly error: unknown } | null = null
  #wake: () => void = () => undefined

  constructor(stream: NodeReadable) {
    this.#stream = stream
    this.#ended = stream.readableEnded
    if (stream.errored !== null) {
      this.#failure = { error: stream.errored }
    } else if (stream.destroyed && !this.#ended) {
      this.#failure = { error: closedEarly() }
    }
    // The listener is there from the start: an error without one ends the process.
    stream.on('error', (error: Error) => {
      this.#settle({ error })
    })
    stream.on('close', () => {
      this.#settle({ error: closedEarly() })
    })
    stream.on('end', this.#onEnd)
    stream.on('readable', this.#onReadable)
  }

  next(): Uint8Array | null | Promise<Uint8Array | null> {
    const chunk = this.#take()
    return chunk === undefined ? this.#wait() : chunk
  }

  cancel(): void {
    this.#stream.off('end', this.#onEnd)
    this.#stream.off('readable', this.#onReadable)
    this.#stream.destroy()
  }

  async #wait(): Promise<Uint8Array | null> {
    for (;;) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      const chunk = this.#take()
      if (chunk !== undefined) {
        return chunk
      }
    }
  }

  /**
   * A chunk, or null at the end; undefined if neither is there yet. Bytes that arrived before a failure are returned
   * before it: a destroyed stream still has them.
   */
  #take(): Uint8Array | null | undefined {
    const chunk = this.#ended ? null : this.#stream.read()
    if (chunk !== null) {
      return expectChunk(chunk)
    }
    if (this.#ended) {
      return null
    }
    if (this.#failure !== null) {
      throw this.#failure.error
    }
    return undefined
  }

  #settle(failure: { readonly error: unknown }): void {
    this.#failure ??= failure
    this.#wake()
  }

  readonly #onEnd = (): void => {
    this.#ended = true
    this.#wake()
  }

  readonly #onReadable = (): void => {
    this.#wake()
  }
}

const closedEarly = (): Error => new Error('the stream was closed before its end')
