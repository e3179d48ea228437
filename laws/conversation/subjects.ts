import type { Either } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { AnyFlow, BytesPair, ConnectFlowOptions, ServeFlowOptions } from '../../conversation/index.js'

/** The messages of a side before and after its turns, by key. */
interface Saying {
  readonly says: { readonly [key: string]: unknown }
}

/** A client of any flow, such as `connectFlow` returns. */
export interface SubjectClient {
  readonly protocol: Partial<Protocol>
  readonly calls: { readonly [name: string]: (...given: ReadonlyArray<never>) => TaskEither<unknown, object> }
  close(): Promise<void>
}

/** Connects a client to test, like `connectFlow`. */
export type ClientSubject = (
  flow: AnyFlow,
  pair: BytesPair,
  options: ConnectFlowOptions & Saying,
) => TaskEither<unknown, SubjectClient>

/** The handler of a case: it takes the client's messages, and functions that send repeated messages meanwhile. */
export type SubjectHandler = (
  heard: { readonly [key: string]: unknown },
  say: { readonly [key: string]: (value: unknown) => Promise<void> },
) => Promise<Either<unknown, object>>

/** Serves one connection with a server to test, like `serveFlow`. */
export type ServerSubject = (
  flow: AnyFlow,
  pair: BytesPair,
  handlers: { readonly [name: string]: SubjectHandler },
  options: ServeFlowOptions & Saying,
) => Promise<Either<unknown, void>>
