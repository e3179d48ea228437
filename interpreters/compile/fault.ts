import type { Issue, IssueTag, LimitName, Path, StreamFailure } from '../../combinators/issue.js'
import { messageOfBytes } from '../../combinators/limits.js'
import { clip, messageOf } from '../../combinators/show.js'

export { oneOf, show } from '../../combinators/show.js'

/** What a codec finds: it has bytes or a value, and no stream. */
type FaultTag = Exclude<IssueTag, StreamFailure['_tag']>

/**
 * What a leaf knows when it refuses. It is recorded here and one marker, made once, is thrown: good input pays
 * nothing for it. The path is added later, by going over the same bytes again.
 */
export class Fault {
  tag: FaultTag = 'InvalidValue'
  offset = 0
  expected = ''
  actual = ''
  position = 0
  missing = 0
  limit: LimitName = 'string'
  maximum = 0
  /** Set by a count that cannot fit: what is wrong, and where, is left to the second pass. */
  early = false

  issue(path: Path, grammar: string): Issue {
    const { offset, expected, actual } = this
    const located = { offset, path, expected, actual, grammar }
    switch (this.tag) {
      case 'UnexpectedEnd':
        return { _tag: this.tag, ...located, missing: this.missing }
      case 'InvalidText':
      case 'NotUtf8':
        return { _tag: this.tag, ...located, position: this.position }
      case 'LimitExceeded':
        return { _tag: this.tag, ...located, limit: this.limit, maximum: this.maximum }
      case 'NonZeroPadding':
      case 'OutOfRange':
      case 'UnknownTag':
      case 'UnexpectedValue':
      case 'InvalidValue':
      case 'DuplicateKey':
      case 'NotCanonical':
      case 'TrailingBytes':
      case 'FramesEnd':
      case 'Unrepresentable':
      case 'InvalidJson':
      case 'NoSpace':
        return { _tag: this.tag, ...located }
    }
  }
}

const mistakes = new WeakSet<object>()

/** Marks what was thrown as a mistake in the grammar, which leaves a codec as it is. */
export const mistake = (error: unknown): unknown => {
  if (typeof error === 'object' && error !== null) {
    mistakes.add(error)
  }
  return error
}

export const isMistake = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && mistakes.has(error)

/** What is thrown inside when a {@link Fault} has been recorded; it never leaves a codec. */
export const faultMarker: Error = new Error('a fault has been recorded')

interface Faulty {
  readonly fault: Fault
}

export function refuse(
  { fault }: Faulty,
  tag: FaultTag,
  offset: number,
  expected: string,
  actual: string,
): never {
  fault.tag = tag
  fault.offset = offset
  fault.expected = clip(expected)
  fault.actual = clip(actual)
  fault.early = false
  throw faultMarker
}

/** Refuses a count that the bytes that are there cannot hold; the second pass says which of the items they lack. */
export function refuseEarly({ fault }: Faulty, offset: number, count: number, missing: number): never {
  fault.tag = 'UnexpectedEnd'
  fault.offset = offset
  fault.expected = `${count} items`
  fault.actual = 'fewer'
  fault.missing = missing
  fault.early = true
  throw faultMarker
}

/** Refuses a value that grew too large; the second pass says which part goes over the limit. */
export function refuseMessage(at: Faulty, maximum: number, offset: number, bytes: number): never {
  try {
    return refuseLimit(at, 'message', maximum, offset, messageOfBytes(bytes))
  } finally {
    at.fault.early = true
  }
}

/** Records that a value threw when it was looked at; the second pass says which part of it did. */
export const recordThrown = (at: Faulty, offset: number, error: unknown): void => {
  try {
    refuseThrown(at, offset, error)
  } catch {
    // It is recorded.
  }
}

export function refuseThrown(at: Faulty, offset: number, error: unknown): never {
  try {
    return refuse(
      at,
      'Unrepresentable',
      offset,
      'a value that can be read',
      `an exception: ${messageOf(error)}`,
    )
  } finally {
    at.fault.early = true
  }
}

export function refuseText(
  at: Faulty,
  tag: 'InvalidText' | 'NotUtf8',
  offset: number,
  position: number,
  expected: string,
  actual: string,
): never {
  at.fault.position = position
  return refuse(at, tag, offset, expected, actual)
}

export function refuseLimit(
  at: Faulty,
  limit: LimitName,
  maximum: number,
  offset: number,
  actual: string,
): never {
  at.fault.limit = limit
  at.fault.maximum = maximum
  return refuse(at, 'LimitExceeded', offset, `at most ${maximum} (the ${limit} limit)`, actual)
}
