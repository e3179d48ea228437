import type { Incomplete } from '../../conversation/machine/feed.js'
import type { HandshakeEvent, OperationEvent, SessionEvent, Side } from '../events.js'
import type { ServeCommandEvent, ServeEvent, ServeHandshakeEvent } from '../serve/events.js'

/** The events of a connection of either protocol. */
export type ConnectionEvent = SessionEvent | ServeEvent

/** An event with a duration and a place in both streams. */
export type Lasting = OperationEvent | HandshakeEvent | ServeCommandEvent | ServeHandshakeEvent

/** An operation, a command or a handshake that has begun but not ended, as far as it has come. */
export type Unfinished = OperationEvent | HandshakeEvent | ServeCommandEvent

/** The interface of session readers: of `SessionDecoder`, `ServeSession` and `ConnectionReader`. */
export interface SessionReader<Event extends ConnectionEvent = SessionEvent> {
  /** The name of the server's side in texts. */
  readonly serverName: 'daemon' | 'server'
  /**
   * The current operation, command or handshake, as it would be reported if the streams ended here; null if there is
   * none. Valid until the next call.
   */
  readonly during: Unfinished | null
  wants(side: Side): boolean
  /** What is not whole of the value that it waits for; null if none of one has come. */
  incomplete(side: Side): Incomplete | null
  push(side: Side, bytes: Uint8Array): ReadonlyArray<Event>
  end(side: Side): ReadonlyArray<Event>
}

export const isLasting = <Event extends ConnectionEvent>(event: Event): event is Event & Lasting =>
  event.kind === 'operation' || event.kind === 'handshake' || event.kind === 'command'

/** Whether its end is missing. */
export const isUnfinished = <Event extends ConnectionEvent>(event: Event): event is Event & Unfinished => {
  switch (event.kind) {
    case 'operation':
      return event.outcome === 'unfinished'
    case 'handshake':
      return !('protocol' in event) && event.unfinished
    case 'command':
      return !event.finished
    default:
      return false
  }
}

/** The name of the server's side. */
export const serverNameOf = (event: Lasting): SessionReader['serverName'] =>
  event.kind === 'command' || (event.kind === 'handshake' && 'protocol' in event) ? 'server' : 'daemon'

/** Whether only the serve protocol has this event; issues and ends belong to both. */
export const isServeEvent = (
  event: ConnectionEvent,
): event is Exclude<ServeEvent, { readonly kind: 'issue' | 'end' }> =>
  event.kind === 'begun' || event.kind === 'command' || (event.kind === 'handshake' && 'protocol' in event)
