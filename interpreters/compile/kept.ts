import type { Entries } from './checks.js'
import { faultMarker } from './fault.js'
import type { Frames } from './frames.js'
import type { Input } from './input.js'
import type { CasePlan, Plan } from './plan.js'

/**
 * How far a fast reader had come when the bytes ran out. Each reader on the way out of the exception leaves one, the
 * innermost first, and the walk takes them up from the outside in: nothing is read twice.
 */
type Kept = KeptFields | KeptFixed | KeptItems | KeptEntries | KeptCase | KeptImap | KeptMarked | KeptFrames

interface KeptFields {
  readonly _tag: 'struct'
  readonly values: Array<unknown>
  /** The field being read. */
  readonly index: number
}

interface KeptFixed {
  readonly _tag: 'fixed'
  readonly offset: number
}

export interface KeptItems {
  readonly _tag: 'list'
  readonly items: Array<unknown>
  readonly length: number
  /** The item being read, and where it starts. */
  readonly index: number
  readonly offset: number
}

export interface KeptEntries {
  readonly _tag: 'map'
  readonly entries: Entries
  readonly length: number
  /** The entry being read, and where it starts. */
  readonly index: number
  readonly offset: number
  /** The last key that has been read. */
  readonly before: unknown
  /** Whether that is the key of the entry being read. */
  readonly inValue: boolean
}

interface KeptCase {
  readonly _tag: 'choice'
  readonly tag: unknown
  readonly found: CasePlan
  readonly body: Plan
}

interface KeptImap {
  readonly _tag: 'imap'
  readonly offset: number
}

export interface KeptMarked {
  readonly _tag: 'until'
  readonly items: Array<unknown>
  /** Whether the mark before the item being read has been read. */
  readonly inItem: boolean
}

interface KeptFrames {
  readonly _tag: 'framed'
  readonly frames: Frames
}

/** Whether what failed may go on when more bytes have come. */
export const mayResume = (input: Input, error: unknown): boolean =>
  error === faultMarker && input.resumable && input.fault.tag === 'UnexpectedEnd'

export const keep = (input: Input, error: unknown, kept: Kept): void => {
  if (mayResume(input, error)) {
    input.kept.push(kept)
  }
}

/** What the outermost of the readers that failed has left; none where there was nothing to leave. */
export const takeKept = <T extends Kept['_tag']>(
  input: Input,
  tag: T,
): Extract<Kept, { readonly _tag: T }> | undefined => {
  const kept = input.kept.pop() as Kept | undefined
  if (kept !== undefined && kept._tag !== tag) {
    throw new Error(`kept by a ${kept._tag}, and a ${tag} goes on`)
  }
  return kept as Extract<Kept, { readonly _tag: T }> | undefined
}
