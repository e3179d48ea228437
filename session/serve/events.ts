import type { ProtocolVersion } from '../../combinators/version.js'
import type { EndEvent, IssueEvent, Ranges, Side } from '../events.js'

/** The handshake of the serve protocol. */
export interface ServeHandshakeEvent extends Ranges {
  readonly kind: 'handshake'
  readonly protocol: 'serve'
  /** The lower of the two versions. */
  readonly version: ProtocolVersion
  readonly clientVersion: ProtocolVersion
  readonly serverVersion: ProtocolVersion
}

/** The messages of a command with one key, in order; in QueryPathInfos there are several. */
export interface ServeSaid {
  readonly side: Side
  readonly key: string
  readonly value: unknown
}

/** An archive or an export that was uploaded or downloaded. */
export interface ServeFlowed {
  readonly side: Side
  readonly key: string
  readonly size: number
  readonly sha256: string
}

/** The request of a command. */
export interface ServeAsked {
  readonly number: number
  /** Null for an unknown number. */
  readonly name: string | null
  readonly version: ProtocolVersion
  /** The store directory that its paths were read under. */
  readonly storeDir: string
  /** True if the agreed version does not have it. */
  readonly lacking: boolean
  readonly said: ReadonlyArray<ServeSaid>
}

/** A command has begun; its request, if it has one, is complete. Only with the option `progress`. */
export interface ServeBegunEvent extends ServeAsked {
  readonly kind: 'begun'
}

/** A command that is over. */
export interface ServeCommandEvent extends ServeAsked, Ranges {
  readonly kind: 'command'
  /** True if it is complete. A server that fails closes the connection instead of answering. */
  readonly finished: boolean
  /** The number of values beyond the option `keep`. */
  readonly omitted: number
  readonly flowed: ReadonlyArray<ServeFlowed>
  /** If it is not finished, the number of bytes of the server's incomplete message or download. */
  readonly incomplete: number
}

/** The events of the serve protocol. */
export type ServeEvent = ServeHandshakeEvent | ServeBegunEvent | ServeCommandEvent | IssueEvent | EndEvent
