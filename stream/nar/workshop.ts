import {
  chmodSync,
  constants,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  type Stats,
  statSync,
  unlinkSync,
} from 'node:fs'
import { isMainThread } from 'node:worker_threads'
import { canHold, type HeldPath, holdDirectory, holdPath } from '../held-path.js'
import { listed } from './directory-entries.js'
import { TreeFailure } from './tree-failure.js'
import { pathIn, type TreePath, treeTextOf } from './tree-path.js'

/**
 * A new directory that other users cannot enter, in one that another user may own: its owner can rename both and
 * replace them by links. On Linux both are held open, so that nothing is made or removed elsewhere.
 */
export class Workshop {
  readonly #directory: TreePath
  readonly #parent: HeldPath
  readonly #name = `.nix-wire-${crypto.randomUUID()}`
  readonly #held: HeldPath

  /**
   * @throws Node's errors for a directory that is missing or cannot be written; TreeFailure for one in which the new
   * directory can become another user's.
   */
  constructor(directory: TreePath) {
    this.#directory = directory
    this.#parent = holdDirectory(directory)
    const made = this.beside(this.#name)
    try {
      mkdirSync(made, 0o700)
      try {
        this.#held = holdOurs(made, this.#parent.path, directory)
      } catch (error) {
        rmdirSync(made)
        throw error
      }
    } catch (error) {
      this.#parent.release()
      throw this.#parent.path === directory ? error : withPath(error, this.#parent.path, directory)
    }
  }

  /** The path of something in it. */
  inside(name: string): TreePath {
    return pathIn(this.#held.path, name)
  }

  /** The path of something in the directory around it. */
  beside(name: string): TreePath {
    return pathIn(this.#parent.path, name)
  }

  /**
   * Makes it the working directory of the process: paths in it are then as short as possible. The result goes back.
   * Null if that is impossible.
   */
  enter(): (() => void) | null {
    if (!canHold() || !isMainThread) {
      return null
    }
    const before = holdDirectory('.')
    process.chdir(treeTextOf(this.#held.path))
    return () => {
      process.chdir(before.path)
      before.release()
    }
  }

  /** An error of the system with the user's names in place of the paths here. */
  named(error: unknown): unknown {
    if (this.#parent.path === this.#directory) {
      return error
    }
    return withPath(withPath(error, this.#held.path, this.#directory), this.#parent.path, this.#directory)
  }

  /** Removes it and its contents. */
  remove(): void {
    try {
      empty(this.#held.path)
      rmdirSync(this.beside(this.#name))
    } finally {
      this.#held.release()
      this.#parent.release()
    }
  }
}

/** Holds the directory that was just made, unless another has taken its place. */
const holdOurs = (made: TreePath, parent: TreePath, directory: TreePath): HeldPath => {
  if (!canHold()) {
    return { path: made, release: () => undefined }
  }
  const held = holdPath(made, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  try {
    const isSafe = statSync(held.path).uid === process.geteuid?.() || isTrusted(statSync(parent))
    if (isSafe) {
      // The directory may be another one of this user's, prepared with write permission for others.
      keepOthersOut(held.path)
    }
    if (!isSafe || readdirSync(held.path).length > 0) {
      throw new TreeFailure(directory, 'another user could replace the files made there')
    }
    return held
  } catch (error) {
    held.release()
    throw error
  }
}

const stickyBit = 0o1000

/** Whether only root and this user can rename what is made in a directory. */
const isTrusted = ({ uid, mode }: Stats): boolean =>
  (uid === 0 || uid === process.geteuid?.()) && ((mode & 0o022) === 0 || (mode & stickyBit) !== 0)

/** An error of the system with a path for people in place of its own. */
export const withPath = (error: unknown, path: TreePath, shown: TreePath): unknown => {
  const [from, to] = [treeTextOf(path), treeTextOf(shown).replace(/\/+$/, '')]
  if (error instanceof TreeFailure) {
    return error.path.startsWith(from)
      ? new TreeFailure(`${to}${error.path.slice(from.length)}`, error.problem)
      : error
  }
  if (error instanceof Error && 'syscall' in error) {
    error.message = error.message.replaceAll(from, () => to)
    for (const key of ['path', 'dest'] as const) {
      const value: unknown = Reflect.get(error, key)
      if (typeof value === 'string' && value.startsWith(from)) {
        Object.assign(error, { [key]: `${to}${value.slice(from.length)}` })
      }
    }
  }
  return error
}

const keepOthersOut = (path: TreePath): void => {
  try {
    chmodSync(path, 0o700)
  } catch {
    // Not every file system has modes.
  }
}

/** Removes what is at a path, if anything is; a link is not followed. */
export const removeTree = (path: TreePath): void => {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory() === true) {
    empty(path)
    rmdirSync(path)
  } else if (found !== undefined) {
    unlinkSync(path)
  }
}

/** Removes the contents of a directory; Node's own function only knows names that are UTF-8. */
const empty = (root: TreePath): void => {
  const stack = [root]
  for (let path = stack.at(-1); path !== undefined; path = stack.at(-1)) {
    const height = stack.length
    if (height > 1 && isRemoved(path)) {
      stack.pop()
      continue
    }
    // The umask may have removed the user's own permissions too.
    keepOthersOut(path)
    for (const { file, kind } of listed(path)) {
      const inside = pathIn(path, file)
      if (kind.isDirectory()) {
        stack.push(inside)
      } else {
        unlinkSync(inside)
      }
    }
    if (stack.length === height) {
      stack.pop()
      if (height > 1) {
        rmdirSync(path)
      }
    }
  }
}

/** Removes an empty directory. */
const isRemoved = (path: TreePath): boolean => {
  try {
    rmdirSync(path)
    return true
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return false
    }
    throw error
  }
}
