import { expectNames, expectText } from './expect.js'
import { longestName, quoted } from './show.js'
import { type ProtocolVersion, versionBits } from './version.js'

/**
 * What both peers agreed on. Gates ask it, and a few text formats (a store path needs the store directory);
 * nothing else may.
 */
export interface Protocol {
  /** The lower of the two peers' version numbers. */
  readonly version: ProtocolVersion
  /** The features both peers named, sorted and each once. */
  readonly features: ReadonlyArray<string>
  /** The store directory, without a slash at its end. It is not sent: both sides must be set up alike. */
  readonly storeDir: string
}

/** What the peers agree on in their handshake. The store directory is set up on each side. */
export type Agreed = Pick<Protocol, 'version' | 'features'>

/** The newest version number on the wire; every later change is a feature. */
export const newestVersion: ProtocolVersion = '1.38'

/**
 * A protocol from what differs from the usual one: version 1.38, no features, store directory `/nix/store`.
 *
 * ```ts
 * import { protocol } from 'nix-wire'
 *
 * protocol({ version: '1.37' }) // => { version: '1.37', features: [], storeDir: '/nix/store' }
 * ```
 *
 * A slash at the end of the store directory is dropped.
 *
 * @throws RangeError when the version is malformed or the store directory is not an absolute, clean path; TypeError for
 * anything but these three.
 */
export const protocol = (given: Partial<Protocol> = {}): Protocol => {
  if (typeof given === 'string') {
    throw new TypeError(`the protocol must be an object, such as { version: ${quoted(given)} }, not a string`)
  }
  expectNames('the parts of a protocol', given, 'part', parts)
  const { version = newestVersion, features = [] } = given
  if (!Array.isArray(features) || !features.every((each) => typeof each === 'string')) {
    throw new TypeError('the features of a protocol must be an array of strings')
  }
  if (given.storeDir !== undefined) {
    expectText('the store directory', given.storeDir)
  }
  const storeDir = withoutSlash(given.storeDir ?? '/nix/store')
  versionBits(version)
  if (!isCleanAbsolutePath(storeDir)) {
    throw new RangeError(
      `not a store directory: ${quoted(storeDir, longestName)} (expected an absolute path such as /nix/store)`,
    )
  }
  return { version, features: [...new Set(features)].sort(), storeDir }
}

const parts: ReadonlyArray<keyof Protocol> = ['version', 'features', 'storeDir']

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
