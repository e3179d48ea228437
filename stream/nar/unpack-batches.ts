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
import type { NarEvent } from './events.js'
import { entryNameOf } from './names.js'
import { TreeFailure } from './tree-failure.js'
import { pathIn, type TreePath } from './tree-path.js'
import { TreeWriter } from './tree-writer.js'

/** Makes what the events of an archive say at `target`: there whole, or not at all. */
export const unpackBatches = async (
  batches: AsyncIterable<ReadonlyArray<NarEvent>>,
  target: string,
  signal?: AbortSignal,
): Promise<void> => {
  const path = resolve(target)
  refuseExisting(path)
  const workshop = mkdtempSync(join(dirname(path), `.${basename(path).slice(0, 100)}.`))
  const tree = join(workshop, 'tree')
  const writer = new TreeWriter(tree)
  try {
    for await (const events of batches) {
      signal?.throwIfAborted()
      for (const event of events) {
        writer.write(event)
      }
    }
    moveTo(tree, path)
  } finally {
    writer.close()
    removeTree(workshop)
  }
}

const refuseExisting = (path: string): void => {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
    throw new TreeFailure(path, 'there already; nothing is overwritten')
  }
}

/** Moves what has been made, and replaces nothing that came to be there meanwhile. */
const moveTo = (from: string, path: string): void => {
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

const linkOrMove = (from: string, path: string): void => {
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
const removeTree = (root: TreePath): void => {
  const stack = [root]
  for (let path = stack.at(-1); path !== undefined; path = stack.at(-1)) {
    const directories: Array<TreePath> = []
    for (const entry of readdirSync(path, { encoding: 'buffer', withFileTypes: true })) {
      const inside = pathIn(path, entryNameOf(entry.name))
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
