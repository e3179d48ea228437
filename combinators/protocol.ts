import { isBytes } from '../bytes/byte-array.js'
import { expectNames, expectText } from './expect.js'
import { longestName, quoted } from './show.js'
import { type ProtocolVersion, versionBits } from './version.js'

/**
 * What both peers agreed on. Gates ask for the version and the features, and a few text formats for the store directory;
 * nothing else may. What nothing asks for need not be known.
 */
export interface Protocol {
  /** The lower of the two peers' version numbers. */
  readonly version: ProtocolVersion
  /** The features both peers named, sorted and each once. */
  readonly features: ReadonlyArray<string>
  /**
   * The directory that absolute names begin with, without a slash at its end. It is not sent: both sides must be set up
   * alike.
   */
  readonly storeDir: string
}

/** What the peers agree on in their handshake. The store directory is set up on each side. */
export type Agreed = Pick<Protocol, 'version' | 'features'>

/**
 * Checks the parts of a protocol, and brings them into their usual form: features sorted and each once, no slash at the end
 * of the store directory. Nothing is added.
 *
 * ```ts
 * import { protocol } from 'nix-wire'
 *
 * protocol({ version: '1.2', features: ['milk', 'lemon'] }) // => { version: '1.2', features: ['lemon', 'milk'] }
 * protocol({ storeDir: '/kitchen/shelf/' }) // => { storeDir: '/kitchen/shelf' }
 * ```
 *
 * @throws RangeError when the version is malformed or the store directory is not an absolute, clean path; TypeError for
 * anything but these three.
 */
export function protocol<K extends keyof Protocol>(given: Pick<Protocol, K>): Pick<Protocol, K>
export function protocol(given: Partial<Protocol>): Partial<Protocol>
export function protocol(given: Partial<Protocol>): Partial<Protocol> {
  if (typeof given === 'string') {
    throw new TypeError(`the protocol must be an object, such as { version: ${quoted(given)} }, not a string`)
  }
  if (isBytes(given)) {
    throw new TypeError(
      "the protocol must be an object, such as { version: '1.2' }, not bytes: it comes before them",
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
