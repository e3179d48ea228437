import { isLeft } from 'fp-ts/lib/Either.js'
import { none } from 'fp-ts/lib/Option.js'
import { holds, leavesOf } from '../../combinators/gate.js'
import type { Protocol } from '../../combinators/protocol.js'
import { turnsIn } from '../../conversation/line/shape.js'
import { flowsIn } from '../../conversation/parts.js'
import { acceptServer, showHandshakeRefusal } from '../../grammar/negotiation.js'
import type { OperationTable } from '../../grammar/operations/table.js'
import type { Supply } from '../../interpreters/arbitrary/options.js'
import type {
  BrokenRule,
  BrokenSession,
  MadeSession,
  MadeSessionOptions,
} from '../../interpreters/conversations/index.js'
import {
  type Lacking,
  lackingTurn,
  showLacking,
  wantedTurns,
} from '../../interpreters/conversations/wanted-turns.js'
import { dialectOf, tableOf } from '../../session/dialect.js'
import type { OwnConversation } from '../../session/own/own-protocol.js'
import { Failure } from '../failure.js'
import { expectHeld } from '../own-session/held.js'
import { visible } from '../visible.js'

/** Which sessions are made: with a daemon, or those of a conversation. */
export interface Wanted {
  /** The operations of each session, in this order; without any, they are random. */
  readonly turns: ReadonlyArray<string>
  readonly seed: number
  readonly of: WithDaemon | OfOwn
}

export interface WithDaemon {
  readonly _tag: 'daemon'
  readonly protocol: Protocol
  /** The user's own operations; null for those of the daemon. */
  readonly operations: OperationTable | null
  readonly given: ReadonlyArray<Supply>
}

export interface OfOwn {
  readonly _tag: 'own'
  readonly conversation: OwnConversation
  /** The protocol of the command line. */
  readonly protocol: Partial<Protocol>
  readonly given: ReadonlyArray<Supply>
}

/** The operations of the daemon with these features. */
const tableFor = ({ version, features }: Protocol): OperationTable =>
  tableOf(dialectOf({ serverVersion: version, serverFeatures: [...features], daemonNixVersion: none }))

/** The operations without the one that nothing can follow. */
const lasting = ({ Quit: _, ...others }: OperationTable): OperationTable => others

/**
 * @throws Failure for a version that no client and daemon agree on, and for operations that the version lacks.
 */
const expectPossible = (turns: Wanted['turns'], { protocol }: WithDaemon, table: OperationTable): void => {
  const accepted = acceptServer(protocol.version)
  if (isLeft(accepted)) {
    throw new Failure(2, showHandshakeRefusal(accepted.left))
  }
  for (const turn of turns) {
    const operation = Object.values(table).find(({ name }) => name === turn)
    if (operation === undefined) {
      throw new Failure(2, `${turn} is not an operation; the operations are ${Object.keys(table).join(', ')}`)
    }
    if (!holds(operation.gate, protocol)) {
      throw needs({ name: turn, gate: operation.gate })
    }
  }
}

/** @throws Failure for a name that is not a case of the turns. */
const expectCases = (turns: Wanted['turns'], { name, flow }: OwnConversation): void => {
  const cases = turnsIn(flow.node).flatMap(({ branch }) => [...branch.cases.values()])
  for (const turn of turns) {
    if (!cases.some((each) => each.name === turn)) {
      const there =
        cases.length === 0 ? 'it has no turns' : `there are ${cases.map((each) => each.name).join(', ')}`
      throw new Failure(2, `${turn} is no turn of ${name}; ${there}`)
    }
  }
}

const needs = (lacking: Lacking): Failure => {
  const flags = leavesOf(lacking.gate).flatMap((leaf) =>
    leaf._tag === 'since' ? [`-p ${leaf.version}`] : leaf._tag === 'feature' ? [`-f ${leaf.feature}`] : [],
  )
  const advice = flags.length === 0 ? '' : `: pass ${visible([...new Set(flags)].join(' '))}`
  return new Failure(2, `${visible(showLacking(lacking))}${advice}`)
}

