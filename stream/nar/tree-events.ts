import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Stats,
} from 'node:fs'
import type { NarEvent } from './events.js'
import { entryNameOf } from './names.js'
import { pathIn, TreeFailure } from './tree-failure.js'

/** The most bytes of contents that one event has. */
const pieceSize = 256 * 1024

export interface TreeOptions {
  /**
   * Whether to cut from each name what begins with `~nix~case~hack~`, the mark with which Nix keeps names apart
   * that differ in case only. Default: on macOS, where Nix does so.
   */
  readonly caseHack?: boolean
}

const mark = '~nix~case~hack~'

/**
 * What stands at a path, as the events of its NAR. Symbolic links are never followed. Entries are read one
 * directory at a time, files in pieces of 256 KiB; each piece is the caller's.
 *
 * @throws TreeFailure for what no NAR can hold and for a file that changes while it is read, and Node's own errors.
 */
export function* treeEvents(path: string | Uint8Array, options: TreeOptions = {}): Generator<NarEvent, void> {
  const { caseHack = process.platform === 'darwin' } = options
  const root = Buffer.from(path)
  const stack: Array<Level> = []
  yield* nodeEvents(root, lstatSync(root), stack, caseHack)
  for (let level = stack.at(-1); level !== undefined; level = stack.at(-1)) {
    const entry = level.entries[level.at++]
    if (entry === undefined) {
      stack.pop()
      yield { _tag: 'directoryEnd' }
    } else {
      yield { _tag: 'entry', name: entry.name }
      yield* nodeEvents(pathIn(level.path, entry.dirent.name), entry.dirent, stack, caseHack)
    }
  }
}

interface Level {
  readonly path: Buffer
  readonly entries: ReadonlyArray<Entry>
  at: number
}

interface Entry {
  readonly name: string
  readonly dirent: Dirent<Buffer>
}

function* nodeEvents(
  path: Buffer,
  kind: Dirent<Buffer> | Stats,
  stack: Array<Level>,
  caseHack: boolean,
): Generator<NarEvent, void> {
  if (kind.isFile()) {
    yield* fileEvents(path)
  } else if (kind.isDirectory()) {
    yield { _tag: 'directory' }
    stack.push({ path, entries: entriesOf(path, caseHack), at: 0 })
  } else if (kind.isSymbolicLink()) {
    yield { _tag: 'symlink', target: entryNameOf(readlinkSync(path, { encoding: 'buffer' })) }
  } else {
    throw new TreeFailure(path, 'neither a file nor a directory nor a symbolic link: no NAR can hold it')
  }
}

const entriesOf = (path: Buffer, caseHack: boolean): ReadonlyArray<Entry> => {
  const entries = readdirSync(path, { encoding: 'buffer', withFileTypes: true })
  if (!caseHack) {
    entries.sort((a, b) => Buffer.compare(a.name, b.name))
    return entries.map((dirent) => ({ name: entryNameOf(dirent.name), dirent }))
  }
  const unmarked = entries.map((dirent) => ({ name: withoutMark(dirent.name), dirent }))
  unmarked.sort((a, b) => Buffer.compare(a.name, b.name))
  for (let i = 1; i < unmarked.length; i++) {
    if (unmarked[i]!.name.equals(unmarked[i - 1]!.name)) {
      throw new TreeFailure(path, `two entries that without ${mark} have one name`)
    }
  }
  return unmarked.map(({ name, dirent }) => ({ name: entryNameOf(name), dirent }))
}

const withoutMark = (name: Buffer): Buffer => {
  const at = name.indexOf(mark)
  return at === -1 ? name : name.subarray(0, at)
}

// O_NONBLOCK: what was a file when it was listed may be a pipe by now, and opening that would wait.
const openFlags =
  constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0)

function* fileEvents(path: Buffer): Generator<NarEvent, void> {
  const fd = openSync(path, openFlags)
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) {
      throw new TreeFailure(path, 'no file any more: it changed while it was read')
    }
    yield { _tag: 'regular', executable: (stats.mode & constants.S_IXUSR) !== 0, size: stats.size }
    for (let left = stats.size; left > 0; ) {
      const piece = Buffer.allocUnsafe(Math.min(left, pieceSize))
      const count = readSync(fd, piece, 0, piece.length, null)
      if (count === 0) {
        throw new TreeFailure(path, `shorter than its ${stats.size} bytes: it changed while it was read`)
      }
      left -= count
      yield { _tag: 'contents', bytes: piece.subarray(0, count) }
    }
  } finally {
    closeSync(fd)
  }
}
