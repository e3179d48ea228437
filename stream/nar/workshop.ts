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
 * A new directory that nobody else can enter, in another that somebody else may own: its owner can rename both and put
 * links in their place. On Linux both are held open, so that nothing is made or removed elsewhere.
 */
export class Workshop {
  readonly #directory: TreePath
  readonly #parent: HeldPath
  readonly #name = `.nix-wire-${crypto.randomUUID()}`
  readonly #held: HeldPath

  /**
   * @throws Node's errors for a directory that is missing or cannot be written; TreeFailure for one where what is made
   * comes to be somebody else's.
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

  /** The path of what is in it. */
  inside(name: string): TreePath {
    return pathIn(this.#held.path, name)
  }

  /** The path of what is in the directory that it is in. */
  beside(name: string): TreePath {
    return pathIn(this.#parent.path, name)
  }

  /**
   * Makes it the directory that the process is in: the paths of what is made there are then as short as can be. What is
   * returned goes back. Null where that cannot be.
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

  /** An error of the system with names in place of what the paths here are. */
  named(error: unknown): unknown {
    if (this.#parent.path === this.#directory) {
      return error
    }
    return withPath(withPath(error, this.#held.path, this.#directory), this.#parent.path, this.#directory)
  }

  /** Removes it, and what is in it. */
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

/** Holds what was made a moment ago, unless another directory has taken its place. */
const holdOurs = (made: TreePath, parent: TreePath, directory: TreePath): HeldPath => {
  if (!canHold()) {
    return { path: made, release: () => undefined }
  }
  const held = holdPath(made, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  try {
    const isSafe = statSync(held.path).uid === process.geteuid?.() || isTrusted(statSync(parent))
    if (isSafe) {
      // It may be one of ours that others may write to, and had ready.
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

/** Whether only root and we can rename what we make in a directory. */
const isTrusted = ({ uid, mode }: Stats): boolean =>
  (uid === 0 || uid === process.geteuid?.()) && ((mode & 0o022) === 0 || (mode & stickyBit) !== 0)

/** An error of the system, which tells the path that it was given, with a path for people in place of that. */
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

/** Removes what stands at a path, if anything does; a link is not followed. */
export const removeTree = (path: TreePath): void => {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory() === true) {
    empty(path)
    rmdirSync(path)
  } else if (found !== undefined) {
    unlinkSync(path)
  }
}

/** Removes what is in a directory; Node's own way knows only names that are UTF-8. */
const empty = (root: TreePath): void => {
  const stack = [root]
  for (let path = stack.at(-1); path !== undefined; path = stack.at(-1)) {
    const height = stack.length
    if (height > 1 && isRemoved(path)) {
      stack.pop()
      continue
    }
    // The umask may have kept us out too.
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

/** Removes a directory that has nothing in it. */
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
