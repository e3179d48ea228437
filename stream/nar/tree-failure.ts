import { treeTextOf } from './tree-path.js'

/**
 * What a directory tree and an archive cannot agree on: something that no NAR can hold, a path that is there
 * already, names that one file system takes for the same. What the system itself refuses stays Node's own error.
 */
export class TreeFailure extends Error {
  override readonly name = 'TreeFailure'
  /** The file; bytes that are not UTF-8 stand as in the names of events. */
  readonly path: string
  readonly problem: string

  constructor(path: string | Uint8Array, problem: string) {
    const text = treeTextOf(path)
    super(`${text}: ${problem}`)
    this.path = text
    this.problem = problem
  }
}
