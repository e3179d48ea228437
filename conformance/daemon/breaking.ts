import type { Grammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { type Malformed, toMalformed } from '../../interpreters/malformed/index.js'

/** How many ways to break a message are tried. */
export interface Breaking {
  /** In how many ways each message is broken. */
  readonly ways: number
  /** The seed from which the choice of ways follows. */
  readonly seed: number
}

/** A message with one rule broken. */
export interface BrokenMessage {
  readonly rule: string
  readonly bytes: Uint8Array
  /** Whether the message ends too early, so that nothing can follow it. */
  readonly isCut: boolean
  /** The text in which the rule is broken, a character for each byte; null if it is not in a text. */
  readonly text: string | null
}

function* endlessly<A>(value: A): Generator<A, never> {
  for (;;) {
    yield value
  }
}

const least = 2n ** 20n
const most = 2n ** 62n

/**
 * Whether a reader may allocate all that is announced: the protocol allows that, and it could harm the machine.
 */
const announcesMuch = (bytes: Uint8Array, { tag, offset }: Malformed['issue']): boolean => {
  if ((tag !== 'LimitExceeded' && tag !== 'OutOfRange') || offset + 8 > bytes.length) {
    return false
  }
  const value = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(offset, true)
  return value >= least && value < most
}

const longestText = 2n ** 16n

/** The text around the byte at an offset: its length is in front of it. */
const textAround = (bytes: Uint8Array, { tag, offset }: Malformed['issue']): string | null => {
  if (tag !== 'InvalidText' && tag !== 'NotUtf8') {
    return null
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = 8 * Math.floor(offset / 8) - 8; at >= 0; at -= 8) {
    const length = view.getBigUint64(at, true)
    const end = at + 8 + Number(length)
    if (length < longestText && end >= offset && end <= bytes.length) {
      return Buffer.from(bytes.subarray(at + 8, end)).toString('latin1')
    }
  }
  return null
}

/**
 * A message broken in a limited number of ways; rules that were broken less often, as `broken` counts them, come first.
 */
export const brokenMessages = (
  grammar: Grammar<unknown>,
  protocol: Partial<Protocol>,
  value: unknown,
  { ways, seed }: Breaking,
  broken: Map<string, number>,
): ReadonlyArray<BrokenMessage> => {
  const found = new Map<string, BrokenMessage>()
  let tried = 0
  const samples = toMalformed(grammar, protocol).sample(endlessly(value), seed, broken, 'compatible')
  for (const { rule, bytes, issue } of samples) {
    // The next message follows, so no bytes are too many.
    if (issue.tag !== 'TrailingBytes' && !announcesMuch(bytes, issue)) {
      found.set(rule, { rule, bytes, isCut: issue.tag === 'UnexpectedEnd', text: textAround(bytes, issue) })
    }
    if (found.size >= ways || ++tried >= 4 * ways) {
      break
    }
  }
  return [...found.values()]
}

/** The first of each kind, in their order. */
export const firstOfEach = <A>(items: ReadonlyArray<A>, kindOf: (item: A) => string): ReadonlyArray<A> =>
  [...new Map([...items].reverse().map((item) => [kindOf(item), item])).values()].reverse()
