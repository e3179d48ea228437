import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { compareTexts } from '../bytes/order.js'
import { checkOptions, version } from '../combinators/options.js'
import { ordVersion, type ProtocolVersion as Version, versionBits } from '../combinators/version.js'
import { newestVersion } from '../types/nix-protocol.js'

/** The oldest version that Nix up to 2.31 accepts, on either side. Since 2.32 it is 1.18. */
export const oldestVersion: Version = '1.10'

/** The version that GNU Guix announces, on either side. It exchanges no features. */
export const guixVersion: Version = '1.100'

const firstWithFeatures: Version = '1.38'

/** The reason why a side cannot talk to the other. */
export type HandshakeRefusal =
  | { readonly _tag: 'TooOld'; readonly version: Version; readonly minimum: Version }
  | { readonly _tag: 'UnsupportedMajor'; readonly version: Version }
  | { readonly _tag: 'WithoutFeatures'; readonly version: Version }

/** The versions that a side supports. Default: all that this library knows, 1.10 to 1.38. */
export interface SupportedVersions {
  readonly newest?: Version
  readonly oldest?: Version
}

const supportedOf = (of: string, given: SupportedVersions): Required<SupportedVersions> => {
  checkOptions(of, { newest: version, oldest: version }, given)
  return { newest: given.newest ?? newestVersion, oldest: given.oldest ?? oldestVersion }
}

const atLeast = (oldest: Version, version: Version): Either<HandshakeRefusal, Version> =>
  ordVersion.compare(version, oldest) < 0
    ? left({ _tag: 'TooOld', version, minimum: oldest })
    : right(version)

/** The lower version, unless it has features and the other side has none to exchange. */
const agreed = (ours: Version, theirs: Version, oldest: Version): Either<HandshakeRefusal, Version> => {
  const version = negotiateVersion(ours, theirs)
  return theirs === guixVersion && ordVersion.compare(version, firstWithFeatures) >= 0
    ? left({ _tag: 'WithoutFeatures', version: theirs })
    : atLeast(oldest, version)
}

/**
 * The lower of two versions, which both sides then speak.
 *
 * ```ts
 * import { negotiateVersion } from 'nix-wire/grammar'
 *
 * negotiateVersion('1.9', '1.38') // => '1.9'
 * ```
 */
export const negotiateVersion = (a: Version, b: Version): Version => (ordVersion.compare(a, b) <= 0 ? a : b)

/**
 * The features that both sides named, each once, in ascending order. Names that only one side knows are ignored.
 *
 * ```ts
 * import { negotiateFeatures } from 'nix-wire/grammar'
 *
 * negotiateFeatures(['b', 'a', 'x'], ['a', 'b', 'y']) // => ['a', 'b']
 * ```
 */
export const negotiateFeatures = (
  a: ReadonlyArray<string>,
  b: ReadonlyArray<string>,
): ReadonlyArray<string> => {
  const known = new Set(b)
  return [...new Set(a)].filter((name) => known.has(name)).sort(compareTexts)
}

/**
 * Decides, for a client, on the version in the daemon's `ServerHello`: the negotiated version, or the reason to give
 * up. The major version must be 1. GNU Guix, which announces 1.100 and exchanges no features, is rejected by a client
 * of 1.38 or above.
 *
 * ```ts
 * import { acceptServer } from 'nix-wire/grammar'
 *
 * acceptServer('1.34') // => { _tag: 'Right', right: '1.34' }
 * acceptServer('2.7') // => { _tag: 'Left', left: { _tag: 'UnsupportedMajor', version: '2.7' } }
 * acceptServer('1.17', { oldest: '1.18' })
 * // => { _tag: 'Left', left: { _tag: 'TooOld', version: '1.17', minimum: '1.18' } }
 * ```
 */
export const acceptServer = (
  server: Version,
  supported: SupportedVersions = {},
): Either<HandshakeRefusal, Version> => {
  const { newest, oldest } = supportedOf('acceptServer', supported)
  return versionBits(server) >> 8 === 1
    ? agreed(newest, server, oldest)
    : left({ _tag: 'UnsupportedMajor', version: server })
}

/**
 * Decides, for a daemon, on the version in the client's `ClientHello`. As in the reference implementation a major
 * version above 1 is accepted: the lower version is that of the daemon. GNU Guix is rejected as by {@link
 * acceptServer}.
 *
 * ```ts
 * import { acceptClient } from 'nix-wire/grammar'
 *
 * acceptClient('2.0') // => { _tag: 'Right', right: '1.38' }
 * acceptClient('1.9') // => { _tag: 'Left', left: { _tag: 'TooOld', version: '1.9', minimum: '1.10' } }
 * ```
 */
export const acceptClient = (
  client: Version,
  supported: SupportedVersions = {},
): Either<HandshakeRefusal, Version> => {
  const { newest, oldest } = supportedOf('acceptClient', supported)
  return agreed(newest, client, oldest)
}

/** @internal Whether a rejection is about the client's version alone, whatever that of the daemon. */
export const isRefusedByItself = (client: Version): boolean =>
  ordVersion.compare(client, oldestVersion) < 0 || client === guixVersion

/**
 * A refusal as a sentence.
 *
 * ```ts
 * import { showHandshakeRefusal } from 'nix-wire/grammar'
 *
 * showHandshakeRefusal({ _tag: 'TooOld', version: '1.9', minimum: '1.10' })
 * // => 'protocol version 1.9 is too old: 1.10 or above is needed'
 * ```
 */
export const showHandshakeRefusal = (refusal: HandshakeRefusal): string => {
  switch (refusal._tag) {
    case 'TooOld':
      return `protocol version ${refusal.version} is too old: ${refusal.minimum} or above is needed`
    case 'UnsupportedMajor':
      return `protocol version ${refusal.version} is not supported: its major version is not 1`
    case 'WithoutFeatures':
      return `version ${refusal.version} is that of GNU Guix, which exchanges no features: with 1.15 and below it works`
  }
}
