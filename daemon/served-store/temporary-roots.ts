import type { StorePath } from '../../types/index.js'
import { RemoteError } from '../failure.js'

/** A client may name any number of paths. */
const mostOfOne = 2 ** 20

/** What the connections that are open need: each keeps some paths until it ends. */
export class TemporaryRoots {
  readonly #connections = new Map<number, Set<StorePath>>()
  #opened = 0

  /** For a connection; what is kept is forgotten with it. */
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

  /** As roots, each with what keeps it. */
  *all(): Generator<readonly [link: string, path: StorePath], void> {
    for (const [id, paths] of this.#connections) {
      for (const path of paths) {
        yield [`{temp:${id}}`, path]
      }
    }
  }
}
