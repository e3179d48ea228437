import { isLeft } from 'fp-ts/lib/Either.js'
import type { Grammar } from '../../combinators/node.js'
import { type ProtocolVersion, versionFromBits } from '../../combinators/version.js'
import { LogMessage } from '../../grammar/index.js'
import { type AnyOperation, operationsOf, streamOf } from '../../grammar/operations/index.js'
import { compile } from '../../interpreters/compile/index.js'
import { toArbitrary } from '../../laws/index.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { narOf, ScriptedSession } from '../support/scripted-session.js'
import { isKnown, pick, some } from './draw.js'

/** A valid conversation of one call. */
export interface Conversation {
  readonly operation: AnyOperation
  readonly version: ProtocolVersion
  readonly request: unknown
  readonly client: Uint8Array
  readonly server: Uint8Array
  /** The end of the handshake. */
  readonly handshake: { readonly client: number; readonly server: number }
}

const versions: ReadonlyArray<ProtocolVersion> = Array.from({ length: 29 }, (_, i) =>
  versionFromBits(0x10a + i),
)

const untyped = (grammar: unknown): Grammar<unknown> => grammar as Grammar<unknown>

const contents = narOf(new TextEncoder().encode('contents'))

/** The log messages that can come before a reply. */
const isLine = ({ _tag }: LogMessage): boolean => _tag !== 'Last' && _tag !== 'Error' && _tag !== 'Read'

/** One call under some version: any operation, with a request, log, and a reply. */
export const drawConversation = (seed: number): Conversation => {
  const version = pick(versions, seed)
  const given = nixProtocol({ version })
  const operation = pick([...operationsOf(given)].filter(isKnown), seed + 1)
  const one = (grammar: unknown): unknown => some(toArbitrary(untyped(grammar), given), 1, seed)[0]
  const session = new ScriptedSession({ version })
  const handshake = session.offsets
  const request = one(operation.request)
  session.number('client', operation.id).value('client', untyped(operation.request), request)
  const stream = streamOf(operation, given)
  if (stream?.way === 'framed') {
    session.frames(contents)
  } else if (stream?.way === 'raw' && stream.direction === 'upload') {
    session.client(contents)
  }
  const log = compile(LogMessage, given)
  for (const message of some(toArbitrary(LogMessage, given), 2, seed).filter(isLine)) {
    const bytes = log.encode(message)
    session.server(isLeft(bytes) ? new Uint8Array(0) : bytes.right)
  }
  session.last()
  if (stream?.direction === 'download') {
    session.server(contents)
  } else {
    session.value('server', untyped(operation.reply), one(operation.reply))
  }
  return { operation, version, request, handshake, ...session.bytes }
}
