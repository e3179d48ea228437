/** What bytes go to, whole chunk by whole chunk. Throws, or rejects, where it fails. */
export interface ByteSink {
  /** Takes a chunk, which is the sink's from then on; what it returns is awaited before the next. */
  write(chunk: Uint8Array): void | Promise<void>
  /** Waits until all that was written is on its way. */
  flush?(): void | Promise<void>
}

/** As much of Node's `Writable` as is needed; a socket is one too. */
export interface NodeWritable {
  write(chunk: Uint8Array, done: (error?: Error | null) => void): boolean
  on(event: string, listener: (...values: ReadonlyArray<never>) => void): unknown
  readonly writableNeedDrain: boolean
  readonly destroyed: boolean
  readonly errored: Error | null
}
