import { treeTextOf } from './tree-path.js'

/**
 * A conflict between a directory tree and an archive: a file that no NAR can hold, a path that exists already, names
 * that the file system takes as the same. Errors of the system itself stay Node's own errors.
 */
export class TreeFailure extends Error {
  override readonly name = 'TreeFailure'
  /** The path of the file; bytes that are not UTF-8 are lone surrogates, as in events. */
  readonly path: string
  readonly problem: string

  constructor(path: string | Uint8Array, problem: string) {
    const text = treeTextOf(path)
    super(`${text}: ${problem}`)
    this.path = text
    this.problem = problem
  }
}
