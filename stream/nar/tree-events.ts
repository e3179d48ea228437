import type { NarEvent } from './events.js'
import { Slab } from './slab.js'
import { treePathOf } from './tree-path.js'
import { TreeReader } from './tree-reader.js'

export interface TreeOptions {
  /**
   * Whether to cut from each name what begins with `~nix~case~hack~`, the mark with which Nix keeps names apart
   * that differ in case only. Default: on macOS, where Nix does so.
   */
  readonly caseHack?: boolean
}

/** @internal Small files share so many bytes of memory. */
export const sharedMemory = 64 * 1024

/** @internal */
export const treeReaderOf = (path: string | Uint8Array, options: TreeOptions, slab: Slab): TreeReader => {
  const { caseHack = process.platform === 'darwin' } = options
  return new TreeReader(treePathOf(path), slab, caseHack)
}

/**
 * What stands at a path, as the events of its NAR. Symbolic links are never followed. Entries are read one
 * directory at a time, files in pieces of 256 KiB; each piece is the caller's.
 *
 * @throws TreeFailure for what no NAR can hold and for a file that changes while it is read, and Node's own errors.
 */
export function* treeEvents(path: string | Uint8Array, options: TreeOptions = {}): Generator<NarEvent, void> {
  const reader = treeReaderOf(path, options, new Slab(sharedMemory))
  try {
    for (let event = reader.next(); event !== null; event = reader.next()) {
      yield event
    }
  } finally {
    reader.close()
  }
}
