import { ordVersion, type ProtocolVersion, versionBits } from '../../../combinators/version.js'
import { numberBytes } from '../bytes.js'
import type { Case, Move, Outcome, Skipped } from '../case.js'
import { type Facts, knownFeatures, speechOf } from '../facts.js'
import { handshakeMoves, type Speech } from '../speech.js'
import { anything, isWithin, joinedMove, oldestOf, questions, slug, usual, versionsBetween } from './make.js'

const closed: ReadonlyArray<Outcome> = ['closed', 'refused and closed']

interface Given {
  readonly id: string
  readonly title: string
  readonly speech: Speech
  readonly allows: ReadonlyArray<Outcome>
  readonly moves?: (moves: ReadonlyArray<Move>) => ReadonlyArray<Move>
  readonly probed?: boolean
}

const handshakeCase = (
  facts: Facts,
  { id, title, speech, allows, moves = (all) => all, probed = true }: Given,
): Case => {
  const probes = probed ? questions(facts) : []
  return {
    id: `1.${id}`,
    section: 1,
    title,
    level: 'read',
    version: speech.agreed.version,
    moves: moves([...handshakeMoves(speech), ...probes.map(({ move }) => move(speech.agreed))]),
    subject: null,
    probes: probes.map(({ reply }) => ({ reply })),
    allows,
  }
}

const everyVersion = (facts: Facts): ReadonlyArray<Case | Skipped> =>
  versionsBetween('1.10', facts.newest).map((version) => {
    const reason = facts.release?.misspoken[version]
    if (reason !== undefined) {
      const title = `a client of ${version}`
      return { id: `1.version.${version}`, section: 1, title, reason: `${facts.release?.title}: ${reason}` }
    }
    const isKnown = facts.release !== undefined
    const allows: ReadonlyArray<Outcome> = isWithin(facts, version)
      ? ['answered']
      : isKnown
        ? closed
        : ['answered', ...closed]
    return handshakeCase(facts, {
      id: `version.${version}`,
      title: `a client of ${version}`,
      speech: usual(facts, version),
      allows,
    })
  })

/** Versions that do not exist: the daemon answers with its own, or rejects the client. */
const strangeVersions = (facts: Facts): ReadonlyArray<Case> => [
  ...(['1.39', '1.255'] as ReadonlyArray<ProtocolVersion>).map((version) =>
    handshakeCase(facts, {
      id: `version.${version}`,
      title: `a client of ${version}, which is newer than any`,
      speech: usual(facts, version),
      allows: ['answered'],
    }),
  ),
  handshakeCase(facts, {
    id: 'version.high-bits',
    title: 'a version with bits above the 16th',
    speech: { ...usual(facts), versionNumber: BigInt(versionBits(facts.newest)) + 0x10000n },
    allows: ['answered', ...closed],
  }),
  ...(['1.9', '0.38'] as ReadonlyArray<ProtocolVersion>).map((version) =>
    handshakeCase(facts, {
      id: `version.${version}`,
      title: `a client of ${version}, which is older than any`,
      speech: { ...usual(facts), versionNumber: BigInt(versionBits(version)) },
      allows: closed,
      moves: ([hello]) => (hello === undefined ? [] : [{ ...hello, until: 'nothing' }]),
      probed: false,
    }),
  ),
]

const featureCases = (facts: Facts): ReadonlyArray<Case> => {
  if (ordVersion.compare(facts.newest, '1.38') < 0) {
    return []
  }
  const sets: ReadonlyArray<readonly [title: string, says: ReadonlyArray<string>]> = [
    ['features that do not exist', ['', 'nix-wire-unknown', 'x'.repeat(1000)]],
    ['all features of the daemon', [...new Set([...knownFeatures, ...facts.features])].filter(isUpstream)],
    ...knownFeatures.map((name) => [`the feature ${name}`, [name]] as const),
  ]
  return sets.map(([title, says]) =>
    handshakeCase(facts, {
      id: `features.${slug(title)}`,
      title,
      speech: speechOf(facts, facts.newest, says),
      allows: ['answered'],
    }),
  )
}

const isUpstream = (name: string): boolean => knownFeatures.includes(name)

const wrongMagics: ReadonlyArray<readonly [title: string, magic: Uint8Array]> = [
  ['the magic of a daemon', numberBytes(0x6478696f)],
  ['the magic with its bytes in the other order', numberBytes(0x63786978)],
  ['the magic with bits above the 32nd', numberBytes(0x1_6e69_7863)],
  ['a text of another protocol', new TextEncoder().encode('GET / HT')],
]

const magicCases = (facts: Facts): ReadonlyArray<Case> =>
  wrongMagics.map(([title, magic]) =>
    handshakeCase(facts, {
      id: `magic.${slug(title)}`,
      title,
      speech: { ...usual(facts), magic },
      allows: closed,
      moves: ([hello]) => (hello === undefined ? [] : [{ ...hello, until: 'nothing' }]),
      probed: false,
    }),
  )

const cutCases = (facts: Facts): ReadonlyArray<Case> =>
  [...new Set([oldestOf(facts), facts.newest])].flatMap((version) => [
    handshakeCase(facts, {
      id: `bytes.${version}`,
      title: `one byte at a time, at ${version}`,
      speech: usual(facts, version),
      allows: ['answered'],
      moves: (moves) => moves.map((move) => ({ ...move, cut: 1 })),
    }),
    handshakeCase(facts, {
      id: `at-once.${version}`,
      title: `the first operations in the same write as the handshake, at ${version}`,
      speech: usual(facts, version),
      allows: ['answered'],
      moves: (moves) => [joinedMove(moves)],
    }),
  ])

/** Clients of Nix 2.23 send their version twice, the second time in place of a flag. */
const flagCases = (facts: Facts): ReadonlyArray<Case> =>
  isWithin(facts, '1.37')
    ? [
        handshakeCase(facts, {
          id: 'version-twice.1.37',
          title: 'a client of 1.37 that says its version twice, as those of Nix 2.23 do',
          speech: usual(facts, '1.37'),
          allows: ['answered'],
          moves: (moves) =>
            moves.map((move) =>
              move.until === 'ready'
                ? { ...move, bytes: Buffer.concat([numberBytes(0x125), numberBytes(0), numberBytes(0)]) }
                : move,
            ),
        }),
      ]
    : []

const leftAlone = (facts: Facts): ReadonlyArray<Case> => [
  handshakeCase(facts, {
    id: 'left.hello',
    title: 'a client that closes after its first message',
    speech: usual(facts),
    allows: anything,
    moves: (moves) => moves.slice(0, 1),
    probed: false,
  }),
]

export const handshakeCases = (facts: Facts): ReadonlyArray<Case | Skipped> => [
  ...everyVersion(facts),
  ...strangeVersions(facts),
  ...featureCases(facts),
  ...magicCases(facts),
  ...cutCases(facts),
  ...flagCases(facts),
  ...leftAlone(facts),
]
