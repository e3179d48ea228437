import { type ProtocolVersion, versionBits } from '../combinators/version.js'
import { knownFeatures } from '../grammar/known-features.js'
import { guixVersion, oldestVersion } from '../grammar/negotiation.js'
import { newestServeVersion, oldestServeVersion } from '../grammar/serve/protocol.js'
import { newestVersion } from '../types/nix-protocol.js'
import { Failure } from './failure.js'
import { showName } from './nar/show.js'

const isBetween = (version: ProtocolVersion, oldest: ProtocolVersion, newest: ProtocolVersion): boolean =>
  versionBits(oldest) <= versionBits(version) && versionBits(version) <= versionBits(newest)

const isKnown = (version: ProtocolVersion): boolean =>
  version === guixVersion ||
  isBetween(version, oldestVersion, newestVersion) ||
  isBetween(version, oldestServeVersion, newestServeVersion)

/**
 * Rejects a version or features that no Nix has. The types of a module have versions and features of their own.
 */
export const expectKnown = (version: ProtocolVersion | undefined, features: ReadonlyArray<string>): void => {
  if (version !== undefined && !isKnown(version)) {
    throw new Failure(
      2,
      `there is no protocol ${version}: those of daemons are ${oldestVersion} to ${newestVersion} ` +
        `(${guixVersion} of Guix), those of \`nix-store --serve\` ${oldestServeVersion} to ${newestServeVersion}`,
    )
  }
  const unknown = features.find((name) => !knownFeatures.includes(name))
  if (unknown !== undefined) {
    throw new Failure(
      2,
      `there is no feature ${showName(unknown)}; \`nix-wire grammar --features\` lists all`,
    )
  }
}
