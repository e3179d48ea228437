import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'
import { isSome } from 'fp-ts/lib/Option.js'
import { equalValues } from '../../bytes/equal.js'
import { type Issue, showIssue } from '../../combinators/issue.js'
import { type AnyGrammar, type Grammar, grammarOf } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import {
  type AnyOperation,
  acceptServer,
  ClientHandshakeInfo,
  ClientHello,
  CpuAffinity,
  CpuAffinityFlag,
  FeatureList,
  Int,
  LogMessage,
  negotiateFeatures,
  negotiateVersion,
  operationById,
  operations,
  ReserveSpace,
  readReply,
  ServerHello,
  type StreamContent,
  streamOf,
} from '../../grammar/index.js'
import { type Codec, compile } from '../../interpreters/compile/index.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { sharedPath } from '../support/shared.js'
import { skipContent } from './contents.js'

/** One side of a recorded connection, and how far it has been read. */
class Side {
  readonly bytes: Uint8Array
  at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  get left(): number {
    return this.bytes.length - this.at
  }
}

/** A recording that breaks the protocol as the grammars have it. */
export class Broken extends Error {
  readonly issue: Issue

  constructor(what: string, issue: Issue) {
    super(`${what}: ${showIssue(issue)}`)
    this.issue = issue
  }
}

export interface Performed {
  readonly operation: AnyOperation | undefined
  readonly id: number
  readonly request: unknown
  readonly log: ReadonlyArray<LogMessage>
  readonly outcome: 'reply' | 'error'
  readonly reply: unknown
}

export interface Conversation {
  readonly protocol: Protocol
  readonly hello: ReadonlyArray<LogMessage>
  readonly info: unknown
  readonly operations: ReadonlyArray<Performed>
  readonly clientLeft: number
  readonly serverLeft: number
  /** What the encoder would have written in other bytes. */
  readonly rewritten: ReadonlyArray<string>
}

const rightOf = <A>(what: string, result: Either<Issue, A>): A => {
  if (isLeft(result)) {
    throw new Broken(what, result.left)
  }
  return result.right
}

/** Reads both streams of a recording in turn, with nothing but the grammars and the table. */
class Reader {
  readonly client: Side
  readonly server: Side
  protocol: Protocol
  /** What the encoder would have written in other bytes. */
  readonly rewritten: string[] = []
  readonly #storeDir: string
  readonly #codecs = new Map<AnyGrammar, unknown>()

  constructor(client: Uint8Array, server: Uint8Array, storeDir: string) {
    this.client = new Side(client)
    this.server = new Side(server)
    this.#storeDir = storeDir
    this.protocol = nixProtocol({ storeDir })
  }

