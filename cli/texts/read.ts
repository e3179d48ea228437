import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { type Issue, showFieldPath } from '../../combinators/issue.js'
import { protocol } from '../../combinators/protocol.js'
import { messageOf } from '../../combinators/show.js'
import type { TextIssue } from '../../combinators/text-format.js'
import type { StoreOptions } from '../../store/options.js'
import { type StoreTextIssue, showStoreTextIssue } from '../../store/text-issue.js'
import { showTextIssue } from '../../types/index.js'
import { Failure } from '../failure.js'
import { readAll } from '../files.js'
import { showName } from '../nar/show.js'

/** The options of all commands about texts. */
export interface TextOptions {
  readonly json?: true
  readonly storeDir?: string
}

/** The store directory: from the option, or NIX_STORE_DIR. */
export const storeOf = ({ storeDir = process.env.NIX_STORE_DIR }: TextOptions): StoreOptions => {
  if (storeDir === undefined || storeDir === '') return {}
  try {
    return protocol({ storeDir })
  } catch (error) {
    throw new Failure(2, messageOf(error))
  }
}

/** Whether a text may be a secret key, even a damaged one: a name, and more base64 than a public key has. */
export const isLikeSecretKey = (text: string): boolean =>
  /^([^\s/:]*:[A-Za-z0-9+/=]{50,}|[A-Za-z0-9+/]{80,}={1,2})\s*$/.test(text)

/** The value of a file; an invalid one ends the command with line and column. */
export const readText = async <A>(
  file: string,
  parse: (bytes: Uint8Array) => Either<StoreTextIssue, A>,
): Promise<A> => {
  const bytes = await readAll(file)
  const read = parse(bytes)
  if (isLeft(read)) {
    if (isLikeSecretKey(Buffer.from(bytes.subarray(0, 512)).toString('latin1'))) {
      throw new Failure(1, `${showName(file)} has a key, which is not shown`)
    }
    throw new Failure(1, `${showName(file)}:${showStoreTextIssue(read.left)}`)
  }
  return read.right
}

/** The value of an argument. */
export const argumentOf = <A>(what: string, given: string, read: Either<TextIssue, A>): A => {
  if (isLeft(read)) {
    throw new Failure(2, `${showName(given)} is no ${what}: ${showTextIssue(read.left)}`)
  }
  return read.right
}

/** The result of a computation; an issue ends the command. */
export const computed = <A>(result: Either<Issue, A>): A => {
  if (isLeft(result)) {
    const { path, expected, actual } = result.left
    throw new Failure(
      1,
      `${path.length === 0 ? '' : `${showFieldPath(path)}: `}expected ${expected}, got ${actual}`,
    )
  }
  return result.right
}
