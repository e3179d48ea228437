import type { ProtocolVersion } from '../combinators/version.js'
import type { OperationName } from './operations/table.js'

/** The known facts about the daemon of a release, or of a range of them. */
export interface Release {
  /** Such as `2.26`; `2.35` also covers later ones. */
  readonly name: string
  readonly title: string
  readonly dialect: 'Nix' | 'Lix' | 'Determinate'
  /** The versions of the protocol that it speaks. */
  readonly oldest: ProtocolVersion
  readonly newest: ProtocolVersion
  /** Versions in this range that it speaks incorrectly, and why. */
  readonly misspoken: { readonly [version: string]: string }
  /** Operations that it had before and rejects now. */
  readonly removed: ReadonlyArray<OperationName>
  /** Operations that it answers, but that should not be sent, and why. */
  readonly harmful: { readonly [N in OperationName]?: string }
  /** Operations that it rejects from untrusted clients, in addition to those in the table. */
  readonly privileged: ReadonlyArray<OperationName>
}

const neverThere = ['Quit', 'OldCollectGarbage', 'ImportPath'] as const
const removedWithFailures = [...neverThere, 'QueryFailedPaths', 'ClearFailedPaths'] as const
const removedExports = [...removedWithFailures, 'ExportPath', 'ImportPaths'] as const
const removedQueries = [...removedExports, 'HasSubstitutes', 'QueryPathHash', 'QueryReferences'] as const

/** Releases of daemons that differ in their protocol, the oldest first. */
export const releases: ReadonlyArray<Release> = [
  {
    name: '2.3',
    title: 'Nix 2.3',
    dialect: 'Nix',
    oldest: '1.10',
    newest: '1.21',
    misspoken: { '1.10': 'it waits for a message that clients of this version do not send' },
    removed: removedWithFailures,
    harmful: {},
    privileged: ['AddSignatures', 'BuildDerivation', 'ImportPaths'],
  },
  {
    name: '2.8',
    title: 'Nix 2.8',
    dialect: 'Nix',
    oldest: '1.10',
    newest: '1.34',
    misspoken: {},
    removed: removedWithFailures,
    harmful: { QueryReferences: 'its worker does not end' },
    privileged: ['AddSignatures', 'ImportPaths'],
  },
  {
    name: '2.26',
    title: 'Nix 2.26',
    dialect: 'Nix',
    oldest: '1.10',
    newest: '1.38',
    misspoken: {},
    removed: removedWithFailures,
    harmful: { QueryReferences: 'its worker ends' },
    privileged: ['ImportPaths'],
  },
  {
    name: '2.34',
    title: 'Nix 2.34',
    dialect: 'Nix',
    oldest: '1.18',
    newest: '1.38',
    misspoken: {},
    removed: removedQueries,
    harmful: {},
    privileged: [],
  },
  {
    name: '2.35',
    title: 'Nix 2.35 and above',
    dialect: 'Nix',
    oldest: '1.18',
    newest: '1.38',
    misspoken: {},
    removed: removedQueries,
    harmful: {},
    privileged: [],
  },
  {
    name: 'Lix',
    title: 'Lix',
    dialect: 'Lix',
    oldest: '1.35',
    newest: '1.35',
    misspoken: {},
    removed: [
      ...removedQueries,
      'AddTextToStore',
      'SyncWithGC',
      'QueryDerivationOutputs',
      'QueryDerivationOutputNames',
    ],
    harmful: {},
    privileged: [],
  },
  {
    name: 'Determinate',
    title: 'Determinate Nix 3',
    dialect: 'Determinate',
    oldest: '1.18',
    newest: '1.38',
    misspoken: {},
    removed: removedQueries,
    harmful: {},
    privileged: [],
  },
]

const numberOf = (text: string): number => {
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(text) ?? []
  return Number(major) * 1000 + Number(minor)
}

/** The newest known release that is not above the one that a daemon reports; undefined for another text. */
export const releaseOf = (
  dialect: string,
  nixVersion: string | null,
  newest: ProtocolVersion,
): Release | undefined => {
  if (dialect !== 'Nix') {
    return releases.find((each) => each.dialect === dialect)
  }
  if (nixVersion === null) {
    return releases.find((each) => each.newest === newest && each.dialect === 'Nix')
  }
  const said = numberOf(nixVersion)
  return said === 0
    ? undefined
    : releases.findLast((each) => each.dialect === 'Nix' && numberOf(each.name) <= said)
}

/** @internal Whether a release of Nix is another one, or later; unknown for other implementations. */
export const isSince = ({ dialect, name }: Release, release: string): boolean =>
  dialect === 'Nix' && numberOf(name) >= numberOf(release)
