/** A source of chunks of bytes. Every other kind of source is converted to this. */
export interface Chunks {
  /**
   * The next chunk; null at the end. It is returned synchronously if it is available. If the source fails, it throws
   * or rejects.
   */
  next(): Uint8Array | null | Promise<Uint8Array | null>
  /** Cancels the source: no more chunks are needed. */
  cancel(reason: unknown): void
}

/** The part of Node's `Readable` that is needed, such as a socket. */
export interface NodeReadable {
  read(): unknown
  on(event: string, listener: (...values: ReadonlyArray<never>) => void): unknown
  off(event: string, listener: (...values: ReadonlyArray<never>) => void): unknown
  destroy(error?: Error): unknown
  readonly readableEnded: boolean
  readonly destroyed: boolean
  readonly errored: Error | null
}

/** @throws TypeError for an invalid chunk. */
export const expectChunk = (chunk: unknown): Uint8Array => {
  if (!(chunk instanceof Uint8Array)) {
    throw new TypeError(`a chunk must be a Uint8Array, not ${typeof chunk}`)
  }
  return chunk
}
