/**
 * Keeps one object for reuse. A codec may be called again while it runs (from an `imap`, from a callback): then that
 * object is in use, and the inner call gets its own.
 */
export class Pool<T> {
  #idle: T | undefined
  readonly #make: () => T

  constructor(make: () => T) {
    this.#make = make
  }

  take(): T {
    const idle = this.#idle
    this.#idle = undefined
    return idle ?? this.#make()
  }

  give(used: T): void {
    this.#idle = used
  }
}