  agree(version: Protocol['version'], features: ReadonlyArray<string>): void {
    this.protocol = nixProtocol({ version, features, storeDir: this.#storeDir })
    this.#codecs.clear()
  }

  next<A>(side: Side, what: string, grammar: Grammar<A>): A {
    let codec = this.#codecs.get(grammar) as Codec<A> | undefined
    if (codec === undefined) {
      codec = compile(grammar, this.protocol)
      this.#codecs.set(grammar, codec)
    }
    const { value, next } = rightOf(what, codec.decodeAt(side.bytes, side.at))
    if (!isDeepStrictEqual(codec.encode(value), right(side.bytes.slice(side.at, next)))) {
      this.rewritten.push(what)
    }
    side.at = next
    return value
  }

  /** The messages up to the last one; what the daemon pulls and pushes on the way is looked at, too. */
  log(content: StreamContent | undefined): ReadonlyArray<LogMessage> {
    const messages: LogMessage[] = []
    const moved: Uint8Array[] = []
    for (;;) {
      const message = this.next(this.server, 'log', LogMessage)
      messages.push(message)
      if (message._tag === 'Write') {
        moved.push(message.data)
      } else if (message._tag === 'Read') {
        moved.push(this.next(this.client, 'answer to Read', readReply(message.wanted)))
      } else if (message._tag === 'Last' || message._tag === 'Error') {
        if (moved.length > 0 && content !== undefined) {
          skipWhole(Buffer.concat(moved), content, this.protocol)
        }
        return messages
      }
    }
  }

  /** A client may ask what the protocol does not have, or not yet; it is told so after its request was read. */
  #operation(id: number): AnyOperation | undefined {
    const known = operationById(id, this.protocol)
    return isSome(known)
      ? known.value
      : Object.values<AnyOperation>(operations).find((each) => each.id === id && each.status !== 'removed')
  }

  operation(): Performed {
    const id = this.next(this.client, 'operation', Int)
    const operation = this.#operation(id)
    if (operation === undefined) {
      return { operation, id, request: undefined, ...this.answer(undefined) }
    }
    const request = this.next(this.client, operation.name, grammarOf<unknown>(operation.request.node))
    const stream = streamOf(operation, this.protocol)
    if (stream?.direction === 'upload' && stream.way === 'framed') {
      this.client.at = skipFrames(this.client, stream.content, request, this.protocol)
    } else if (stream?.direction === 'upload' && stream.way === 'raw') {
      this.client.at = skipContent(stream.content, this.client.bytes, this.client.at, this.protocol)
    }
    return { operation, id, request, ...this.answer(operation) }
  }

  /** An error before the daemon began to work comes twice, and then the connection ends. */
  repeated(error: LogMessage): void {
    const { at } = this.server
    if (this.client.left === 0 && this.server.left > 0) {
      const again = this.next(this.server, 'second error', LogMessage)
      this.server.at = equalValues(error, again) ? this.server.at : at
    }
  }

  answer(operation: AnyOperation | undefined): Pick<Performed, 'log' | 'outcome' | 'reply'> {
    const stream = operation === undefined ? undefined : streamOf(operation, this.protocol)
    const log = this.log(stream?.content)
    const last = log.at(-1)
    if (last?._tag === 'Error') {
      this.repeated(last)
    }
    if (operation === undefined || last?._tag === 'Error') {
      return { log, outcome: 'error', reply: undefined }
    }
    const reply = this.next(
      this.server,
      `reply of ${operation.name}`,
      grammarOf<unknown>(operation.reply.node),
    )
    if (stream?.direction === 'download' && stream.way === 'raw') {
      this.server.at = skipContent(stream.content, this.server.bytes, this.server.at, this.protocol)
    }
    return { log, outcome: 'reply', reply }
  }
}

const skipWhole = (bytes: Uint8Array, content: StreamContent, given: Protocol): void => {
  const end = skipContent(content, bytes, 0, given)
  if (end !== bytes.length) {
    throw new Error(`${bytes.length - end} bytes behind the ${content}`)
  }
}

/** Frame by frame, and then through what they hold. */
const skipFrames = (side: Side, content: StreamContent, request: unknown, given: Protocol): number => {
  const view = new DataView(side.bytes.buffer, side.bytes.byteOffset, side.bytes.byteLength)
  const frames: Uint8Array[] = []
  let at = side.at
  for (;;) {
    const length = Number(view.getBigUint64(at, true))
    at += 8
    if (length === 0) {
      const method = (request as { readonly method?: { readonly _tag: string } }).method?._tag
      const archive = method === undefined || method === 'NixArchive' || method === 'Git'
      if (content !== 'Log' && (content !== 'Dump' || archive)) {
        skipWhole(Buffer.concat(frames), content, given)
      }
      return at
    }
    frames.push(side.bytes.subarray(at, at + length))
    at += length
  }
}

/** The store directory is not sent: it stands in front of the first store path. */
const storeDirOf = (client: Uint8Array, server: Uint8Array): string => {
  const text = Buffer.concat([client, server]).toString('latin1')
  return /(\/[\x21-\x2e\x30-\x7e]+)+?(?=\/[0-9a-df-np-sv-z]{32}-)/.exec(text)?.[0] ?? '/nix/store'
}

const sideOf = (name: string, side: 'client' | 'server'): Uint8Array =>
  Uint8Array.from(readFileSync(sharedPath('nix', 'sessions', `${name}.${side}.bin`)))

/** How long both streams of a recording are. */
export const sizesOf = (name: string): readonly [client: number, server: number] => [
  sideOf(name, 'client').length,
  sideOf(name, 'server').length,
]

/** Reads a recorded connection to its end, or throws where it breaks the protocol. */
export const readRecording = (name: string): Conversation => {
  const [client, server] = [sideOf(name, 'client'), sideOf(name, 'server')]
  return converse(new Reader(client, server, storeDirOf(client, server)))
}

const converse = (reader: Reader): Conversation => {
  const { client, server } = reader
  const theirs = reader.next(client, 'hello of the client', ClientHello)
  const ours = reader.next(server, 'hello of the daemon', ServerHello)
  const version = negotiateVersion(theirs.version, ours.version)
  const accepted = acceptServer(ours.version, { newest: theirs.version })
  if (isLeft(accepted) || accepted.right !== version) {
    throw new Error(`the client would have refused ${ours.version}`)
  }
  reader.agree(version, [])
  const wanted = reader.next(client, 'features of the client', FeatureList)
  const had = reader.next(server, 'features of the daemon', FeatureList)
  reader.agree(version, negotiateFeatures(wanted, had))
  if (reader.next(client, 'CPU flag', CpuAffinityFlag) !== 0) {
    reader.next(client, 'CPU', CpuAffinity)
  }
  reader.next(client, 'reserve space', ReserveSpace)
  const info = reader.next(server, 'handshake info', ClientHandshakeInfo)
  const hello = reader.log(undefined)
  const performed: Performed[] = []
  while (client.left > 0 && server.left > 0) {
    performed.push(reader.operation())
  }
  return {
    protocol: reader.protocol,
    hello,
    info,
    operations: performed,
    clientLeft: client.left,
    serverLeft: server.left,
    rewritten: reader.rewritten,
  }
}
