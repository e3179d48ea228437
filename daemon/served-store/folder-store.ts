import { createReadStream, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { decodeEscaped, encodeEscaped } from '../../bytes/escaped.js'
import { type UnkeyedValidPathInfo, ValidPathInfo } from '../../grammar/path-info.js'
import { type Codec, compile } from '../../interpreters/compile/index.js'
import { pack, unpack } from '../../stream/nar/index.js'
import { removeTree } from '../../stream/nar/workshop.js'
import { sha256 } from '../../stream/sha256.js'
import type { Source } from '../../stream/source.js'
import { BaseStorePath, baseStorePathOf, type StorePath } from '../../types/index.js'
import { newestVersion } from '../../types/nix-protocol.js'
import { codeOf, listenAt } from '../sockets.js'
import { PathIndex } from './path-index.js'
import type { Arrival, HeldBytes, RootLinks, Store } from './store.js'

/** A store in a folder. No other process can use the folder until the store is closed. */
export interface DiskStore extends Store {
  /** The number of valid paths. */
  readonly size: number
  close(): Promise<void>
}

/** Opens a store in a folder, whose options have been checked. */
export const openFolder = async (dir: string, storeDir: string): Promise<DiskStore> => {
  mkdirSync(dir, { recursive: true })
  expectOurs(dir, storeDir)
  const lock = await locked(dir)
  try {
    for (const folder of folders) {
      mkdirSync(join(dir, folder), { recursive: true })
    }
    return new FolderStore(dir, storeDir, lock)
  } catch (error) {
    lock.close()
    throw error
  }
}

const folders = ['store', 'info', 'roots', 'staging'] as const

/**
 * The file that identifies a store, so that no other folder is taken for one. Its line is the store directory.
 */
const mark = 'nix-wire-store'

const expectOurs = (dir: string, storeDir: string): void => {
  const names = readdirSync(dir)
  if (names.includes(mark)) {
    const other = readFileSync(join(dir, mark), 'utf8').trimEnd()
    if (other !== storeDir) {
      throw new Error(`the store in ${dir} has its paths in ${other}, not in ${storeDir}`)
    }
  } else if (names.length > 0) {
    throw new Error(`${dir} is not a store: it is not empty, and lacks the file ${mark}`)
  } else {
    writeFileSync(join(dir, mark), `${storeDir}\n`, { flag: 'wx' })
  }
}

/** A socket that shows that a process uses the folder: it is dead when the process is. */
const locked = async (dir: string): Promise<Server> => {
  const server = createServer((socket) => socket.destroy())
  try {
    await listenAt(server, join(dir, 'lock'))
  } catch (error) {
    throw codeOf(error) === 'EADDRINUSE'
      ? new Error(`the store in ${dir} is in use by another process`)
      : error
  }
  return server.unref()
}

class FolderStore implements DiskStore {
  readonly storeDir: string
  readonly roots: RootLinks
  readonly #dir: string
  readonly #lock: Server
  readonly #index = new PathIndex()
  readonly #infos: Codec<ValidPathInfo>

  constructor(dir: string, storeDir: string, lock: Server) {
    this.storeDir = storeDir
    this.roots = new RootFiles(dir)
    this.#dir = dir
    this.#lock = lock
    this.#infos = compile(ValidPathInfo, { version: newestVersion, features: [], storeDir })
    this.#load()
  }

  get size(): number {
    return this.#index.size
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

  nar(path: StorePath): Source {
    return pack(this.#place('store', path))
  }

  async receive(nar: AsyncIterable<Uint8Array>): Promise<Arrival> {
    const tree = this.#staged()
    await unpack(nar, tree)
    return { keep: (valid) => this.#keep(tree, valid), drop: () => removeTree(tree) }
  }

  async hold(bytes: AsyncIterable<Uint8Array>): Promise<HeldBytes> {
    const file = this.#staged()
    try {
      const size = await written(file, bytes)
      return { size, read: () => createReadStream(file), drop: () => removeTree(file) }
    } catch (error) {
      removeTree(file)
      throw error
    }
  }

  change(path: StorePath, info: UnkeyedValidPathInfo): void {
    const file = this.#writeInfo({ path, info })
    renameSync(file, this.#place('info', path))
    this.#index.set(path, info)
  }

  remove(path: StorePath): void {
    removeTree(this.#place('info', path))
    this.#index.delete(path)
    // Renaming is one step; removing a tree takes many.
    const old = this.#staged()
    renameSync(this.#place('store', path), old)
    removeTree(old)
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#lock.close(() => resolve()))
  }

  #keep(tree: string, valid: ValidPathInfo): void {
    const place = this.#place('store', valid.path)
    let file: string | null = null
    try {
      file = this.#writeInfo(valid)
      // The leftovers of a failed removal.
      removeTree(place)
      renameSync(tree, place)
      try {
        renameSync(file, this.#place('info', valid.path))
      } catch (error) {
        removeTree(place)
        throw error
      }
    } catch (error) {
      removeTree(tree)
      if (file !== null) {
        removeTree(file)
      }
      throw error
    }
    this.#index.set(valid.path, valid.info)
  }

  /** Writes a temporary file, to be moved to its place. */
  #writeInfo(valid: ValidPathInfo): string {
    const bytes = this.#infos.encode(valid)
    if (bytes._tag === 'Left') {
      throw new Error(`the info of ${valid.path} has no form: ${bytes.left.expected}`)
    }
    const file = this.#staged()
    try {
      writeFileSync(file, bytes.right, { flag: 'wx' })
    } catch (error) {
      removeTree(file)
      throw error
    }
    return file
  }

  #place(folder: 'store' | 'info', path: StorePath): string {
    return join(this.#dir, folder, baseStorePathOf(path))
  }

  #staged(): string {
    return join(this.#dir, 'staging', crypto.randomUUID())
  }

  /** Reads the path infos, and removes the unfinished work of another process. */
  #load(): void {
    for (const name of readdirSync(join(this.#dir, 'staging'))) {
      removeTree(join(this.#dir, 'staging', name))
    }
    const trees = new Set(readdirSync(join(this.#dir, 'store')))
    for (const name of readdirSync(join(this.#dir, 'info'))) {
      const file = join(this.#dir, 'info', name)
      const read = this.#infos.decode(readFileSync(file))
      if (read._tag === 'Left' || baseStorePathOf(read.right.path) !== name) {
        throw new Error(`${file} is not the info of ${name}`)
      }
      if (!trees.delete(name)) {
        throw new Error(`${file} has no file beside it in ${join(this.#dir, 'store')}`)
      }
      this.#index.set(read.right.path, read.right.info)
    }
    for (const name of trees) {
      if (BaseStorePath.is(name)) {
        removeTree(join(this.#dir, 'store', name))
      }
    }
  }
}

const written = async (file: string, bytes: AsyncIterable<Uint8Array>): Promise<number> => {
  const handle: FileHandle = await open(file, 'wx', 0o600)
  let size = 0
  try {
    for await (const chunk of bytes) {
      await handle.writeFile(chunk)
      size += chunk.length
    }
  } finally {
    await handle.close()
  }
  return size
}

/** A file for each link, named by the hash of its path, with the path in it. */
class RootFiles implements RootLinks {
  readonly #dir: string
  readonly #links = new Map<string, string>()

  constructor(dir: string) {
    this.#dir = dir
    for (const name of readdirSync(join(dir, 'roots'))) {
      this.#links.set(name, decodeEscaped(readFileSync(join(dir, 'roots', name))))
    }
  }

  add(link: string): void {
    const name = nameOf(link)
    if (!this.#links.has(name)) {
      const file = join(this.#dir, 'staging', crypto.randomUUID())
      try {
        writeFileSync(file, encodeEscaped(link), { flag: 'wx' })
        renameSync(file, join(this.#dir, 'roots', name))
      } catch (error) {
        removeTree(file)
        throw error
      }
      this.#links.set(name, link)
    }
  }

  remove(link: string): void {
    const name = nameOf(link)
    if (this.#links.delete(name)) {
      removeTree(join(this.#dir, 'roots', name))
    }
  }

  all(): ReadonlyArray<string> {
    return [...this.#links.values()]
  }
}

const nameOf = (link: string): string => sha256().update(encodeEscaped(link)).digest('hex')
