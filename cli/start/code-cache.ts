import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { apart } from '../is-terminal.js'

// V8's compiled code of the files of the command, kept for the next run. It is trusted like code, so only a file that
// belongs to the user, and that no one else may write, is read. After any error the command runs without a cache.

/** Compiled code by the name of its file. */
export type Compiled = ReadonlyMap<string, Uint8Array>

interface Header {
  /** The build and the engine that it belongs to. */
  readonly key: string
  readonly files: ReadonlyArray<readonly [name: string, size: number]>
}

const most = 64

/** The key that cached code must have. */
const keyOf = (build: string): string =>
  [build, process.version, process.versions.v8, process.arch, process.execArgv.join(' ')].join(' ')

/** Several builds and engines each have a file of their own: they would overwrite each other at each start. */
const fileName = (name: string, build: string): string => `${name}-${build.slice(0, 8)}-${process.version}`

/** The folder of caches; null if this user has none. */
const folder = (): string | null => {
  const { NODE_DISABLE_COMPILE_CACHE, NODE_V8_COVERAGE, XDG_CACHE_HOME, HOME, LOCALAPPDATA } = process.env
  if (NODE_DISABLE_COMPILE_CACHE === '1' || NODE_V8_COVERAGE !== undefined) {
    return null
  }
  const caches =
    process.platform === 'win32'
      ? LOCALAPPDATA
      : isAbsolute(XDG_CACHE_HOME)
        ? XDG_CACHE_HOME
        : isAbsolute(HOME)
          ? join(HOME, process.platform === 'darwin' ? 'Library/Caches' : '.cache')
          : undefined
  return caches === undefined ? null : join(caches, 'nix-wire')
}

const isAbsolute = (path: string | undefined): path is string => path?.startsWith('/') === true

const isOwn = ({ uid, mode }: { readonly uid: bigint; readonly mode: bigint }): boolean =>
  process.platform === 'win32' || (Number(uid) === process.geteuid?.() && (mode & 0o022n) === 0n)

/** The cache of that name. */
export const readCache = (name: string, build: string): Compiled => {
  const found = new Map<string, Uint8Array>()
  try {
    const dir = folder()
    const data = dir === null ? null : readOwn(join(dir, fileName(name, build)))
    if (data === null) {
      return found
    }
    const end = data.indexOf(10)
    const { key, files } = JSON.parse(data.toString('utf8', 0, end)) as Header
    let at = end + 1
    if (key !== keyOf(build) || data.length !== files.reduce((sum, [, size]) => sum + size, at)) {
      return found
    }
    for (const [file, size] of files) {
      found.set(file, data.subarray(at, at + size))
      at += size
    }
  } catch {
    // There is no cache yet, or it belongs to another user.
  }
  return found
}

const readOwn = (file: string): Buffer | null => {
  const fd = openSync(file, 'r')
  try {
    return isOwn(fstatSync(fd, apart)) ? readFileSync(fd) : null
  } finally {
    closeSync(fd)
  }
}

/** Stores compiled code under a name, replacing the old cache. */
export const writeCache = (name: string, build: string, compiled: Compiled): void => {
  try {
    const dir = folder()
    if (dir === null) {
      return
    }
    makeFolder(dirname(dir))
    makeFolder(dir)
    if (!isOwn(statSync(dir, apart))) {
      return
    }
    const header: Header = {
      key: keyOf(build),
      files: [...compiled].map(([file, { length }]) => [file, length]),
    }
    const file = fileName(name, build)
    const temporary = join(dir, `${file}.${process.pid}`)
    try {
      writeWhole(temporary, [Buffer.from(`${JSON.stringify(header)}\n`), ...compiled.values()])
      renameSync(temporary, join(dir, file))
    } catch {
      rmSync(temporary, { force: true })
    }
    dropOld(dir)
  } catch {
    // The cache has no folder.
  }
}

/** Makes one folder; a recursive call never ends in `/proc`. */
const makeFolder = (path: string): void => {
  if (statSync(path, { ...apart, throwIfNoEntry: false }) === undefined) {
    mkdirSync(path, { mode: 0o700 })
  }
}

/** The file is on the disk before it is renamed, so that no reader sees a part. */
const writeWhole = (file: string, parts: ReadonlyArray<Uint8Array>): void => {
  const fd = openSync(file, 'wx', 0o600)
  try {
    for (const part of parts) {
      for (let at = 0; at < part.length; ) {
        at += writeSync(fd, part, at)
      }
    }
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Deletes caches of other versions. */
const dropOld = (dir: string): void => {
  const names = readdirSync(dir)
  if (names.length > most) {
    const byAge = names
      .map((name) => ({ name, time: statSync(join(dir, name), apart).mtimeNs }))
      .sort((a, b) => Number(b.time - a.time))
    for (const { name } of byAge.slice(most / 2)) {
      rmSync(join(dir, name), { force: true })
    }
  }
}
