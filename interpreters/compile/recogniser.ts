import type { Protocol } from '../../combinators/protocol.js'
import type { TextPiece } from '../../combinators/text-format.js'
import { generateRecogniser, type Recogniser } from './recogniser-code.js'
import { type KnownPiece, type Step, stepOf } from './recogniser-steps.js'

export type { Recogniser } from './recogniser-code.js'

/** Makes a recogniser from a pattern: generated code, or where that is not allowed one step after another. */
export const recogniser = (
  pattern: ReadonlyArray<TextPiece>,
  protocol: Protocol,
  evaluate: boolean,
): Recogniser => {
  const pieces = pattern.map((piece) => (piece._tag === 'storeDir' ? literalOf(protocol.storeDir) : piece))
  const steps = pieces.map(stepOf)
  return evaluate ? generateRecogniser(pieces, steps) : inSteps(steps)
}

const literalOf = (text: string): KnownPiece => ({ _tag: 'literal', text })

const inSteps =
  (steps: ReadonlyArray<Step>): Recogniser =>
  (bytes, view, start, end) => {
    let at = start
    for (let i = 0; i < steps.length && at >= 0; i++) {
      at = steps[i]!(bytes, view, at, end)
    }
    return at === end
  }
