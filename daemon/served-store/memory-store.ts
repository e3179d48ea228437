import { checkOptions, number, type OptionChecks, usual } from '../../combinators/options.js'
import type { UnkeyedValidPathInfo, ValidPathInfo } from '../../grammar/path-info.js'
import type { StorePath } from '../../types/index.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { RemoteError } from '../failure.js'
import { PathIndex } from './path-index.js'
import type { Arrival, HeldBytes, RootLinks, Store } from './store.js'

export interface MemoryStoreOptions {
  /** The store directory of its paths. Default: `/nix/store`. */
  readonly storeDir?: string
  /** The most bytes of all archives, including those being received. Default: 1 GiB. */
  readonly maxSize?: number
}

const checks: OptionChecks<MemoryStoreOptions> = { storeDir: usual.storeDir, maxSize: number }

const defaultMaxSize = 2 ** 30

/**
 * A store in memory, for tests and caches. It ends with the process.
 *
 * ```ts
 * import { memoryStore, serveAt, storeHandlers } from 'nix-wire/daemon'
 *
 * const start = () => serveAt('/run/my-store/socket', storeHandlers(memoryStore()), { trusted: true })
 * ```
 *
 * @throws TypeError or RangeError for invalid options.
 */
export const memoryStore = (options: MemoryStoreOptions = {}): Store => {
  checkOptions('memoryStore', checks, options)
  const { maxSize = defaultMaxSize, ...given } = options
  if (!(maxSize >= 0)) {
    throw new RangeError(`not a number of bytes: ${maxSize}`)
  }
  return new MemoryStore(nixProtocol(given).storeDir, maxSize)
}

class MemoryStore implements Store {
  readonly storeDir: string
  readonly #index = new PathIndex()
  readonly #nars = new Map<StorePath, Blocks>()
  readonly #links = new Set<string>()
  readonly #budget: Budget
  readonly roots: RootLinks = {
    add: (link) => void this.#links.add(link),
    remove: (link) => void this.#links.delete(link),
    all: () => [...this.#links],
  }

  constructor(storeDir: string, maxSize: number) {
    this.storeDir = storeDir
    this.#budget = new Budget(maxSize)
  }

  info(path: StorePath): UnkeyedValidPathInfo | null {
    return this.#index.info(path)
  }

  paths(): Iterable<StorePath> {
    return this.#index.paths()
  }

  pathOf(hashPart: string): StorePath | null {
    return this.#index.pathOf(hashPart)
  }

  referrers(path: StorePath): Iterable<StorePath> {
    return this.#index.referrers(path)
  }

  nar(path: StorePath): ReadonlyArray<Uint8Array> {
    return this.#nars.get(path)?.chunks ?? []
  }

  async receive(nar: AsyncIterable<Uint8Array>): Promise<Arrival> {
    const blocks = await Blocks.collect(nar, this.#budget)
    return {
      keep: ({ path, info }: ValidPathInfo) => {
        this.#nars.get(path)?.drop()
        this.#nars.set(path, blocks)
        this.#index.set(path, info)
      },
      drop: () => blocks.drop(),
    }
  }

  async hold(bytes: AsyncIterable<Uint8Array>): Promise<HeldBytes> {
    const blocks = await Blocks.collect(bytes, this.#budget)
    return { size: blocks.size, read: () => blocks.chunks, drop: () => blocks.drop() }
  }

  change(path: StorePath, info: UnkeyedValidPathInfo): void {
    this.#index.set(path, info)
  }

  remove(path: StorePath): void {
    this.#index.delete(path)
    this.#nars.get(path)?.drop()
    this.#nars.delete(path)
  }
}

class Budget {
  readonly #most: number
  #used = 0

  constructor(most: number) {
    this.#most = most
  }

  take(size: number): void {
    if (this.#used + size > this.#most) {
      throw new RemoteError(`the store is full: it can hold ${this.#most} bytes`)
    }
    this.#used += size
  }

  give(size: number): void {
    this.#used -= size
  }
}

const smallestBlock = 512
const largestBlock = 65_536

/**
 * Bytes in blocks of a fixed size: a client may send them one by one, and an array for each would take a hundred times
 * the memory.
 */
class Blocks {
  /** Replaced by another array when they are dropped: one that is being sent stays unchanged. */
  chunks: Array<Uint8Array> = []
  readonly #budget: Budget
  #block = new Uint8Array(smallestBlock)
  #filled = 0
  #full = 0

  private constructor(budget: Budget) {
    this.#budget = budget
  }

  static async collect(bytes: AsyncIterable<Uint8Array>, budget: Budget): Promise<Blocks> {
    const blocks = new Blocks(budget)
    try {
      for await (const chunk of bytes) {
        blocks.#add(chunk)
      }
    } catch (error) {
      blocks.drop()
      throw error
    }
    blocks.#close()
    return blocks
  }

  get size(): number {
    return this.#full + this.#filled
  }

  drop(): void {
    this.#budget.give(this.size)
    this.chunks = []
    this.#full = 0
    this.#filled = 0
  }

  #add(chunk: Uint8Array): void {
    this.#budget.take(chunk.length)
    for (let at = 0; at < chunk.length; ) {
      const some = chunk.subarray(at, at + this.#block.length - this.#filled)
      this.#block.set(some, this.#filled)
      this.#filled += some.length
      at += some.length
      if (this.#filled === this.#block.length) {
        const { length } = this.#block
        this.#close()
        this.#block = new Uint8Array(Math.min(largestBlock, 2 * length))
      }
    }
  }

  #close(): void {
    if (this.#filled > 0) {
      const isFull = this.#filled === this.#block.length
      this.chunks.push(isFull ? this.#block : this.#block.slice(0, this.#filled))
      this.#full += this.#filled
      this.#filled = 0
    }
  }
}
