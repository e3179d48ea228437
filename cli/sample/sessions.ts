import { isLeft } from 'fp-ts/lib/Either.js'
import { none } from 'fp-ts/lib/Option.js'
import { holds, showGate } from '../../combinators/gate.js'
import type { Protocol } from '../../combinators/protocol.js'
import { acceptServer, showHandshakeRefusal } from '../../grammar/negotiation.js'
import type { OperationTable } from '../../grammar/operations/table.js'
import type {
  BrokenRule,
  BrokenSession,
  MadeSession,
  MadeSessionOptions,
} from '../../interpreters/conversations/index.js'
import { dialectOf, tableOf } from '../../session/dialect.js'
import { Failure } from '../failure.js'

/** Which sessions with a daemon are made. */
export interface Wanted {
  /** The operations of each, in this order; any, if there are none. */
  readonly turns: ReadonlyArray<string>
  readonly protocol: Protocol
  readonly seed: number
}

/** The operations of the daemon that has these features. */
const tableFor = ({ version, features }: Protocol): OperationTable =>
  tableOf(dialectOf({ serverVersion: version, serverFeatures: [...features], daemonNixVersion: none }))

/** @throws Failure for a version that no client and daemon agree on, and for operations that it lacks. */
const expectPossible = ({ turns, protocol }: Wanted, table: OperationTable): void => {
  const accepted = acceptServer(protocol.version)
  if (isLeft(accepted)) {
    throw new Failure(2, showHandshakeRefusal(accepted.left))
  }
  for (const turn of turns) {
    const operation = Object.values(table).find(({ name }) => name === turn)
    if (operation === undefined) {
      throw new Failure(2, `${turn} is no operation; there are ${Object.keys(table).join(', ')}`)
    }
    if (!holds(operation.gate, protocol)) {
      throw new Failure(2, `${turn} needs ${showGate(operation.gate)}`)
    }
  }
}

/** What sessions are made with. fast-check is loaded only here: it takes longer than all the rest. */
const workshopOf = async (wanted: Wanted) => {
  const table = tableFor(wanted.protocol)
  expectPossible(wanted, table)
  const [{ default: fc }, maker, { workerFlow, workerSessions }] = await Promise.all([
    import('fast-check'),
    import('../../interpreters/conversations/index.js'),
    import('./worker-sessions.js'),
  ])
  const { storeDir, version, features } = wanted.protocol
  const options: MadeSessionOptions = {
    ...workerSessions,
    // An error in the middle of a reply has no form that every reader can tell from the reply.
    departs: false,
    protocol: { storeDir },
    agreed: { version, features },
    ...(wanted.turns.length === 0 ? {} : { turns: wanted.turns }),
  }
  return { fc, maker, flow: workerFlow(table), options }
}

/** A seed of its own for each session: none depends on how many there are. */
const seedOf = (seed: number, turn: number): number => (seed + turn * 7919) | 0

/** Valid sessions without end, the same for the same seed. */
export async function* sessionsOf(wanted: Wanted): AsyncGenerator<MadeSession, never, void> {
  const { fc, maker, flow, options } = await workshopOf(wanted)
  const sessions = maker.toSessions(flow, options)
  for (let turn = 0; ; turn++) {
    const made = fc.sample(sessions, { seed: seedOf(wanted.seed, turn), numRuns: 1 })
    // A daemon may close in the handshake, where nothing of what is wanted can follow.
    yield* wanted.turns.length === 0 ? made : made.filter(hasTurns)
  }
}

const hasTurns = ({ events }: MadeSession): boolean => events.some(({ kind }) => kind === 'turn')

/** Sessions with one rule broken, without end; rules that were not broken yet come first. */
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
      throw new Failure(1, 'these operations give no occasion to break a rule')
    }
  }
}

const without = (
  rules: ReadonlyArray<BrokenRule>,
  some: ReadonlyArray<BrokenRule>,
): ReadonlyArray<BrokenRule> => rules.filter((rule) => !some.includes(rule))
