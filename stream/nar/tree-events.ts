import { checkOptions, flag, type OptionChecks } from '../../combinators/options.js'
import type { NarEvent } from './events.js'
import { Slab } from './slab.js'
import { treePathOf } from './tree-path.js'
import { TreeReader } from './tree-reader.js'

export interface TreeOptions {
  /**
   * Removes from each name the suffix that begins with `~nix~case~hack~`, the mark with which Nix distinguishes names
   * that differ only in case. Default: true on macOS, as in Nix.
   */
  readonly caseHack?: boolean
}

/** How each option is checked. */
export const treeOptions: OptionChecks<TreeOptions> = { caseHack: flag }

/** @internal The size of the buffer that small files share. */
export const sharedMemory = 64 * 1024

/** @internal */
export const treeReaderOf = (
  path: string | Uint8Array,
  caseHack: boolean | undefined,
  slab: Slab,
): TreeReader => new TreeReader(treePathOf(path), slab, caseHack ?? process.platform === 'darwin')

/**
 * The file, symbolic link or directory at a path, as the events of its NAR. Symbolic links are never followed.
 * Entries are read one directory at a time, files in pieces of 256 KiB; each piece belongs to the caller.
 *
 * @throws TreeFailure for a file that no NAR can hold, and for one that changes while it is read; Node's own errors.
 */
export const treeEvents = (
  path: string | Uint8Array,
  options: TreeOptions = {},
): Generator<NarEvent, void> => {
  checkOptions('treeEvents', treeOptions, options)
  return eventsOf(path, options)
}

function* eventsOf(path: string | Uint8Array, options: TreeOptions): Generator<NarEvent, void> {
  const reader = treeReaderOf(path, options.caseHack, new Slab(sharedMemory))
  try {
    for (let event = reader.next(); event !== null; event = reader.next()) {
      yield event
    }
  } finally {
    reader.close()
  }
}
