import { gatesIn } from '../../../combinators/asked.js'
import { type Gate, leavesOf } from '../../../combinators/gate.js'
import {
  ordVersion,
  type ProtocolVersion,
  versionBits,
  versionFromBits,
} from '../../../combinators/version.js'
import type { AnyOperation } from '../../../grammar/operations/operation.js'
import type { Case, Move, Outcome } from '../case.js'
import { absentPath, type Facts, speechOf } from '../facts.js'
import { atOnce, handshakeMoves, type Question, type Speech, validity } from '../speech.js'

/** Every way to reject a request. */
export const refusals: ReadonlyArray<Outcome> = ['refused', 'refused and closed', 'closed']

/** All outcomes that can be correct. */
export const anything: ReadonlyArray<Outcome> = ['answered', ...refusals]

/** The versions from one to another. */
export const versionsBetween = (
  oldest: ProtocolVersion,
  newest: ProtocolVersion,
): ReadonlyArray<ProtocolVersion> =>
  Array.from({ length: versionBits(newest) - versionBits(oldest) + 1 }, (_, i) =>
    versionFromBits(versionBits(oldest) + i),
  )

/** The oldest version that the daemon speaks, as far as it is known. */
export const oldestOf = ({ release, newest }: Facts): ProtocolVersion =>
  release === undefined
    ? '1.18'
    : (versionsBetween(release.oldest, newest).find((version) => !(version in release.misspoken)) ?? newest)

export const isWithin = (facts: Facts, version: ProtocolVersion): boolean =>
  ordVersion.compare(oldestOf(facts), version) <= 0 && ordVersion.compare(version, facts.newest) <= 0

const versionsIn = (gates: ReadonlyArray<Gate>): ReadonlyArray<ProtocolVersion> =>
  gates.flatMap(leavesOf).flatMap((leaf) => (leaf._tag === 'feature' ? [] : [leaf.version]))

/**
 * The versions at which an operation begins or changes its form, and the newest one, as far as a daemon has them.
 */
export const formsOf = (operation: AnyOperation, facts: Facts): ReadonlyArray<ProtocolVersion> => {
  const { request, reply, streams, since } = operation
  const all = [
    since,
    ...versionsIn([...gatesIn(request.node), ...gatesIn(reply.node), ...streams.map(({ gate }) => gate)]),
    facts.newest,
  ]
  const last = facts.newest
  const first = oldestOf(facts)
  // What changed before the oldest version has its newer form there.
  const within = all.map((version) => (ordVersion.compare(version, first) < 0 ? first : version))
  const known = within.filter(
    (version) => ordVersion.compare(version, last) <= 0 && ordVersion.compare(since, version) <= 0,
  )
  return [...new Set(known)].sort(ordVersion.compare)
}

/** The questions after the tested request, with known answers. */
export const questions = ({ storeDir, valid }: Facts): ReadonlyArray<Question> => [
  validity(absentPath(storeDir, 'nix-wire-probe'), false),
  ...(valid === null ? [] : [validity(valid, true)]),
]

/** A text as a part of an identifier: lower case, with hyphens between words. */
export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^-|-$/g, '')

type Given = Pick<Case, 'id' | 'section' | 'title' | 'level' | 'allows'> &
  Partial<Pick<Case, 'checks' | 'leaves' | 'text'>> & {
    readonly speech: Speech
    /** The moves after the handshake; the last one is tested. */
    readonly says: ReadonlyArray<Move>
    /** Whether questions follow it. Default: yes. */
    readonly probed?: boolean
    /** Whether all is sent at once. Default: each after the one before. */
    readonly together?: boolean
  }

/** A case that begins with a valid handshake. */
export const caseOf = (
  facts: Facts,
  { speech, says, probed = true, together = false, ...rest }: Given,
): Case => {
  const probes = probed ? questions(facts) : []
  const asked = probes.map(({ move }) => move(speech.agreed))
  const behind = [...says, ...asked]
  return {
    ...rest,
    version: speech.agreed.version,
    moves: [...handshakeMoves(speech), ...(together ? [joinedMove(behind)] : behind)],
    subject: says.length - 1,
    probes: probes.map(({ reply }) => ({ reply })),
  }
}

/** Several moves joined into one that waits for nothing. */
export const joinedMove = (moves: ReadonlyArray<Move>): Move => ({ ...atOnce(moves), until: 'nothing' })

/** The handshake of an ordinary client of a version. */
export const usual = (facts: Facts, version: ProtocolVersion = facts.newest): Speech =>
  speechOf(facts, version)
