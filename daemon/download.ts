/** The source of a download: pieces, then null; it throws if it fails. */
export interface Pieces {
  next(): Promise<Uint8Array | null>
}

/**
 * The bytes of a download, which are read from the connection on demand, once. The connection is busy until their
 * end: break out of the loop (or call {@link discard}) to read and discard the rest; if there is much of it, closing
 * the connection is cheaper.
 *
 * A download that is not read stays pending as long as the connection lasts; no timeout ends it. Later calls wait for
 * their answers, each up to its own timeout.
 *
 * Iterating throws an IssueError or a RemoteError if the daemon's answer breaks off.
 */
export class Download implements AsyncIterableIterator<Uint8Array> {
  readonly #pieces: Pieces
  #over = false

  /** @internal */
  constructor(pieces: Pieces) {
    this.#pieces = pieces
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#over) {
      return { done: true, value: undefined }
    }
    try {
      const piece = await this.#pieces.next()
      if (piece !== null) {
        return { done: false, value: piece }
      }
    } catch (error) {
      this.#over = true
      throw error
    }
    this.#over = true
    return { done: true, value: undefined }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    await this.discard()
    return { done: true, value: undefined }
  }

  /** Skips the rest. An issue in it is reported by the next call. */
  async discard(): Promise<void> {
    try {
      while (!(await this.next()).done) {
        // The rest is discarded.
      }
    } catch {
      // Discarding has no result, so its errors are ignored.
    }
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
