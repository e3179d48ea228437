import { type AnyFlow, type BytesPair, type ConversationEvent, observe } from '../../conversation/index.js'
import { concat } from '../support/wire.js'
import type { Side } from './tape.js'

export interface PipeOptions {
  /** The most bytes of one read. */
  readonly cut?: number
  /** The number of bytes that may be unread before a write has to wait. */
  readonly capacity?: number
}

interface Waiting {
  readonly go: () => void
  readonly fail: (reason: unknown) => void
}

/** Bytes from one side to the other, in memory: written bytes are kept for the tests. */
export class Pipe {
  /** All that was written, chunk by chunk. */
  readonly written: Array<Uint8Array> = []
  /** The number of unread bytes, now and at most. */
  held = 0
  heldAtMost = 0
  isClosed = false
  abortedBy: unknown
  readonly #cut: number
  readonly #capacity: number
  readonly #chunks: Array<Uint8Array> = []
  #reader: Waiting | null = null
  #writer: Waiting | null = null
  #failure: { readonly reason: unknown } | null = null
  /** Whether bytes are withheld from the reader. */
  #isStopped = false

  constructor({ cut = Number.POSITIVE_INFINITY, capacity = Number.POSITIVE_INFINITY }: PipeOptions = {}) {
    this.#cut = cut
    this.#capacity = capacity
  }

  get bytes(): Uint8Array {
    return concat(...this.written)
  }

  /** Withholds bytes from the reader, until {@link go}. */
  stop(): void {
    this.#isStopped = true
  }

  go(): void {
    this.#isStopped = false
    this.#wake()
  }

  /** Breaks it for both sides. */
  break(reason: unknown): void {
    this.#failure = { reason }
    this.#reader?.fail(reason)
    this.#writer?.fail(reason)
  }

  readonly readable: BytesPair['readable'] = {
    getReader: () => ({
      read: async () => {
        while (this.#isStopped || (this.#chunks.length === 0 && !this.isClosed)) {
          this.#throw()
          await new Promise<void>((go, fail) => {
            this.#reader = { go, fail }
          })
        }
        this.#throw()
        const chunk = this.#chunks.shift()
        if (chunk === undefined) {
          return { done: true }
        }
        const value = chunk.subarray(0, this.#cut)
        if (value.length < chunk.length) {
          this.#chunks.unshift(chunk.subarray(value.length))
        }
        this.held -= value.length
        if (this.held <= this.#capacity) {
          this.#writer?.go()
        }
        return { done: false, value: value.slice() }
      },
      cancel: async (reason?: unknown) => this.break(reason),
    }),
  }

  readonly writable: BytesPair['writable'] = {
    getWriter: () => ({
      write: async (chunk: Uint8Array) => {
        this.#throw()
        if (this.isClosed) {
          throw new Error('it was closed')
        }
        this.written.push(chunk.slice())
        this.#chunks.push(chunk.slice())
        this.held += chunk.length
        this.heldAtMost = Math.max(this.held, this.heldAtMost)
        this.#wake()
        if (this.held > this.#capacity) {
          await new Promise<void>((go, fail) => {
            this.#writer = { go, fail }
          })
        }
      },
      close: async () => {
        this.isClosed = true
        this.#wake()
      },
      abort: async (reason?: unknown) => {
        this.abortedBy = reason
        this.isClosed = true
        this.#wake()
      },
    }),
  }

  #wake(): void {
    if (!this.#isStopped) {
      this.#reader?.go()
    }
  }

  #throw(): void {
    if (this.#failure !== null) {
      throw this.#failure.reason
    }
  }
}

/** A connection in memory. */
export interface Wires {
  readonly client: BytesPair
  readonly server: BytesPair
  /** The bytes from the client to the server, and back. */
  readonly up: Pipe
  readonly down: Pipe
}

export const wires = (up: PipeOptions = {}, down: PipeOptions = up): Wires => {
  const [there, back] = [new Pipe(up), new Pipe(down)]
  return {
    up: there,
    down: back,
    client: { readable: back.readable, writable: there.writable },
    server: { readable: there.readable, writable: back.writable },
  }
}

/** The events of an observer for all bytes of a connection. */
export const observed = (
  flow: AnyFlow,
  { up, down }: Pick<Wires, 'up' | 'down'>,
): ReadonlyArray<ConversationEvent> => {
  const observer = observe(flow)
  const both: ReadonlyArray<readonly [Side, Uint8Array]> = [
    ['client', up.bytes],
    ['server', down.bytes],
  ]
  return [
    ...both.flatMap(([side, bytes]) => observer.push(side, bytes)),
    ...both.flatMap(([side]) => observer.end(side)),
  ]
}
