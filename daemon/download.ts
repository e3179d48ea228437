/** What a download is made of: pieces, until null; throws where it fails. */
export interface Pieces {
  next(): Promise<Uint8Array | null>
}

/**
 * Bytes that the daemon sends, as they are asked for. They can be read once. The connection is busy with them up to
 * their end: break out of the loop (or call {@link discard}) to read the rest and throw it away; if there is much of it,
 * closing the connection is cheaper.
 *
 * A download that is held and not read stays as it is, for as long as the connection does: no timeout ends it. The calls
 * after it wait for their answers, each as long as its own timeout.
 *
 * Iterating throws an IssueError or a RemoteError where the daemon's answer breaks off.
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

  /** Passes over the rest; what is wrong with it shows in the next call. */
  async discard(): Promise<void> {
    try {
      while (!(await this.next()).done) {
        // Thrown away.
      }
    } catch {
      // Whoever discards it wants no result.
    }
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
