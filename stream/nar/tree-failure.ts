/**
 * What a directory tree and an archive cannot agree on: something that no NAR can hold, a path that is there
 * already, names that one file system takes for the same. What the system itself refuses stays Node's own error.
 */
export class TreeFailure extends Error {
  override readonly name = 'TreeFailure'
  /** The file; bytes that are not UTF-8 as U+FFFD. */
  readonly path: string

  constructor(path: Uint8Array, problem: string) {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(path)
    super(`${text}: ${problem}`)
    this.path = text
  }
}

/** The path of an entry, as bytes: a name need not be UTF-8. */
export const pathIn = (directory: Uint8Array, name: Uint8Array): Buffer =>
  Buffer.concat([directory, slash, name])

const slash = Buffer.from('/')
