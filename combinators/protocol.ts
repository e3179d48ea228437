import { isBytes } from '../bytes/byte-array.js'
import { expectNames, expectText } from './expect.js'
import { longestName, quoted } from './show.js'
import { type ProtocolVersion, versionBits } from './version.js'

/**
 * What both peers agreed on. Gates depend on the version and the features, and a few text formats on the store
 * directory. A part that a grammar does not depend on need not be given.
 */
export interface Protocol {
  /** The lower of the two peers' versions. */
  readonly version: ProtocolVersion
  /** The features that both peers named: sorted, each once. */
  readonly features: ReadonlyArray<string>
  /** The directory of the store, without a slash at its end. It is not sent: both sides must be configured alike. */
  readonly storeDir: string
}

/** What the peers agree on in their handshake. (The store directory is not part of it: each side configures it.) */
export type Agreed = Pick<Protocol, 'version' | 'features'>

/**
 * Checks the parts of a protocol and normalises them: features sorted and each once, no slash at the end of the store
 * directory. Missing parts stay missing.
 *
 * ```ts
 * import { protocol } from 'nix-wire'
 *
 * protocol({ version: '1.2', features: ['milk', 'lemon'] }) // => { version: '1.2', features: ['lemon', 'milk'] }
 * protocol({ storeDir: '/kitchen/shelf/' }) // => { storeDir: '/kitchen/shelf' }
 * ```
 *
 * @throws RangeError if the version is malformed, or the store directory is not an absolute path without `.`, `..`
 * and `//`; TypeError for an unknown part.
 */
export function protocol<K extends keyof Protocol>(given: Pick<Protocol, K>): Pick<Protocol, K>
export function protocol(given: Partial<Protocol>): Partial<Protocol>
export function protocol(given: Partial<Protocol>): Partial<Protocol> {
  if (typeof given === 'string') {
    throw new TypeError(`the protocol must be an object, such as { version: ${quoted(given)} }, not a string`)
  }
  if (isBytes(given)) {
    throw new TypeError(
      "the protocol must be an object, such as { version: '1.2' }, not bytes: the bytes come after it",
    )
  }
  expectNames('the parts of a protocol', given, 'part', parts)
  const { version, features, storeDir } = given
  if (version !== undefined) {
    versionBits(version)
  }
  return {
    ...(version === undefined ? {} : { version }),
    ...(features === undefined ? {} : { features: checkedFeatures(features) }),
    ...(storeDir === undefined ? {} : { storeDir: checkedDir(storeDir) }),
  }
}

const parts: ReadonlyArray<keyof Protocol> = ['version', 'features', 'storeDir']

const checkedFeatures = (features: unknown): ReadonlyArray<string> => {
  if (!Array.isArray(features) || !features.every((each) => typeof each === 'string')) {
    throw new TypeError('the features of a protocol must be an array of strings')
  }
  return [...new Set<string>(features)].sort()
}

const checkedDir = (given: string): string => {
  expectText('the store directory', given)
  const storeDir = withoutSlash(given)
  if (!isCleanAbsolutePath(storeDir)) {
    throw new RangeError(
      `not a store directory: ${quoted(storeDir, longestName)} (expected an absolute path below /, without //, . and ..)`,
    )
  }
  return storeDir
}

const withoutSlash = (path: string): string => {
  let end = path.length
  while (end > 1 && path[end - 1] === '/') {
    end--
  }
  return path.slice(0, end)
}

const isCleanAbsolutePath = (path: string): boolean =>
  path.length > 1 &&
  path.startsWith('/') &&
  path
    .slice(1)
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'))
