import {
  linkSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Source } from '../source.js'
import type { ByteSource } from './byte-source.js'
import type { NarParserOptions } from './options.js'
import { narEventBatches } from './stream.js'
import { pathIn, TreeFailure } from './tree-failure.js'
import { TreeWriter } from './tree-writer.js'

export interface UnpackOptions extends NarParserOptions {
  readonly signal?: AbortSignal
}

/**
 * Makes what a NAR holds at `target`, which must not exist; its parent must.
 *
 * ```ts no-run
 * import { createReadStream } from 'node:fs'
 * import { unpack } from 'nix-wire/stream'
 *
 * await unpack(createReadStream('result.nar'), './result')
 * ```
 *
 * The tree grows in a new directory beside `target` that nobody else can enter, and is moved to its place when the
 * archive has come to its end: `target` is there whole or not at all. No archive can lead outside it: names are
 * single names, every file, link and directory is made anew, and links are made and never followed. Files get
 * the mode 0666 or, where they are executable, 0777, less the umask.
 *
 * @throws IssueError for an archive that breaks a rule; TreeFailure where `target` exists, or where the file
 * system takes two names for one; Node's own errors; the signal's reason. What had been made is then removed.
 */
export const unpack = async (
  source: Source | ByteSource,
  target: string,
  options: UnpackOptions = {},
): Promise<void> => {
  const { signal, ...parserOptions } = options
  const path = resolve(target)
  refuseExisting(path)
  const workshop = mkdtempSync(join(dirname(path), `.${basename(path).slice(0, 100)}.`))
  const tree = pathIn(Buffer.from(workshop), Buffer.from('tree'))
  const writer = new TreeWriter(tree)
  try {
    for await (const events of narEventBatches(source, parserOptions)) {
      signal?.throwIfAborted()
      for (const event of events) {
        writer.write(event)
      }
    }
    moveTo(tree, path)
  } finally {
    writer.close()
    removeTree(Buffer.from(workshop))
  }
}

const refuseExisting = (path: string): void => {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
    throw new TreeFailure(Buffer.from(path), 'there already; nothing is overwritten')
  }
}

/** Moves what has been made, and replaces nothing that came to be there meanwhile. */
const moveTo = (from: Buffer, path: string): void => {
  const stats = lstatSync(from)
  if (stats.isSymbolicLink()) {
    symlinkSync(readlinkSync(from, { encoding: 'buffer' }), path)
  } else if (stats.isFile()) {
    linkOrMove(from, path)
  } else {
    refuseExisting(path)
    renameSync(from, path)
  }
}

const linkOrMove = (from: Buffer, path: string): void => {
  try {
    linkSync(from, path)
  } catch (error) {
    // Not every file system has hard links.
    if (
      !['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(
        (error as NodeJS.ErrnoException).code ?? '',
      )
    ) {
      throw error
    }
    refuseExisting(path)
    renameSync(from, path)
  }
}

/** Removes a directory and what is in it; Node's own way knows only names that are UTF-8. */
const removeTree = (root: Buffer): void => {
  const stack = [root]
  for (let path = stack.at(-1); path !== undefined; path = stack.at(-1)) {
    const directories: Array<Buffer> = []
    for (const entry of readdirSync(path, { encoding: 'buffer', withFileTypes: true })) {
      const inside = pathIn(path, entry.name)
      if (entry.isDirectory()) {
        directories.push(inside)
      } else {
        unlinkSync(inside)
      }
    }
    if (directories.length === 0) {
      rmdirSync(path)
      stack.pop()
    }
    stack.push(...directories)
  }
}
