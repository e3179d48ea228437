import { isSome } from 'fp-ts/lib/Option.js'
import type { OperationEvent, Side } from '../events.js'
import type { ServeCommandEvent } from '../serve/events.js'
import type { Pending } from './recorded-session.js'

export const nameOf = (side: Side, { serverName }: Pick<Pending, 'serverName'>): string =>
  side === 'client' ? side : serverName

export const otherOf = (side: Side): Side => (side === 'client' ? 'server' : 'client')

/** The name of an operation or a command. */
export const turnName = (turn: OperationEvent | ServeCommandEvent): string =>
  turn.kind === 'command'
    ? (turn.name ?? `command ${turn.number}`)
    : isSome(turn.operation)
      ? turn.operation.value.name
      : `operation ${turn.id}`

export const isGreeting = ({ during, greeted }: Pick<Pending, 'during' | 'greeted'>): boolean =>
  during?.kind === 'handshake' || !greeted

/** The name of what is pending; null if nothing is. */
export const pendingName = (pending: Pending): string | null => {
  const { during } = pending
  if (isGreeting(pending)) {
    return 'the handshake'
  }
  return during === null || during.kind === 'handshake' ? null : turnName(during)
}
