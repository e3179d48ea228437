/**
 * One at a time for each path: what two connections do to one waits for each other, and what they do to others does not.
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
 * Hold one while something is put in its place, not while a client sends it: one that never ends would hold up all others.
 */
export class PathLocks {
  readonly #last = new Map<string, Promise<void>>()

  /** Does some work when all that was asked for before with this path is done, however that ended. */
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
