import { expectText } from '../combinators/expect.js'
import type { BaseStorePath, StorePathHash } from './base-store-path.js'
import type { StorePath } from './store-path.js'
import type { StorePathName } from './store-path-name.js'

const hashLength = 32

/**
 * A store path without its store directory.
 *
 * ```ts
 * import { StorePath, baseStorePathOf, storePathHashOf, storePathNameOf } from 'nix-wire/types'
 *
 * const path = StorePath.make('/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo.drv')
 * if (path._tag === 'Right') {
 *   baseStorePathOf(path.right) // => 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo.drv'
 *   storePathHashOf(path.right) // => 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q'
 *   storePathNameOf(path.right) // => 'foo.drv'
 * }
 * ```
 */
export const baseStorePathOf = (path: StorePath | BaseStorePath): BaseStorePath =>
  path.slice(path.lastIndexOf('/') + 1) as BaseStorePath

/** The hash part of a store path. */
export const storePathHashOf = (path: StorePath | BaseStorePath): StorePathHash =>
  baseStorePathOf(path).slice(0, hashLength) as string as StorePathHash

/** The name part of a store path. */
export const storePathNameOf = (path: StorePath | BaseStorePath): StorePathName =>
  baseStorePathOf(path).slice(hashLength + 1) as string as StorePathName

/** The store path of a base name in a store directory, which has no slash at its end. */
export const storePathIn = (storeDir: string, base: BaseStorePath): StorePath => {
  expectText('the store directory', storeDir)
  return `${storeDir}/${base}` as StorePath
}

/** Whether a store path is that of a derivation: its name ends in `.drv`. */
export const isDerivationPath = (path: StorePath | BaseStorePath): boolean => path.endsWith('.drv')
