import type { ProtocolVersion } from '../../combinators/version.js'
import type { ConversationIssueEvent } from '../../conversation/index.js'
import type { EndEvent, Ranges, Side } from '../events.js'

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

/** One command, when it is over. */
export interface ServeCommandEvent extends Ranges {
  readonly kind: 'command'
  readonly number: number
  /** Null for a number that is none of a command. */
  readonly name: string | null
  readonly version: ProtocolVersion
  /** Whether the version that was agreed on does not have it. */
  readonly lacking: boolean
  /** Whether all of it was said. A server that fails closes instead of an answer. */
  readonly finished: boolean
  readonly said: ReadonlyArray<ServeSaid>
  /** How many values more were said, and are not kept. */
  readonly omitted: number
  readonly flowed: ReadonlyArray<ServeFlowed>
}

/** Something is wrong with what a side said, or it ended too early. */
export interface ServeIssueEvent extends Pick<ConversationIssueEvent, 'kind' | 'side' | 'issue' | 'fatal'> {
  /** The command that it belongs to; null outside of any. */
  readonly during: string | null
}

/** What a recording of the serve protocol tells. */
export type ServeEvent = ServeHandshakeEvent | ServeCommandEvent | ServeIssueEvent | EndEvent
