import { closeSync, constants, existsSync, openSync } from 'node:fs'
import type { TreePath } from './nar/tree-path.js'

/** A path for a file that stays open: it leads there whatever becomes of the names, until it is released. */
export interface HeldPath<P extends TreePath = TreePath> {
  readonly path: P
  readonly release: () => void
}

/** Opens a file for its place alone, which takes no permission to read. Linux has it; Node has no name for it. */
const openPath = 0o10000000

/** Whether the system has a short name for each open file. */
export const canHold = (): boolean => process.platform === 'linux' && existsSync('/proc/self/fd')

/** Opens what is at a path. */
export const holdPath = (path: TreePath, flags: number = openPath): HeldPath<string> => {
  const descriptor = openSync(path, flags)
  return { path: `/proc/self/fd/${descriptor}`, release: () => closeSync(descriptor) }
}

/** A directory, held where the system can. */
export const holdDirectory = <P extends TreePath>(path: P): HeldPath<P | string> =>
  canHold() ? holdPath(path, openPath | constants.O_DIRECTORY) : { path, release: () => undefined }
