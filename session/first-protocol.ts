import { joined } from '../bytes/joined.js'
import type { Side } from './events.js'
import { isServeStream } from './serve/serve-session.js'

const magicSize = 8

/** Recognises the protocol of a connection: each side begins with a magic of its own. */
export class FirstProtocol {
  readonly #heads: { [S in Side]: Uint8Array } = { client: new Uint8Array(0), server: new Uint8Array(0) }

  /**
   * The protocol, once enough bytes of a side have come; null before. At most a magic of each side is copied.
   */
  push(side: Side, bytes: Uint8Array): 'worker' | 'serve' | null {
    const head = this.#heads[side]
    this.#heads[side] = joined([head, bytes.subarray(0, magicSize - head.length)])
    return this.#heads[side].length < magicSize
      ? null
      : isServeStream(side, this.#heads[side])
        ? 'serve'
        : 'worker'
  }
}
