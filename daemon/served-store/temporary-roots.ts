import type { StorePath } from '../../types/index.js'
import { RemoteError } from '../failure.js'

/** The limit for one client, which may name any number of paths. */
const mostOfOne = 2 ** 20

/** The paths that open connections need: each keeps some paths until it ends. */
export class TemporaryRoots {
  readonly #connections = new Map<number, Set<StorePath>>()
  #opened = 0

  /** For a connection; its paths are released with it. */
  open(signal: AbortSignal): (path: StorePath) => void {
    const id = ++this.#opened
    const kept = new Set<StorePath>()
    if (!signal.aborted) {
      this.#connections.set(id, kept)
    }
    signal.addEventListener('abort', () => this.#connections.delete(id), { once: true })
    return (path) => {
      if (kept.size >= mostOfOne && !kept.has(path)) {
        throw new RemoteError(`a connection can keep at most ${mostOfOne} paths`)
      }
      kept.add(path)
    }
  }

  /** All as roots, each with the connection that keeps it. */
  *all(): Generator<readonly [link: string, path: StorePath], void> {
    for (const [id, paths] of this.#connections) {
      for (const path of paths) {
        yield [`{temp:${id}}`, path]
      }
    }
  }
}
