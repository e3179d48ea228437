import type { Either } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { AnyFlow, BytesPair, ConnectFlowOptions, ServeFlowOptions } from '../../conversation/index.js'

/** What a side says before and behind its turns, by key. */
interface Saying {
  readonly says: { readonly [key: string]: unknown }
}

/** A client of any flow, as `connectFlow` gives one. */
export interface SubjectClient {
  readonly protocol: Partial<Protocol>
  readonly calls: { readonly [name: string]: (...given: ReadonlyArray<never>) => TaskEither<unknown, object> }
  close(): Promise<void>
}

/** What connects a client that is held to the laws. */
export type ClientSubject = (
  flow: AnyFlow,
  pair: BytesPair,
  options: ConnectFlowOptions & Saying,
) => TaskEither<unknown, SubjectClient>

/** What is called for a case of the turns: with what was heard, and functions that tell something on the way. */
export type SubjectHandler = (
  heard: { readonly [key: string]: unknown },
  say: { readonly [key: string]: (value: unknown) => Promise<void> },
) => Promise<Either<unknown, object>>

/** What serves on one connection, and is held to the laws. */
export type ServerSubject = (
  flow: AnyFlow,
  pair: BytesPair,
  handlers: { readonly [name: string]: SubjectHandler },
  options: ServeFlowOptions & Saying,
) => Promise<Either<unknown, void>>
