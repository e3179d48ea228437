import type { FieldPath, Issue, LimitName, PlainIssue } from '../../combinators/issue.js'
import { clip, quoted } from '../../combinators/show.js'

/** What is wrong with an archive, before its path is known. */
export interface Refusal {
  readonly tag: PlainIssue['_tag'] | 'UnexpectedEnd' | 'LimitExceeded'
  readonly offset: number
  readonly expected: string
  readonly actual: string
  /** The first byte that cannot stand where it stands; that of `offset` where nothing else is said. */
  readonly wrongByte?: number
  readonly missing?: number
  readonly limit?: LimitName
  readonly maximum?: number
}

export const issueOf = (refusal: Refusal, path: FieldPath): Issue => {
  const { tag, offset, expected, actual, missing = 0, limit = 'string', maximum = 0 } = refusal
  const located = { offset, path, expected: clip(expected), actual: clip(actual), grammar: 'Nar' }
  switch (tag) {
    case 'UnexpectedEnd':
      return { _tag: tag, ...located, missing }
    case 'LimitExceeded':
      return { _tag: tag, ...located, limit, maximum }
    default:
      return { _tag: tag, ...located }
  }
}

/** Thrown inside and caught at the surface, so that good input pays nothing for it. */
export class Refused extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.expected)
    this.refusal = refusal
  }
}

export function refuse(refusal: Refusal): never {
  throw new Refused(refusal)
}

/** Called with an issue whose extent is known. */
export type Objection = (refusal: Refusal) => void

/** Rejects a part whose extent is known, unless there is a listener: then the archive is read on. */
export const object = (heard: Objection | null, refusal: Refusal): void => {
  if (heard === null) {
    refuse(refusal)
  } else {
    heard(refusal)
  }
}

/** A text in an error message, cut if it is long. */
export const quote = (text: string): string => quoted(text)