/** The same for the user's own conversation. */
const ownWorkshopOf = async (turns: Wanted['turns'], { conversation, protocol, given }: OfOwn) => {
  expectCases(turns, conversation)
  const [{ default: fc }, maker] = await Promise.all([
    import('fast-check'),
    import('../../interpreters/conversations/index.js'),
  ])
  const wanted = { ...conversation.protocol, ...protocol }
  const lacking = lackingTurn(wantedTurns(conversation.flow.node, turns), wanted)
  if (lacking !== null) {
    throw needs(lacking)
  }
  const { storeDir, ...agreed } = wanted
  // If the sides negotiate the protocol, they agree on this one; otherwise it holds from the start.
  const agrees = [...flowsIn(conversation.flow.node)].some(({ _tag }) => _tag === 'agree')
  const held = agrees ? { ...conversation.protocol, ...(storeDir === undefined ? {} : { storeDir }) } : wanted
  expectHeld(conversation, held, 'flags')
  const options: MadeSessionOptions = {
    protocol: held,
    given,
    ...(agrees ? { agreed } : {}),
    ...(turns.length === 0 ? {} : { turns }),
  }
  return { fc, maker, flow: conversation.flow, options }
}

/** Everything needed to make sessions. */
const workshopOf = ({ turns, of }: Wanted) =>
  of._tag === 'own' ? ownWorkshopOf(turns, of) : daemonWorkshopOf(turns, of)

/** fast-check is loaded only here: that takes longer than all the rest. */
const daemonWorkshopOf = async (turns: Wanted['turns'], wanted: WithDaemon) => {
  const table = wanted.operations ?? tableFor(wanted.protocol)
  expectPossible(turns, wanted, table)
  const [{ default: fc }, maker, { workerFlow, workerSessions }] = await Promise.all([
    import('fast-check'),
    import('../../interpreters/conversations/index.js'),
    import('./worker-sessions.js'),
  ])
  const { storeDir, version, features } = wanted.protocol
  const options: MadeSessionOptions = {
    ...workerSessions,
    given: [...(workerSessions.given ?? []), ...wanted.given],
    // Not every reader could tell an error in the middle of a reply from the reply.
    departs: false,
    protocol: { storeDir },
    agreed: { version, features },
    ...(turns.length === 0 ? {} : { turns }),
  }
  return { fc, maker, flow: workerFlow(turns.length === 0 ? lasting(table) : table), options }
}

/** A seed for each session, which does not depend on their number. */
const seedOf = (seed: number, turn: number): number => (seed + turn * 7919) | 0

/** Endless valid sessions, the same for the same seed. */
export async function* sessionsOf(wanted: Wanted): AsyncGenerator<MadeSession, never, void> {
  const { fc, maker, flow, options } = await workshopOf(wanted)
  const sessions = maker.toSessions(flow, options)
  for (let turn = 0; ; turn++) {
    const made = fc.sample(sessions, { seed: seedOf(wanted.seed, turn), numRuns: 1 })
    // A daemon may close in the handshake; then none of the given operations can follow.
    yield* wanted.turns.length === 0 ? made : made.filter(hasTurns)
  }
}

const hasTurns = ({ events }: MadeSession): boolean => events.some(({ kind }) => kind === 'turn')

/** Endless sessions with one rule broken; rules that were not broken yet come first. */
export async function* brokenSessionsOf(wanted: Wanted): AsyncGenerator<BrokenSession, never, void> {
  const { fc, maker, flow, options } = await workshopOf(wanted)
  let rules = maker.brokenRulesOf(flow)
  let left = rules
  for (let turn = 0; ; turn++) {
    const sessions = maker.toBrokenSessions(flow, { ...options, rules: left })
    const given = { seed: seedOf(wanted.seed, turn), numRuns: 1 }
    try {
      for (const session of fc.sample(sessions, given)) {
        left = without(left, [session.rule])
        yield session
      }
    } catch (error) {
      if (!(error instanceof maker.NoOccasion)) {
        throw error
      }
      rules = without(rules, left)
      left = []
    }
    left = left.length === 0 ? rules : left
    if (left.length === 0) {
      throw new Failure(1, 'no rule can be broken with these operations')
    }
  }
}

const without = (
  rules: ReadonlyArray<BrokenRule>,
  some: ReadonlyArray<BrokenRule>,
): ReadonlyArray<BrokenRule> => rules.filter((rule) => !some.includes(rule))
