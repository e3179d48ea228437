import { isLeft } from 'fp-ts/lib/Either.js'
import { showIssue } from '../../combinators/issue.js'
import type { Grammar } from '../../combinators/node.js'
import { paddedBytes } from '../../combinators/primitives/bytes.js'
import { u64 } from '../../combinators/primitives/int.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { Error as ErrorPayload } from '../../grammar/error.js'
import { ClientHello, FeatureList, ServerHello } from '../../grammar/handshake.js'
import { LogMessage } from '../../grammar/logging.js'
import { compile } from '../../interpreters/compile/index.js'

const encoded = <A>(grammar: Grammar<A>, protocol: Partial<Protocol>, value: A): Uint8Array => {
  const bytes = compile(grammar, protocol).encode(value)
  if (isLeft(bytes)) {
    throw new Error(showIssue(bytes.left))
  }
  return bytes.right
}

/** The bytes of both sides, written one message after another. */
export class ScriptedSession {
  readonly protocol: Partial<Protocol>
  readonly #client: Array<Uint8Array> = []
  readonly #server: Array<Uint8Array> = []

  /** A session that has finished its handshake, without logs. */
  constructor(protocol: Pick<Protocol, 'version'> & Partial<Protocol>) {
    this.protocol = protocol
    const { version, features = [] } = protocol
    const minor = Number(version.slice(2))
    this.client(encoded(ClientHello, {}, { version }))
    this.server(encoded(ServerHello, {}, { version }))
    this.client(encoded(FeatureList, protocol, features))
    this.server(encoded(FeatureList, protocol, features))
    this.number('client', ...(minor >= 14 ? [0] : []), ...(minor >= 11 ? [0] : []))
    if (minor >= 33) {
      this.text('server', '2.35.2')
    }
    this.number('server', ...(minor >= 35 ? [1] : []))
    this.last()
  }

  get bytes(): { readonly client: Uint8Array; readonly server: Uint8Array } {
    return { client: Buffer.concat(this.#client), server: Buffer.concat(this.#server) }
  }

  /** The number of bytes of each side. */
  get offsets(): { readonly client: number; readonly server: number } {
    const { client, server } = this.bytes
    return { client: client.length, server: server.length }
  }

  client(...parts: ReadonlyArray<Uint8Array>): this {
    this.#client.push(...parts)
    return this
  }

  server(...parts: ReadonlyArray<Uint8Array>): this {
    this.#server.push(...parts)
    return this
  }

  number(side: 'client' | 'server', ...values: ReadonlyArray<number>): this {
    return this[side](...values.map((value) => encoded(u64, {}, BigInt(value))))
  }

  text(side: 'client' | 'server', text: string): this {
    return this[side](encoded(paddedBytes, {}, new TextEncoder().encode(text)))
  }

  value<A>(side: 'client' | 'server', grammar: Grammar<A>, value: A): this {
    return this[side](encoded(grammar, this.protocol, value))
  }

  last(): this {
    return this.server(encoded(LogMessage, this.protocol, { _tag: 'Last' }))
  }

  message(message: LogMessage): this {
    return this.server(encoded(LogMessage, this.protocol, message))
  }

  error(msg: string): this {
    const error: ErrorPayload = { level: 'Error', msg, exitStatus: 1, traces: [] }
    return this.message({ _tag: 'Error', error })
  }

  /** Cuts content into frames of some size, and ends them. */
  frames(content: Uint8Array, size = 32768): this {
    for (let at = 0; at < content.length; at += size) {
      const frame = content.subarray(at, at + size)
      this.number('client', frame.length).client(frame)
    }
    return this.number('client', 0)
  }
}

/** A NAR of one file. */
export const narOf = (contents: Uint8Array): Uint8Array => {
  const word = (text: string): Uint8Array => encoded(paddedBytes, {}, new TextEncoder().encode(text))
  return Buffer.concat([
    ...['nix-archive-1', '(', 'type', 'regular', 'contents'].map(word),
    encoded(paddedBytes, {}, contents),
    word(')'),
  ])
}

export const somePath = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo'
