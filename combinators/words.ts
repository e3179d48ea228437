import type { LimitName } from './issue.js'
import type { UntilNode } from './node.js'
import { oneOf, show } from './show.js'

/**
 * The texts of issues, expected and actual, for all readers and writers. They describe the rule; each reader finds out
 * who breaks it, and where.
 */

export const integerUpTo = (max: bigint): string => `an integer from 0 to ${max}`

export const onlyLowBits = (bits: number): string => `only the low ${bits} bits in use`

/** What a value must be that an integer represents. */
export const integerIn = (max: bigint, type: 'bigint' | 'number'): string => `${integerUpTo(max)} (a ${type})`

export const trueOrFalse = 'true or false'

export const zeroOrOne = '0 or 1'

export const zeroByte = 'a zero byte'

export const byteInHex = (byte: number): string => `0x${byte.toString(16)}`

/** Numbers from here on encode words, and are printed in hexadecimal too. */
export const firstMagic = 0x10000n

const inHexToo = (value: unknown): string =>
  typeof value === 'bigint' || Number.isInteger(value)
    ? `${show(value)} (0x${(value as bigint | number).toString(16)})`
    : show(value)

export const isMagic = (fixed: unknown): boolean =>
  (typeof fixed === 'bigint' || typeof fixed === 'number') && fixed >= firstMagic

/** A value that is fixed, and what is there instead; a magic in hexadecimal too. */
export const fixedAndFound = (fixed: unknown, found: unknown): readonly [fixed: string, found: string] =>
  isMagic(fixed) ? [inHexToo(fixed), inHexToo(found)] : [show(fixed), show(found)]

export const bytesCount = (count: number): string => `${count} bytes`

export const someBytes = 'bytes (a Uint8Array)'

export const someBytesOf = (length: number): string => `${length} ${someBytes}`

export const anyMoreBytes = 'more bytes'

export const moreBytes = (count: number): string => `${count} more bytes`

export const endOfMessage = 'the end of the message'

/** For bytes without a length, which are counted only up to the limit. */
export const moreThan = (bytes: number): string => `${bytes + 1} bytes or more`

export const endFrame = 'the end frame'

export const beforeEndFrame = (expected: string): string => `${expected} before ${endFrame}`

export const framesOf = (size: number): string => `frames of ${size} bytes`

export const frameOf = (length: number): string => `a frame of ${length}`

export const atMost = (maximum: number, limit: LimitName): string => `at most ${maximum} (the ${limit} limit)`

/** For a part beyond a limit. */
export const tooLong = (length: bigint): string => `a length of ${length}`

export const tooMany = (count: bigint): string => `a count of ${count}`

export const tooDeep = (depth: number): string => `a depth of ${depth}`

export const stackDepth = 'a depth that the stack can hold'

export const tooLongFrame = (length: bigint): string => `a frame of ${length} bytes`

export const moreInFrames = `${anyMoreBytes} in frames`

export const tooLongFrames = (bytes: number): string => `${bytes} bytes in frames`

export const oneMoreItem = 'one more item'

export const itemsCount = (count: number): string => `${count} items`

export const eachOnce = 'each item once'

export const itemAfter = (before: unknown): string => `an item after ${show(before)}`

export const oneOfCases = ({
  cases,
}: {
  readonly cases: Iterable<{ readonly tag: unknown; readonly name: string }>
}): string => oneOf(cases, ({ tag, name }) => `${show(tag)} (${name})`)

/** For a value: a case is given by its name, and in an open choice also by a number without one. */
export const oneOfNames = (names: Iterable<unknown>, open: boolean): string =>
  `${oneOf(names, show)}${open ? ' or another number' : ''}`

/** For a number that has a name. */
export const theName = (name: string): string => `the name ${show(name)}`

/** For a tag in the case for every other tag that belongs to a named case. */
export const tagOfNoCase = (tag: unknown, name: string): string =>
  `a tag without a name (${show(tag)} is ${show(name)})`

export const oneMoreOrEnd = ({ next, end }: Pick<UntilNode, 'next' | 'end'>): string =>
  `${show(next)} (one more) or ${show(end)} (the end)`

/** For an `imap` that maps two values to the same one. */
export const asWritten = 'the form that the encoder writes'

export const anOption = 'an Option (none or some)'

/** For a value that a gate leaves out: `shown` is the constant in its place. */
export const notSent = (shown: string): string => `${shown}, since this protocol does not send the field`

export const utf8 = 'UTF-8'

export const aString = 'a string'

export const wellFormed = 'a string without lone surrogates'

export const escapedText = 'a string whose lone surrogates stand for bytes that are not UTF-8'

export const anObject = 'an object'
export const valueAndBytes = 'an object with the value, and its bytes'

export const anArray = 'an array'

export const anArrayOf = (length: number): string => `an array of ${length}`

export const aMap = 'a Map'

export const aCollection = 'a collection with a count'

export const unchanging = 'a collection that does not change, and has as many items as it says'

export const roomFor = (bytes: number | string): string => `room for ${bytes}`

export const readable = 'a value that can be read'

export const exception = (message: string): string => `an exception: ${message}`
