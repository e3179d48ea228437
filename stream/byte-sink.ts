/** A sink of chunks of bytes. If it fails, its methods throw or reject. */
export interface ByteSink {
  /** Takes a chunk, which then belongs to the sink. The result is awaited before the next chunk. */
  write(chunk: Uint8Array): void | Promise<void>
  /** Waits until all written bytes are sent. */
  flush?(): void | Promise<void>
}

/** The part of Node's `Writable` that is needed, such as a socket. */
export interface NodeWritable {
  write(chunk: Uint8Array, done: (error?: Error | null) => void): boolean
  on(event: string, listener: (...values: ReadonlyArray<never>) => void): unknown
  readonly writableNeedDrain: boolean
  readonly destroyed: boolean
  readonly errored: Error | null
}
