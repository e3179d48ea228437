import type fc from 'fast-check'
import { flag, type OptionChecks, record, usual, words } from '../../combinators/options.js'
import type { Agreed, Protocol } from '../../combinators/protocol.js'
import { arbitraries } from '../arbitrary/expect.js'
import { type ArbitraryOptions, arbitraryOptions } from '../arbitrary/index.js'
import type { BrokenRule } from './session.js'

/** Which sessions are generated. The values of messages are generated as by `toArbitrary`, with its options. */
export interface MadeSessionOptions extends ArbitraryOptions {
  /** The parts of the protocol that are known before the first message. */
  readonly protocol?: Partial<Protocol>
  /**
   * What both sides agree on. Default: random versions and features out of those that the gates of the flow depend
   * on.
   */
  readonly agreed?: Partial<Agreed>
  /** The cases of the turns, in this order. Default: random cases out of those that the protocol has. */
  readonly turns?: ReadonlyArray<string>
  /** The most turns, unless `turns` is given. Default: 4. */
  readonly mostTurns?: number
  /** Arbitraries for messages, by their keys. Default: any value of the message's grammar. */
  readonly words?: { readonly [key: string]: fc.Arbitrary<unknown> }
  /** Arbitraries for raw bytes, by the name of their delimiter. The delimiter must find the end of these bytes. */
  readonly contents?: { readonly [delimiter: string]: fc.Arbitrary<Uint8Array> }
  /**
   * For agreements that random messages seldom reach, by the name of the agreement: given the messages so far,
   * returns values for some of the keys with which both sides agree.
   */
  readonly meets?: {
    readonly [agreement: string]: (said: { readonly [key: string]: never }) => {
      readonly [key: string]: unknown
    }
  }
  /** The number of bytes that a side asks for at once, if it asks for pieces. Default: random. */
  readonly asksFor?: number
  /** Makes a side break off now and then, where the flow allows it. Default: true. */
  readonly departs?: boolean
}

export interface BrokenSessionOptions extends MadeSessionOptions {
  /** The rules to break. Default: all. */
  readonly rules?: ReadonlyArray<BrokenRule>
}

const highest = 1000

/** @throws RangeError for an invalid size of a request for bytes. */
const askedSize = (what: string, value: unknown): void => {
  if (!(Number.isSafeInteger(value) && (value as number) > 0)) {
    throw new RangeError(`${what} must be an integer of at least 1, not ${String(value)}`)
  }
}

/** @throws RangeError for an invalid number of turns. */
const turnCount = (what: string, value: unknown): void => {
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > highest) {
    throw new RangeError(`${what} must be an integer from 0 to ${highest}, not ${String(value)}`)
  }
}

export const sessionOptions: OptionChecks<MadeSessionOptions> = {
  ...arbitraryOptions,
  protocol: usual.protocol,
  agreed: usual.protocol,
  turns: words,
  mostTurns: turnCount,
  words: arbitraries,
  contents: arbitraries,
  meets: record,
  asksFor: askedSize,
  departs: flag,
}

export const brokenOptions: OptionChecks<BrokenSessionOptions> = { ...sessionOptions, rules: words }
