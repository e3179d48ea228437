import { type Either, left } from 'fp-ts/lib/Either.js'
import type { FieldPath, Issue } from '../../combinators/issue.js'
import { nodeName, type ResolvedNode } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { clip, messageOf } from '../../combinators/show.js'
import type { TextIssue } from '../../combinators/text-format.js'
import * as words from '../../combinators/words.js'

/** Where a view is: in which protocol, at which path, how deep. */
export interface Place {
  readonly protocol: Protocol
  readonly path: FieldPath
  readonly depth: number
}

export const inside = (place: Place, ...steps: FieldPath): Place => ({
  ...place,
  path: [...place.path, ...steps],
})

/** The greatest depth limit of a codec. */
const deepest = 1000

const located = (place: Place, node: ResolvedNode, expected: string, actual: string) => ({
  offset: 0,
  path: place.path,
  expected: clip(expected),
  actual: clip(actual),
  grammar: nodeName(node),
})

export const invalid = (
  tag: 'InvalidJson' | 'InvalidValue' | 'OutOfRange' | 'Unrepresentable',
  place: Place,
  node: ResolvedNode,
  expected: string,
  actual: string,
): Either<Issue, never> => left({ _tag: tag, ...located(place, node, expected, actual) })

export const invalidText = (place: Place, node: ResolvedNode, issue: TextIssue): Either<Issue, never> =>
  left({
    _tag: 'InvalidText',
    ...located(place, node, issue.expected, issue.actual),
    position: issue.position,
  })

/** One level deeper, or the issue that it is too deep. */
export const deeper = (place: Place, node: ResolvedNode): Either<Issue, Place> =>
  place.depth < deepest
    ? { _tag: 'Right', right: { ...place, depth: place.depth + 1 } }
    : tooDeep(place, node)

export const tooDeep = (place: Place, node: ResolvedNode): Either<Issue, never> =>
  left({
    _tag: 'LimitExceeded',
    ...located(place, node, words.atMost(deepest, 'depth'), 'one more level'),
    limit: 'depth',
    maximum: deepest,
  })

export const isOverflow = (error: unknown): boolean =>
  error instanceof RangeError && error.message.includes('call stack')

/** The issue of a value that throws when it is read. */
export const thrown = (place: Place, node: ResolvedNode, error: unknown): Either<Issue, never> =>
  isOverflow(error)
    ? tooDeep(place, node)
    : invalid('Unrepresentable', place, node, words.readable, words.exception(messageOf(error)))
