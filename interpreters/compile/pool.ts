/**
 * Keeps one object for reuse. A codec may be entered again while it runs (from an `imap`, from a callback): then
 * the one is taken and the inner run gets an object of its own.
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
