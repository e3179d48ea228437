import { equalValues } from '../../bytes/equal.js'
import type { SaidEvent } from '../../conversation/index.js'
import { goesOnWith, type Shape, type Telling } from '../../conversation/line/shape.js'
import { mostAtOnce } from '../../conversation/machine/blob.js'
import { valueAt } from '../../conversation/machine/scope.js'
import type { Label, Side } from '../../conversation/node.js'
import type { MadeSession } from '../../interpreters/conversations/index.js'
import { asksIn, piecesIn, type Spoken } from './spoken.js'

/**
 * Whether a side can be made to send all of these messages: it determines some itself, always in the same way.
 */
export const canBeLedTo = (side: Side, { words, contents }: Spoken, shape: Shape): boolean =>
  words.every((word) => word.side !== side || isFree(side, word, shape)) &&
  // A stream that repeats in a loop has no value for each repetition.
  new Set(contents.map(({ key }) => key)).size === contents.length &&
  contents.every((each) => each.side !== side || each.chunks.every(({ length }) => length <= mostAtOnce))

const isFree = (side: Side, word: SaidEvent, shape: Shape): boolean => {
  const pieces = piecesIn(shape, word)
  if (pieces !== null) {
    const { of, wrapped } = pieces
    return of.length < 2 || equalValues(word.value, { ...wrapped, [of[1]!]: valueAt(word.value, of) })
  }
  const asks = asksIn(shape, word)
  if (asks !== null && side === 'server') {
    return equalValues(word.value, { ...asks.value, [asks.size]: mostAtOnce })
  }
  const telling = shape.tellings.get(word.key)
  return telling === undefined || isTold(side, word, telling)
}

/** The notices of a client only end. */
const isTold = (side: Side, { value }: SaidEvent, telling: Telling): boolean =>
  equalValues(value, telling.speech.done) ||
  (side === 'server' && (goesOn(telling, value) || fails(telling, value)))

export const goesOn = (telling: Telling, value: unknown): boolean =>
  goesOnWith(telling, labelIn(telling, value)) !== null

export const fails = ({ speech, branch }: Telling, value: unknown): boolean =>
  branch.cases.get(valueAt(value, branch.on) as Label)?.name === speech.failed

const labelIn = ({ branch }: Telling, value: unknown): Label => valueAt(value, branch.on) as Label

/**
 * Whether each turn of a session belongs to this loop: other loops that a side begins have no methods and no handlers.
 */
export const hasOnlyTurnsOf = (loop: string, { events, departure }: MadeSession): boolean =>
  events.every(
    (event) =>
      !('turn' in event) ||
      event.turn === null ||
      event.turn.loop === loop ||
      departure?.events.includes(event) === true,
  )
