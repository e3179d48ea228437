import { type Protocol, protocol } from '../combinators/protocol.js'
import type { ProtocolVersion } from '../combinators/version.js'

/** The newest version number on the wire; every later change is a feature. */
export const newestVersion: ProtocolVersion = '1.38'

/** The default protocol of the grammars for Nix. */
export const nixDefaults: Protocol = { version: newestVersion, features: [], storeDir: '/nix/store' }

/** The protocol for a text format that needs only the store directory. */
export const nixDir: Partial<Protocol> = { storeDir: nixDefaults.storeDir }

/**
 * A protocol of Nix. Missing parts have their defaults: version 1.38, no features, store directory `/nix/store`.
 *
 * ```ts
 * import { nixProtocol } from 'nix-wire/grammar'
 *
 * nixProtocol({ version: '1.37' }) // => { version: '1.37', features: [], storeDir: '/nix/store' }
 * ```
 *
 * A slash at the end of the store directory is dropped.
 *
 * @throws RangeError if the version is malformed, or the store directory is not an absolute path without `.`, `..`
 * and `//`; TypeError for an unknown part.
 */
export const nixProtocol = (given: Partial<Protocol> = {}): Protocol => ({
  ...nixDefaults,
  ...protocol(given),
})
