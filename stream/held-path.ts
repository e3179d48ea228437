import { closeSync, constants, existsSync, openSync } from 'node:fs'
import type { TreePath } from './nar/tree-path.js'

/** A path for a file that stays open: it leads there even if names change, until it is released. */
export interface HeldPath<P extends TreePath = TreePath> {
  readonly path: P
  readonly release: () => void
}

/**
 * Opens a file only for its place, without permission to read. Linux supports it; Node has no name for the flag.
 */
const openPath = 0o10000000

/** Whether the system has a short name for each open file. */
export const canHold = (): boolean => process.platform === 'linux' && existsSync('/proc/self/fd')

/** Opens what is at a path. */
export const holdPath = (path: TreePath, flags: number = openPath): HeldPath<string> => {
  const descriptor = openSync(path, flags)
  return { path: `/proc/self/fd/${descriptor}`, release: () => closeSync(descriptor) }
}

/** A directory, held if the system can. */
export const holdDirectory = <P extends TreePath>(path: P): HeldPath<P | string> =>
  canHold() ? holdPath(path, openPath | constants.O_DIRECTORY) : { path, release: () => undefined }
