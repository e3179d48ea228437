import { isLeft } from 'fp-ts/lib/Either.js'
import type { Protocol } from '../../combinators/protocol.js'
import { StorePath } from '../../types/index.js'
import { Failure } from '../failure.js'
import { namesOf, showName, showPath, unquoted } from '../nar/show.js'
import { agreedDir, type StoreOptions } from './session.js'

/** A store path, and the entry names of a node in it; none for the whole path. */
export interface StoreNode {
  readonly path: StorePath
  readonly names: ReadonlyArray<string>
}

/** The node that an argument names: a store path or its base name, or a path below one. */
export const storeNode = (given: string, options: StoreOptions): StoreNode =>
  nodeIn(agreedDir(options), given)

const nodeIn = (agreed: Protocol, given: string): StoreNode => {
  const { storeDir } = agreed
  const text = unquoted(given)
  const isWhole = text.startsWith(`${storeDir}/`)
  const [name = '', ...names] = namesOf(isWhole ? text.slice(storeDir.length) : text)
  const path = StorePath.format.parse(`${storeDir}/${name}`, agreed)
  if (isLeft(path) || (text.startsWith('/') && !isWhole)) {
    throw new Failure(
      2,
      `${showName(given)} is not a path in ${storeDir}; --store-dir sets another store directory`,
    )
  }
  return { path: path.right, names }
}

/** The arguments of a command that takes whole store paths only. */
export const storePaths = (given: ReadonlyArray<string>, options: StoreOptions): ReadonlyArray<StorePath> => {
  const agreed = agreedDir(options)
  return given.map((text) => {
    const { path, names } = nodeIn(agreed, text)
    if (names.length > 0) {
      throw new Failure(2, `${showPath(names)} is inside ${path}: this command takes whole store paths`)
    }
    return path
  })
}
