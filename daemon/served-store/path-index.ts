import type { UnkeyedValidPathInfo } from '../../grammar/path-info.js'
import { type StorePath, storePathHashOf } from '../../types/index.js'

const noPaths: ReadonlySet<StorePath> = new Set()

/** The path infos of a store, and the references between them. */
export class PathIndex {
  readonly #infos = new Map<StorePath, UnkeyedValidPathInfo>()
  readonly #referrers = new Map<StorePath, Set<StorePath>>()
  readonly #byHash = new Map<string, StorePath>()

  get size(): number {
    return this.#infos.size
  }

  info(path: StorePath): UnkeyedValidPathInfo | null {
    return this.#infos.get(path) ?? null
  }

  paths(): Iterable<StorePath> {
    return this.#infos.keys()
  }

  pathOf(hashPart: string): StorePath | null {
    return this.#byHash.get(hashPart) ?? null
  }

  referrers(path: StorePath): Iterable<StorePath> {
    return this.#referrers.get(path) ?? noPaths
  }

  set(path: StorePath, info: UnkeyedValidPathInfo): void {
    this.delete(path)
    this.#infos.set(path, info)
    this.#byHash.set(storePathHashOf(path), path)
    for (const reference of info.references) {
      const referrers = this.#referrers.get(reference) ?? new Set()
      this.#referrers.set(reference, referrers.add(path))
    }
  }

  delete(path: StorePath): void {
    for (const reference of this.#infos.get(path)?.references ?? []) {
      const referrers = this.#referrers.get(reference)
      referrers?.delete(path)
      if (referrers?.size === 0) {
        this.#referrers.delete(reference)
      }
    }
    this.#infos.delete(path)
    if (this.#byHash.get(storePathHashOf(path)) === path) {
      this.#byHash.delete(storePathHashOf(path))
    }
  }
}
