/**
 * Locks, one for each path: work on the same path is done one after another, work on other paths does not wait.
 *
 * ```ts
 * import { PathLocks } from 'nix-wire/daemon'
 *
 * const locks = new PathLocks()
 * const seen: Array<string> = []
 * await Promise.all([
 *   locks.hold('a', async () => { await null; seen.push('first') }),
 *   locks.hold('a', async () => { seen.push('second') }),
 * ])
 * seen // => ['first', 'second']
 * ```
 *
 * Hold a lock while something is moved to its place, not while a client sends it: a client that never finishes would
 * block all others.
 */
export class PathLocks {
  readonly #last = new Map<string, Promise<void>>()

  /** Does some work after all earlier work on this path has ended, successfully or not. */
  async hold<A>(path: string, work: () => A | Promise<A>): Promise<A> {
    const before = this.#last.get(path)
    let release: () => void = () => undefined
    const mine = new Promise<void>((resolve) => {
      release = resolve
    })
    this.#last.set(path, mine)
    try {
      await before
      return await work()
    } finally {
      release()
      if (this.#last.get(path) === mine) {
        this.#last.delete(path)
      }
    }
  }
}
