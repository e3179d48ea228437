import { isRight } from 'fp-ts/lib/Either.js'
import { numberAt } from '../bytes/number-at.js'
import type { Grammar } from '../combinators/node.js'
import { TolerantReading } from '../interpreters/dissect/tolerant.js'
import { isAlmostRight } from './almost-right.js'
import type { Conversation } from './conversation.js'
import { type Seen, seenFrom } from './fitting.js'
import { endedBy, partOf, type Rule } from './rule.js'
import { numberSize, numberText, withNumber } from './slips.js'
import type { Attempt } from './trail.js'

/** The most lengths that are tried, from the issue back. */
const mostTried = 64

/** Shorter texts are not told from numbers. */
const shortestText = 3

interface Text {
  readonly length: number
  /** Whether zeros end it, so that it has certainly not been cut. */
  readonly isEnded: boolean
}

/** The texts that may begin here: up to the first zero, or to the number behind one that needs no padding. */
const textsAt = (bytes: Uint8Array, start: number): ReadonlyArray<Text> => {
  const zero = bytes.indexOf(0, start)
  const run = (zero === -1 ? bytes.length : zero) - start
  const whole = run - (run % numberSize)
  const texts = run === whole ? [] : [{ length: run, isEnded: zero !== -1 }]
  return [...texts, { length: whole, isEnded: false }].filter(({ length }) => length >= shortestText)
}

const highestCounted = 4096n

/** Whether a length stands a few bytes further: it has another size, or its bytes are in the other order. */
const isMoved = (number: bigint, length: bigint): boolean =>
  Array.from({ length: numberSize }, (_, i) => length << BigInt(8 * i)).includes(number)

/** Whether a number may stand for a length: it was counted wrongly, or one of its bytes is damaged or in another place. */
const mayStandFor = (number: bigint, length: bigint): boolean => {
  const difference = number ^ length
  const isOneByte = Array.from({ length: numberSize }, (_, i) => 0xffn << BigInt(8 * i)).some(
    (byte) => (difference & ~byte) === 0n,
  )
  return difference !== 0n && (number <= highestCounted || isOneByte || isMoved(number, length))
}

/** The texts behind a number that is not the length of one; none if the number is right, or not like a length. */
const textsBehind = (bytes: Uint8Array, at: number, number: bigint): ReadonlyArray<Text> => {
  const texts = textsAt(bytes, at + numberSize)
  const isRight = texts.some(({ length, isEnded }) => isEnded && BigInt(length) === number)
  return isRight ? [] : texts.filter(({ length }) => mayStandFor(number, BigInt(length)))
}

/** Whether the text that ends at `end` is a part of the value, and valid there. */
const holdsText = ({ protocol }: Conversation, { grammar }: Attempt, seen: Seen, end: number): boolean => {
  const reading = new TolerantReading(grammar as Grammar<unknown>, protocol)
  const result = reading.next(seen.bytes, seen.isAll)
  return result !== null && isRight(result) && reading.taken >= end && reading.takeIssues().length === 0
}

// If a multiple of eight bytes is missing, what follows keeps its alignment.
const orMissing = (number: bigint, length: bigint): string =>
  number > length && number - length <= highestCounted && (number - length) % BigInt(numberSize) === 0n
    ? `, or ${number - length} bytes of its text are missing`
    : ''

/** A length does not fit its text, and with that of the text the value would be right. */
export const damagedLength: Rule = (found) => {
  const { talk, side, issue } = found
  const latest = endedBy(found)
  if (latest === null) {
    return null
  }
  const seen = seenFrom(talk, side, latest.start)
  if (seen === null) {
    return null
  }
  const { bytes } = seen
  const end = issue.offset - latest.start
  const first = end - (end % numberSize)
  for (let at = first; at >= 0 && at > first - mostTried * numberSize; at -= numberSize) {
    const number = numberAt(bytes, at)
    if (number === null) {
      continue
    }
    for (const { length, isEnded } of textsBehind(bytes, at, number)) {
      const other = BigInt(length)
      const mended = withNumber(seen, at, other)
      const isMended =
        holdsText(talk, latest, mended, at + numberSize + length) &&
        isAlmostRight(talk, side, latest, mended, isEnded || issue._tag !== 'UnexpectedEnd')
      if (isMended) {
        return `With ${numberText(other)} instead of ${numberText(number)}, ${partOf(latest, side)} would be right: the length at byte ${latest.start + at} is probably damaged${orMissing(number, other)}.`
      }
    }
  }
  return null
}
