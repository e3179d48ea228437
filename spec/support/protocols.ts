import { type Protocol, versionBits, versionFromBits } from '../../combinators/index.js'
import type { CompileOptions } from '../../interpreters/index.js'
import { nixProtocol } from '../../types/nix-protocol.js'

export const realisationsByPath = 'realisation-with-path-not-hash'

const first = versionBits('1.10')
const last = versionBits('1.38')

/** Every version from 1.10 to 1.38, with and without the feature that changes a wire form. */
export const allProtocols: ReadonlyArray<Protocol> = Array.from({ length: last - first + 1 }, (_, i) =>
  versionFromBits(first + i),
).flatMap((version) => [nixProtocol({ version }), nixProtocol({ version, features: [realisationsByPath] })])

export const profiles: ReadonlyArray<CompileOptions> = [{ profile: 'compatible' }, { profile: 'canonical' }]

export const hasFeature = ({ features }: Protocol): boolean => features.includes(realisationsByPath)

export const isSince = ({ version }: Protocol, other: Protocol['version']): boolean =>
  versionBits(version) >= versionBits(other)
