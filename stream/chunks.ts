/** Chunks of bytes, one after another: what every source is turned into. */
export interface Chunks {
  /** The next chunk; null at the end. At once where it is there already. Throws, or rejects, where the source fails. */
  next(): Uint8Array | null | Promise<Uint8Array | null>
  /** Says that no more will be asked for. */
  cancel(reason: unknown): void
}

/** As much of Node's `Readable` as is needed; a socket is one too. */
export interface NodeReadable {
  read(): unknown
  on(event: string, listener: (...values: ReadonlyArray<never>) => void): unknown
  off(event: string, listener: (...values: ReadonlyArray<never>) => void): unknown
  destroy(error?: Error): unknown
  readonly readableEnded: boolean
  readonly destroyed: boolean
  readonly errored: Error | null
}

/** A chunk that is one. */
export const expectChunk = (chunk: unknown): Uint8Array => {
  if (!(chunk instanceof Uint8Array)) {
    throw new TypeError(`a chunk must be a Uint8Array, not ${typeof chunk}`)
  }
  return chunk
}
