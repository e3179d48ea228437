import type { ProtocolVersion } from '../../combinators/version.js'
import type { EndEvent, IssueEvent, Ranges, Side } from '../events.js'

/** What the two sides agreed on, and where they did. */
export interface ServeHandshakeEvent extends Ranges {
  readonly kind: 'handshake'
  readonly protocol: 'serve'
  /** The lower of the two. */
  readonly version: ProtocolVersion
  readonly clientVersion: ProtocolVersion
  readonly serverVersion: ProtocolVersion
}

/** What was said in a command under a key, in its order: more than once in QueryPathInfos. */
export interface ServeSaid {
  readonly side: Side
  readonly key: string
  readonly value: unknown
}

/** An archive or an export stream that flowed. */
export interface ServeFlowed {
  readonly side: Side
  readonly key: string
  readonly size: number
  readonly sha256: string
}

/** What a client asks for. */
export interface ServeAsked {
  readonly number: number
  /** Null for a number that is none of a command. */
  readonly name: string | null
  readonly version: ProtocolVersion
  /** What its paths were read under. */
  readonly storeDir: string
  /** Whether the version that was agreed on does not have it. */
  readonly lacking: boolean
  readonly said: ReadonlyArray<ServeSaid>
}

/** A command has begun: its request is there, if it has one. With `progress` only. */
export interface ServeBegunEvent extends ServeAsked {
  readonly kind: 'begun'
}

/** One command, when it is over. */
export interface ServeCommandEvent extends ServeAsked, Ranges {
  readonly kind: 'command'
  /** Whether all of it was said. A server that fails closes instead of an answer. */
  readonly finished: boolean
  /** How many values more were said, and are not kept. */
  readonly omitted: number
  readonly flowed: ReadonlyArray<ServeFlowed>
  /** Of a command that is not finished: how many bytes the server said of what is not whole, as of a download. */
  readonly incomplete: number
}

/** What a recording of the serve protocol tells. */
export type ServeEvent = ServeHandshakeEvent | ServeBegunEvent | ServeCommandEvent | IssueEvent | EndEvent
