import { randomUUID } from 'node:crypto'
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs'
import type { NarEvent } from './events.js'
import { entryNameOf } from './names.js'
import { TreeFailure } from './tree-failure.js'
import { pathIn, type TreePath, treePathOf } from './tree-path.js'
import { TreeWriter } from './tree-writer.js'
import { UnpackTarget } from './unpack-target.js'

/** Makes what the events of an archive say at `given`: there whole, or not at all. */
export const unpackBatches = async (
  batches: AsyncIterable<ReadonlyArray<NarEvent>>,
  given: string | Uint8Array,
  signal?: AbortSignal,
): Promise<void> => {
  const target = new UnpackTarget(given)
  const workshop = treePathOf(`${target.directory}.nix-wire-${randomUUID()}`)
  mkdirSync(workshop, 0o700)
  const tree = pathIn(workshop, 'tree')
  const writer = new TreeWriter(tree)
  try {
    for await (const events of batches) {
      signal?.throwIfAborted()
      for (const event of events) {
        writer.write(event)
      }
    }
    moveTo(tree, target)
  } finally {
    writer.close()
    removeTree(workshop)
  }
}

/** Moves what has been made, and replaces nothing that came to be there meanwhile. */
const moveTo = (from: TreePath, target: UnpackTarget): void => {
  const stats = lstatSync(from)
  if (stats.isDirectory()) {
    // The system would replace an empty directory.
    target.refuseExisting()
    renameSync(from, target.path)
    return
  }
  if (target.forDirectory) {
    throw new TreeFailure(target.path, 'only a directory can be made at a path that ends with a slash')
  }
  try {
    if (stats.isSymbolicLink()) {
      symlinkSync(readlinkSync(from, { encoding: 'buffer' }), target.path)
    } else {
      linkOrMove(from, target)
    }
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? target.existing() : error
  }
}

const linkOrMove = (from: TreePath, target: UnpackTarget): void => {
  try {
    linkSync(from, target.path)
  } catch (error) {
    // Not every file system has hard links.
    if (
      !['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(
        (error as NodeJS.ErrnoException).code ?? '',
      )
    ) {
      throw error
    }
    target.refuseExisting()
    renameSync(from, target.path)
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
    for (const directory of directories) {
      stack.push(directory)
    }
  }
}
