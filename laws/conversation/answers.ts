import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { ConversationError, type SaidEvent } from '../../conversation/index.js'
import { type Shape, shapeOf } from '../../conversation/line/shape.js'
import type { FlowNode } from '../../conversation/node.js'
import { flowsIn } from '../../conversation/parts.js'
import type { MadeContent } from '../../interpreters/conversations/index.js'
import { fails, goesOn } from './leading.js'
import { asksIn, piecesIn, type SpokenTurn, wordsBy } from './spoken.js'

/** Thrown by a handler to lead to a failure of the flow, or without a value to break off. */
export class Led extends Error {
  readonly value: unknown

  constructor(value?: unknown) {
    super('led to fail')
    this.value = value
  }
}

/** How a handler ends a turn. */
export type Answer = () => Either<Led, object>

/** The failure to which a handler or a source was led; null for any other error. */
export const ledBy = (thrown: unknown): Led | null => {
  const cause = thrown instanceof ConversationError ? causeOf(thrown.failure) : thrown
  return cause instanceof Led ? cause : null
}

const causeOf = (failure: unknown): unknown =>
  typeof failure === 'object' && failure !== null && 'cause' in failure ? failure.cause : null

/** A handler that makes the server send all its messages of a turn; null if there can be none. */
export const answerOf = (turn: SpokenTurn, flow: FlowNode): Answer | null => {
  const shape = shapeOf(flow)
  const said = turn.words.filter(({ side }) => side === 'server')
  const results = [...wordsBy('server', turn, shape)].filter(([key]) => shape.manners.get(key) !== 'told')
  const contents = turn.contents.filter(({ side }) => side === 'server')
  const { failure, isOpen } = endOf(turn, said, shape)
  const cut = failure === null ? undefined : contents.find(({ key }) => isCut(key, said, flow))
  const given = contents.map(
    (each) => [each.key, each === cut ? failing(each, failure!) : each.chunks] as const,
  )
  if (tellsLate(said, shape)) {
    return null
  }
  if (failure === null || cut !== undefined || (failure.value === undefined && !isOpen)) {
    return () => right(Object.fromEntries([...results, ...given]))
  }
  // A handler that has returned its result does not fail.
  return results.length > 0 || contents.length > 0 ? null : () => left(failure)
}

interface End {
  /** The failure it should cause; null if none. */
  readonly failure: Led | null
  /** Whether the server may still send notices. */
  readonly isOpen: boolean
}

const endOf = ({ over }: SpokenTurn, said: ReadonlyArray<SaidEvent>, shape: Shape): End => {
  const last = said.findLast((word) => isTelling(word, shape))
  const telling = last === undefined ? undefined : shape.tellings.get(last.key)
  if (last === undefined || telling === undefined) {
    return { failure: over.how === 'broken' ? new Led() : null, isOpen: shape.told.length > 0 }
  }
  return fails(telling, last.value)
    ? { failure: new Led(last.value), isOpen: false }
    : { failure: over.how === 'broken' ? new Led() : null, isOpen: goesOn(telling, last.value) }
}

/** Whether it is sent on the way, or ends the notices. */
export const isTelling = (word: SaidEvent, shape: Shape): boolean =>
  shape.manners.get(word.key) === 'told' && piecesIn(shape, word) === null && asksIn(shape, word) === null

/** Whether a notice comes after a piece: a handler has sent all its notices by then. */
const tellsLate = (said: ReadonlyArray<SaidEvent>, shape: Shape): boolean => {
  const first = said.findIndex((word) => piecesIn(shape, word) !== null)
  return (
    first >= 0 &&
    said.slice(first).some((word) => {
      const telling = isTelling(word, shape) ? shape.tellings.get(word.key) : undefined
      return telling !== undefined && goesOn(telling, word.value)
    })
  )
}

/** Whether the content of a key is in pieces among which the server fails or breaks off. */
const isCut = (key: string, said: ReadonlyArray<SaidEvent>, flow: FlowNode): boolean => {
  const shape = shapeOf(flow)
  const isInPieces = [...flowsIn(flow)].some(
    (node) => node._tag === 'carried' && node.key === key && node.way._tag === 'pieces',
  )
  const last = said.findLastIndex((word) => piecesIn(shape, word) !== null)
  return isInPieces && said.slice(last + 1).every((word) => isFailing(word, shape))
}

const isFailing = ({ key, value }: SaidEvent, { tellings }: Shape): boolean => {
  const telling = tellings.get(key)
  return telling !== undefined && fails(telling, value)
}

function* failing({ chunks }: MadeContent, failure: Led): Generator<Uint8Array, void> {
  yield* chunks
  throw failure
}
