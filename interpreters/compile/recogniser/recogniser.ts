import type { Protocol } from '../../../combinators/protocol.js'
import type { TextPiece } from '../../../combinators/text-format.js'
import { type KnownPiece, type Step, stepOf } from './steps.js'

/**
 * Whether `bytes[start, end)` is a text of the pattern; `view` shows the same bytes. Accepted texts are ASCII, so that
 * no further check is needed before the string is made.
 */
export type Recogniser = (bytes: Uint8Array, view: DataView, start: number, end: number) => boolean

/** A pattern under a protocol, with the step for each piece. */
export interface KnownPattern {
  readonly pieces: ReadonlyArray<KnownPiece>
  readonly steps: ReadonlyArray<Step>
}

export const knownPattern = (pattern: ReadonlyArray<TextPiece>, { storeDir }: Protocol): KnownPattern => {
  const pieces = pattern.map(
    (piece): KnownPiece => (piece._tag === 'storeDir' ? { _tag: 'literal', text: storeDir } : piece),
  )
  return { pieces, steps: pieces.map(stepOf) }
}

/** A recogniser that runs one step after another. */
export const recogniser =
  ({ steps }: KnownPattern): Recogniser =>
  (bytes, view, start, end) => {
    let at = start
    for (let i = 0; i < steps.length && at >= 0; i++) {
      at = steps[i]!(bytes, view, at, end)
    }
    return at === end
  }
