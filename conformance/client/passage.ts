import type { Duplex } from 'node:stream'
import { joined } from '../../bytes/joined.js'
import type { Protocol } from '../../combinators/protocol.js'
import { type AnyFlow, type ConversationEvent, type Observer, observe } from '../../conversation/index.js'
import { streamTransport } from '../../daemon/transport.js'
import { listeningPairOf } from '../../daemon/transport-pair.js'
import type { Transport } from '../../daemon/transport-types.js'
import { operations } from '../../grammar/operations/table.js'
import type { Side } from '../../session/events.js'
import type { Sent } from '../daemon/line.js'
import type { Spoil } from './case.js'

/** A message of the server, with its bytes. */
export interface Word {
  /** Its label: `QueryPathInfo.log.Last`, `handshake.hello`. */
  readonly label: string
  /** Its operation; null for a part of the handshake. */
  readonly operation: keyof typeof operations | null
  readonly key: string
  readonly value: unknown
  readonly bytes: Uint8Array
  /** The protocol negotiated by then. */
  readonly protocol: Partial<Protocol>
}

/** What happened on one connection. */
export interface Passed {
  readonly words: ReadonlyArray<Word>
  readonly sent: ReadonlyArray<Sent>
  /** Whether the message to replace came, and was replaced. */
  readonly isSpoilt: boolean
  /** Whether the client requested an operation. */
  readonly hasAsked: boolean
  readonly protocol: Partial<Protocol>
}

type Pair = ReturnType<typeof listeningPairOf>
type Reader = ReturnType<Pair['readable']['getReader']>
type Writer = ReturnType<Pair['writable']['getWriter']>

const tagOf = (value: unknown): string =>
  typeof value === 'object' && value !== null && '_tag' in value ? `.${String(value._tag)}` : ''

const operationOf = (id: unknown): keyof typeof operations | null =>
  (Object.keys(operations) as ReadonlyArray<keyof typeof operations>).find(
    (name) => operations[name].id === Number(id),
  ) ?? null

/** Forwards between a client and a server without mistakes, and replaces one message of the server. */
export class Passage {
  readonly #client: Transport
  readonly #server: Transport
  readonly #spoil: Spoil | null
  readonly #observer: Observer
  readonly #words: Array<Word> = []
  readonly #sent: Array<Sent> = []
  /** The bytes of the server that are held until their message is known, and their offset. */
  #held: Uint8Array = new Uint8Array(0)
  #heldAt = 0
  #operation: keyof typeof operations | null = null
  #hasAsked = false
  #isSpoilt = false
  #isCut = false
  #isLost = false

  constructor(client: Duplex, server: Duplex, flow: AnyFlow, storeDir: string, spoil: Spoil | null) {
    this.#client = streamTransport(client)
    this.#server = streamTransport(server)
    this.#spoil = spoil
    this.#observer = observe(flow, { protocol: { storeDir }, evaluate: false })
    void this.#pass()
  }

  get passed(): Passed {
    return {
      words: this.#words,
      sent: this.#sent,
      isSpoilt: this.#isSpoilt,
      hasAsked: this.#hasAsked,
      protocol: this.#observer.protocol,
    }
  }

  async close(): Promise<void> {
    // Writing to a side that has left may never finish.
    await Promise.all([this.#client.close(), this.#server.close()])
  }

  async #pass(): Promise<void> {
    const client = listeningPairOf(this.#client)
    const server = listeningPairOf(this.#server)
    const [toClient, toServer] = [client.writable.getWriter(), server.writable.getWriter()]
    const asked = this.#each(client.readable.getReader(), async (chunk) => {
      this.#note('client', chunk)
      this.#hear(this.#observer.push('client', chunk))
      await this.#release(toClient)
      await toServer.write(chunk)
    })
      .then(() => this.#hear(this.#observer.end('client')))
      .then(() => quietly(() => toServer.close()))
    const told = this.#each(server.readable.getReader(), async (chunk) => {
      this.#held = joined([this.#held, chunk])
      this.#hear(this.#observer.push('server', chunk))
      await this.#release(toClient)
    })
      .then(() => this.#hear(this.#observer.end('server')))
      .then(() => quietly(() => this.#say(toClient, this.#taken(this.#held.length))))
      .then(() => quietly(() => toClient.close()))
    await Promise.all([asked, told])
    await Promise.all([this.#client.close(), this.#server.close()])
  }

  async #each(reader: Reader, take: (chunk: Uint8Array) => Promise<void>): Promise<void> {
    try {
      for (let next = await reader.read(); next.done !== true; next = await reader.read()) {
        if (next.value !== undefined) {
          await take(next.value.slice())
        }
      }
    } catch {
      // The side has left, so it cannot be written to.
    }
  }

  #note(side: Side, bytes: Uint8Array): void {
    this.#sent.push({ side, bytes, at: Date.now() })
  }

  /** The bytes to send to the client now, piece by piece. */
  readonly #due: Array<{ readonly bytes: Uint8Array; readonly cuts: boolean }> = []

  #hear(events: ReadonlyArray<ConversationEvent>): void {
    for (const event of events) {
      if (event.kind === 'turn' && event.turn.loop === 'operations') {
        this.#operation = null
      } else if (event.kind === 'issue' && event.fatal) {
        this.#isLost = true
      } else if (event.kind === 'said' && event.side === 'client' && event.key === 'operation') {
        this.#operation = operationOf(event.value)
        this.#hasAsked = true
      } else if (event.kind === 'flowed' && event.side === 'server' && event.within.length === 0) {
        this.#due.push({ bytes: this.#taken(event.end - this.#heldAt), cuts: false })
      } else if (event.kind === 'said' && event.side === 'server' && event.within.length === 0) {
        // The stream before a message is not part of it.
        this.#due.push({ bytes: this.#taken(event.start - this.#heldAt), cuts: false })
        this.#due.push(this.#word(event, this.#taken(event.end - this.#heldAt)))
      }
    }
    if (this.#isLost) {
      this.#due.push({ bytes: this.#taken(this.#held.length), cuts: false })
    }
  }

  #word(
    { key, value, turn }: { readonly key: string; readonly value: unknown; readonly turn: unknown },
    bytes: Uint8Array,
  ): { readonly bytes: Uint8Array; readonly cuts: boolean } {
    const operation = turn === null ? null : this.#operation
    const label = `${operation ?? 'handshake'}.${key}${key === 'log' ? tagOf(value) : ''}`
    this.#words.push({ label, operation, key, value, bytes, protocol: this.#observer.protocol })
    if (this.#spoil?.label !== label || this.#isSpoilt) {
      return { bytes, cuts: false }
    }
    this.#isSpoilt = true
    return { bytes: this.#spoil.bytes, cuts: this.#spoil.ends }
  }

  #taken(length: number): Uint8Array {
    const taken = this.#held.subarray(0, Math.max(length, 0))
    this.#held = this.#held.subarray(taken.length)
    this.#heldAt += taken.length
    return taken
  }

  async #release(to: Writer): Promise<void> {
    for (let next = this.#due.shift(); next !== undefined; next = this.#due.shift()) {
      await this.#say(to, next.bytes)
      if (next.cuts) {
        this.#isCut = true
        await quietly(() => to.close())
      }
    }
  }

  async #say(to: Writer, bytes: Uint8Array): Promise<void> {
    if (bytes.length > 0 && !this.#isCut) {
      this.#note('server', bytes)
      await to.write(bytes)
    }
  }
}

const quietly = async (act: () => unknown): Promise<void> => {
  try {
    await act()
  } catch {
    // The side has left, so it cannot be written to.
  }
}
