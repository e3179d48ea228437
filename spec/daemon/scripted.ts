import { promises } from '../../daemon/client.js'
import type { Client } from '../../daemon/client-types.js'
import type { ConnectOptions } from '../../daemon/connect-options.js'
import type { operations } from '../../grammar/operations/index.js'
import type { Chunks } from '../../stream/chunks.js'
import { concat, int } from '../support/wire.js'

/**
 * A daemon without a server: it answers each write of the client with the chunks that a test has prepared.
 */
export class ScriptedDaemon implements Chunks {
  /** The client's bytes after the handshake. */
  readonly heard: Array<Uint8Array> = []
  readonly #said: Array<Uint8Array | null> = []
  #answers: Array<ReadonlyArray<Uint8Array | null>> = []
  #wake: () => void = () => undefined

  async connect(minor: number, options: ConnectOptions = {}): Promise<Client<typeof operations>> {
    this.say([concat(int(0x6478696f), int(256 + minor), int(0x616c7473))])
    const writable = {
      write: (chunk: Uint8Array) => {
        this.heard.push(chunk)
        this.say(this.#answers.shift() ?? [])
      },
    }
    const client = await promises.connect({ readable: this, writable }, { settings: false, ...options })
    this.heard.length = 0
    return client
  }

  /** The answers to the next writes, in order; null is the end. */
  answer(...answers: ReadonlyArray<ReadonlyArray<Uint8Array | null>>): void {
    this.#answers = [...answers]
  }

  next(): Uint8Array | null | Promise<Uint8Array | null> {
    const [chunk] = this.#said.splice(0, 1)
    return chunk !== undefined
      ? chunk
      : new Promise((resolve) => {
          this.#wake = () => resolve(this.next())
        })
  }

  cancel(): void {}

  /** Sends something unsolicited. */
  say(chunks: ReadonlyArray<Uint8Array | null>): void {
    if (chunks.length > 0) {
      this.#said.push(...chunks)
      const wake = this.#wake
      this.#wake = () => undefined
      wake()
    }
  }
}
