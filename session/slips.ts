import { joined } from '../bytes/joined.js'
import { numberAt } from '../bytes/number-at.js'
import type { AnyOperation } from '../grammar/operations/operation.js'
import { takesNoArguments } from '../grammar/operations/operation.js'
import { isAlmostRight } from './almost-right.js'
import { messageTags, operationAt, type Seen, seenFrom } from './fitting.js'
import { type Found, nameOf, partOf, type Rule } from './rule.js'

// Guesses on bytes that are lost, doubled or damaged: what if the stream went on a few bytes further, or with another number?

/** Other bytes in the place of those that came, and what that would mean. */
interface Change {
  readonly bytes: Uint8Array
  readonly means: (part: string) => string
}

export const numberSize = 8

const bytesText = (count: number): string => (count === 1 ? '1 byte' : `${count} bytes`)
const areText = (count: number): string => (count === 1 ? '1 byte is' : `${count} bytes are`)

export const numberText = (number: bigint): string => `${number} (0x${number.toString(16)})`

/** What a number may have been before a bit of it, or its upper half, was damaged. */
function* undamaged(number: bigint): Generator<bigint, void> {
  const low = BigInt.asUintN(32, number)
  if (low !== number) {
    yield low
  }
  for (let bit = 63n; bit >= numberSize; bit--) {
    if (((number >> bit) & 1n) === 1n) {
      yield number ^ (1n << bit)
    }
  }
}

const bytesOfNumber = (number: bigint): Uint8Array => {
  const bytes = new Uint8Array(numberSize)
  new DataView(bytes.buffer).setBigUint64(0, number, true)
  return bytes
}

/** The same bytes with another number in one place. */
export const withNumber = ({ bytes, isAll }: Seen, at: number, number: bigint): Seen => ({
  bytes: joined([bytes.subarray(0, at), bytesOfNumber(number), bytes.subarray(at + numberSize)]),
  isAll,
})

/** `at`: where the number stands that cannot be; `offset`: the same in the stream. */
function* changes(bytes: Uint8Array, at: number, offset: number): Generator<Change, void> {
  const number = numberAt(bytes, at)
  if (number === null) {
    return
  }
  const before = bytes.subarray(0, at)
  for (const other of undamaged(number)) {
    yield {
      bytes: joined([before, bytesOfNumber(other), bytes.subarray(at + numberSize)]),
      means: (part) =>
        `With ${numberText(other)} instead of ${numberText(number)}, ${part} would be right: the number is damaged.`,
    }
  }
  for (let count = 1; count <= numberSize; count++) {
    yield {
      bytes: joined([before, bytes.subarray(at + count)]),
      means: (part) =>
        `From byte ${offset + count} on, the rest of ${part} would be right: ${areText(count)} too many before it, or a length before it is too small.`,
    }
    if (count <= at) {
      yield {
        bytes: joined([before, bytes.subarray(at - count)]),
        means: (part) =>
          `From byte ${offset - count} on, the rest of ${part} would be right: ${areText(count)} missing before it, or a length before it is too large.`,
      }
    }
    const end = at + numberSize - count
    yield {
      bytes: joined([bytes.subarray(0, end), new Uint8Array(count), bytes.subarray(end)]),
      means: (part) =>
        `From byte ${offset + numberSize - count} on, the rest of ${part} would be right: ${bytesText(count)} of the number at byte ${offset} ${count === 1 ? 'is' : 'are'} missing.`,
    }
  }
}

// An end may be that of a text whose length is none.
const numbers = new Set(['LimitExceeded', 'OutOfRange', 'UnexpectedEnd', 'UnexpectedValue', 'UnknownTag'])

/** Bytes are lost or too many before a number, or the number is damaged. */
export const slipped: Rule = ({ talk, side, issue, fatal }) => {
  const [head] = issue.path
  const { latest } = side === 'client' ? talk.clientTrail : talk.serverTrail
  const isNumber = fatal && (head === 'request' || head === 'reply') && numbers.has(issue._tag)
  if (!isNumber || latest === null || latest.kind !== head || latest.start > issue.offset) {
    return null
  }
  const seen = seenFrom(talk, side, latest.start)
  if (seen === null) {
    return null
  }
  for (const { bytes, means } of changes(seen.bytes, issue.offset - latest.start, issue.offset)) {
    if (isAlmostRight(talk, side, latest, { ...seen, bytes }, issue._tag !== 'UnexpectedEnd')) {
      return means(partOf(latest, side))
    }
  }
  return null
}

// From the nearest on; a field or two may be too many.
const steps = [1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 8, -8, 16, 24, 32]

const tooMany = (step: number): string => `${bytesText(Math.abs(step))} too ${step > 0 ? 'many' : 'few'}`

/** The number of an operation is damaged, or stands a few bytes further or before. */
export const slippedOperation: Rule = ({ talk, side, issue, fatal }) => {
  if (!fatal || side !== 'client' || issue.path[0] !== 'operation' || issue.offset < numberSize) {
    return null
  }
  const start = issue.offset - numberSize
  const seen = seenFrom(talk, side, start)
  if (seen === null) {
    return null
  }
  const damaged = damagedOperation(talk, seen)
  if (damaged !== null) {
    return damaged
  }
  const before = talk.before === null ? 'the handshake' : `the request of ${nameOf(talk.before)}`
  for (const step of steps) {
    const found = requestAt(talk, seen, numberSize + step)
    if (found !== null) {
      return `The next operation, ${found.name} (${found.id}), begins at byte ${issue.offset + step}: ${before} has ${tooMany(step)}.`
    }
  }
  return null
}

/** An operation that takes arguments: others stand in any zeros. */
const requestAt = (talk: Found['talk'], seen: Seen, at: number): AnyOperation | null => {
  const found = operationAt(talk, talk.protocol, seen, at)
  return found === null || takesNoArguments(found) ? null : found
}

const damagedOperation = (talk: Found['talk'], { bytes, isAll }: Seen): string | null => {
  const number = numberAt(bytes, numberSize) ?? 0n
  const rest = bytes.subarray(2 * numberSize)
  for (const other of undamaged(number)) {
    const found = requestAt(talk, { bytes: joined([bytesOfNumber(other), rest]), isAll }, 0)
    if (found !== null) {
      return `With ${numberText(other)} instead of ${numberText(number)} this would be ${found.name}: the number is damaged.`
    }
  }
  return null
}

/** Where the next log message begins, if not here. */
export const slippedMessage = ({ talk, issue }: Found, before: string): string | null => {
  const start = issue.offset - numberSize
  const { bytes } = talk.server.excerpt(start, issue.offset + 64)
  // What stands a whole message before was read as one.
  for (const step of steps.filter((each) => each > -numberSize)) {
    const tag = messageTags.get(numberAt(bytes, numberSize + step) ?? 0n)
    if (tag !== undefined) {
      return `The next log message (${tag}) begins at byte ${issue.offset + step}: what came before, ${before}, has ${tooMany(step)}.`
    }
  }
  return null
}
