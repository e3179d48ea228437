import type fc from 'fast-check'
import { flag, type OptionChecks, record, usual, words } from '../../combinators/options.js'
import type { Agreed, Protocol } from '../../combinators/protocol.js'
import { type ArbitraryOptions, arbitraryOptions } from '../arbitrary/index.js'
import type { BrokenRule } from './session.js'

/** Which sessions are made up. Values of messages are made as `toArbitrary` makes them, with its options. */
export interface MadeSessionOptions extends ArbitraryOptions {
  /** What is known of the protocol before the first word. */
  readonly protocol?: Partial<Protocol>
  /** What both sides must agree on. Default: what the gates of the flow ask for, now this and now that. */
  readonly agreed?: Partial<Agreed>
  /** The cases of the turns, in this order. Default: any that the protocol has. */
  readonly turns?: ReadonlyArray<string>
  /** How many turns there are at most, if the option `turns` does not say it. Default: 4. */
  readonly mostTurns?: number
  /** What is said under a key, instead of any value of its grammar. */
  readonly words?: { readonly [key: string]: fc.Arbitrary<unknown> }
  /** Bytes for a delimiter, by its name: such as it finds the end of. */
  readonly contents?: { readonly [delimiter: string]: fc.Arbitrary<Uint8Array> }
  /**
   * For an agreement that random words seldom meet, by its name: given what was said, other values for some of the keys,
   * which meet it.
   */
  readonly meets?: {
    readonly [agreement: string]: (said: { readonly [key: string]: never }) => {
      readonly [key: string]: unknown
    }
  }
  /** How many bytes a side asks for at once that asks for pieces. Default: now few and now many. */
  readonly asksFor?: number
  /** Whether a side breaks off now and then, where the flow lets it. Default: true. */
  readonly departs?: boolean
}

export interface BrokenSessionOptions extends MadeSessionOptions {
  /** The rules that are broken. Default: all. */
  readonly rules?: ReadonlyArray<BrokenRule>
}

const highest = 1000

/** @throws RangeError for what cannot be a number of bytes to ask for. */
const askedSize = (what: string, value: unknown): void => {
  if (!(Number.isSafeInteger(value) && (value as number) > 0)) {
    throw new RangeError(`${what} must be an integer of at least 1, not ${String(value)}`)
  }
}

/** @throws RangeError for what cannot be a number of turns. */
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
  words: record,
  contents: record,
  meets: record,
  asksFor: askedSize,
  departs: flag,
}

export const brokenOptions: OptionChecks<BrokenSessionOptions> = { ...sessionOptions, rules: words }
