import type { Issue, IssueTag, LimitName, StreamFailure } from '../../combinators/issue.js'
import { clip, messageOf } from '../../combinators/show.js'
import * as words from '../../combinators/words.js'

export { show } from '../../combinators/show.js'

/** The tags of issues of a codec, which has bytes or a value, but no stream. */
export type FaultTag = Exclude<IssueTag, StreamFailure['_tag']>

/**
 * An issue without its path. It is recorded here, and one marker, made once, is thrown: valid input costs nothing. The
 * readers and writers on its way out add the path.
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

  issue({ path, grammar }: Pick<Issue, 'path' | 'grammar'>): Issue {
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

/** Marks an error as a mistake in the grammar, which a codec throws unchanged. */
export const mistake = (error: unknown): unknown => {
  if (typeof error === 'object' && error !== null) {
    mistakes.add(error)
  }
  return error
}

export const isMistake = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && mistakes.has(error)

/**
 * The marker that is thrown inside after a {@link Fault} was recorded; it never leaves a codec. It is not an error: one
 * made while modules are loaded makes V8 parse their whole file again, for the lines of its stack.
 */
export const faultMarker = Symbol('a fault has been recorded')

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
  record(fault, tag, offset, expected, actual)
  throw faultMarker
}

const record = (fault: Fault, tag: FaultTag, offset: number, expected: string, actual: string): void => {
  fault.tag = tag
  fault.offset = offset
  fault.expected = clip(expected)
  fault.actual = clip(actual)
}

/** Records that a value threw when it was read. */
export const recordThrown = ({ fault }: Faulty, offset: number, error: unknown): void => {
  const actual = words.exception(messageOf(error))
  record(fault, 'Unrepresentable', offset, words.readable, actual)
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
  return refuse(at, 'LimitExceeded', offset, words.atMost(maximum, limit), actual)
}
