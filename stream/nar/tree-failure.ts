/**
 * What a directory tree and an archive cannot agree on: something that no NAR can hold, a path that is there
 * already, names that one file system takes for the same. What the system itself refuses stays Node's own error.
 */
export class TreeFailure extends Error {
  override readonly name = 'TreeFailure'
  /** The file; bytes that are not UTF-8 as U+FFFD. */
  readonly path: string

  constructor(path: string | Uint8Array, problem: string) {
    const text = typeof path === 'string' ? path : new TextDecoder('utf-8', { ignoreBOM: true }).decode(path)
    super(`${text}: ${problem}`)
    this.path = text
  }
}
