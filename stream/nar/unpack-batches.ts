import { linkSync, lstatSync, readlinkSync, renameSync, symlinkSync } from 'node:fs'
import type { NarEvent } from './events.js'
import { TreeFailure } from './tree-failure.js'
import type { TreePath } from './tree-path.js'
import { TreeWriter } from './tree-writer.js'
import { UnpackTarget } from './unpack-target.js'
import { Workshop, withPath } from './workshop.js'

/**
 * Unpacks the events of an archive at `given`: completely, or not at all. A process that does nothing else meanwhile
 * may change its working directory to the new tree's.
 */
export const unpackBatches = async (
  batches: AsyncIterable<ReadonlyArray<NarEvent>>,
  given: string | Uint8Array,
  signal?: AbortSignal,
  mayGo = false,
): Promise<void> => {
  const target = new UnpackTarget(given)
  const workshop = new Workshop(target.directory)
  let back: (() => void) | null = null
  let tree = workshop.inside('tree')
  let writer: TreeWriter | null = null
  try {
    for await (const events of batches) {
      signal?.throwIfAborted()
      if (writer === null) {
        // Not earlier: the archive may have a relative path, and is open only now.
        back = mayGo ? workshop.enter() : null
        tree = back === null ? tree : './tree'
        writer = new TreeWriter(tree)
      }
      for (const event of events) {
        writer.write(event)
      }
    }
    moveTo(tree, target, workshop.beside(target.name))
  } catch (error) {
    throw workshop.named(withPath(error, tree, target.path))
  } finally {
    writer?.close()
    back?.()
    workshop.remove()
  }
}

/** Moves the new tree to its place, without replacing anything that has appeared there meanwhile. */
const moveTo = (from: TreePath, target: UnpackTarget, place: TreePath): void => {
  const stats = lstatSync(from)
  if (stats.isDirectory()) {
    // rename() would replace an empty directory.
    target.refuseExisting(place)
    renameSync(from, place)
    return
  }
  if (target.forDirectory) {
    throw new TreeFailure(target.path, 'only a directory can be made at a path that ends with a slash')
  }
  try {
    if (stats.isSymbolicLink()) {
      symlinkSync(readlinkSync(from, { encoding: 'buffer' }), place)
    } else {
      linkOrMove(from, target, place)
    }
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? target.existing() : error
  }
}

const linkOrMove = (from: TreePath, target: UnpackTarget, place: TreePath): void => {
  try {
    linkSync(from, place)
  } catch (error) {
    // Not every file system has hard links.
    if (
      !['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(
        (error as NodeJS.ErrnoException).code ?? '',
      )
    ) {
      throw error
    }
    target.refuseExisting(place)
    renameSync(from, place)
  }
}
