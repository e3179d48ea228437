import { type Either, isRight, left } from 'fp-ts/lib/Either.js'
import { equalValues } from '../../bytes/equal.js'
import { joined } from '../../bytes/joined.js'
import type { AnyFlow, SaidEvent, ServeFlowOptions } from '../../conversation/index.js'
import { type Shape, shapeOf, turnsIn } from '../../conversation/line/shape.js'
import type { Case } from '../../conversation/node.js'
import { flowsIn } from '../../conversation/parts.js'
import type { MadeSession } from '../../interpreters/conversations/index.js'
import { same } from '../expect.js'
import { answerOf, isTelling, Led, ledBy } from './answers.js'
import { canBeLedTo, goesOn, hasOnlyTurnsOf } from './leading.js'
import { Reading } from './reading.js'
import { Script } from './script.js'
import { asksIn, type SpokenTurn, spokenDeparting, spokenOutside, spokenTurns, wordsBy } from './spoken.js'
import type { ServerSubject, SubjectHandler } from './subjects.js'

interface Given {
  readonly flow: AnyFlow
  readonly session: MadeSession
  readonly options: ServeFlowOptions
  /** The cases whose handler can be called with all messages of the client. */
  readonly served: ReadonlySet<string>
}

/**
 * Makes a server follow a generated session, and compares the two. Skips sessions that no server can follow.
 */
export const playServer = async (server: ServerSubject, given: Given, cut: number): Promise<void> => {
  const { flow, session, options } = given
  if (!canBeServed(given)) {
    return
  }
  const outside = spokenOutside(session)
  const says = Object.fromEntries([
    ...wordsBy('server', outside, shapeOf(flow.node)),
    ...outside.contents
      .filter(({ side }) => side === 'server')
      .map(({ key, chunks }) => [key, chunks] as const),
  ])
  const wrong: Array<unknown> = []
  const script = new Script(session, { side: 'server', cut, atOnce: true })
  const handlers = handlersOf(given, wrong)
  await script.held(
    server(flow, script.pair, handlers, {
      ...options,
      says,
      failure: (thrown) => ledBy(thrown)?.value,
      departs: () => departureOf(given),
    }),
  )
  for (const each of wrong) {
    throw each
  }
  script.expectAll()
}

/** The messages of a departure, by key. */
const departureOf = ({ flow, session }: Given): { readonly [key: string]: unknown } => {
  const spoken = spokenDeparting(session)
  const flows = [...flowsIn(flow.node)].flatMap((node) => (node._tag === 'unless' ? [node.departs] : []))
  const departs = flows.find((each) => spoken.words.every(({ key }) => shapeOf(each).manners.has(key)))
  return departs === undefined ? {} : Object.fromEntries(wordsBy('server', spoken, shapeOf(departs)))
}

/** Whether a server can follow a session. */
const canBeServed = ({ flow: { node }, session, served }: Given): boolean => {
  const { departure } = session
  const [menu, ...more] = turnsIn(node)
  const isBroken = spokenTurns(session).some(({ over }) => over.how === 'broken')
  if (more.length > 0 || (departure?.side === 'server' ? departure.is === 'behind' : isBroken)) {
    return false
  }
  const cases = casesOf(node)
  return (
    hasOnlyTurnsOf(menu?.loop.name ?? '', session) &&
    canBeLedTo('server', spokenOutside(session), shapeOf(node)) &&
    toldOutside(session, shapeOf(node)).length === 0 &&
    spokenTurns(session).every((turn) => {
      const chosen = cases.get(turn.over.chosen ?? '')
      return chosen === undefined
        ? turn.words.every(({ side }) => side === 'client')
        : served.has(chosen.name) &&
            canBeLedTo('server', turn, shapeOf(chosen.flow)) &&
            answerOf(turn, chosen.flow) !== null
    })
  )
}

const casesOf = (node: AnyFlow['node']): ReadonlyMap<string, Case> =>
  new Map(
    turnsIn(node).flatMap(({ branch }) =>
      [...branch.cases.values()].map((each) => [each.name, each] as const),
    ),
  )

/** Before the turns, a server's notices only end. */
const toldOutside = (session: MadeSession, { tellings }: Shape): ReadonlyArray<SaidEvent> =>
  spokenOutside(session).words.filter(({ key, value }) => {
    const telling = tellings.get(key)
    return telling !== undefined && !equalValues(value, telling.speech.done)
  })

/** The turns in which a handler is called, each with its case. */
const answeredTurns = ({ flow, session }: Given): ReadonlyArray<readonly [SpokenTurn, Case]> => {
  const cases = casesOf(flow.node)
  return spokenTurns(session).flatMap((turn) => {
    const chosen = cases.get(turn.over.chosen ?? '')
    const isCalled =
      turn.words.some(({ side }) => side === 'server') ||
      turn.contents.length > 0 ||
      (turn.over.how === 'broken' && session.departure?.side === 'server')
    return chosen !== undefined && isCalled ? [[turn, chosen] as const] : []
  })
}

const handlersOf = (given: Given, wrong: Array<unknown>): { readonly [name: string]: SubjectHandler } => {
  const turns = [...answeredTurns(given)]
  const handle =
    (name: string): SubjectHandler =>
    async (heard, say) => {
      const [turn, chosen] = turns.shift() ?? []
      if (turn === undefined || chosen === undefined || chosen.name !== name) {
        wrong.push(
          new Error(
            `a server calls the handler of ${name}, but the turn is that of ${chosen?.name ?? 'no case'}`,
          ),
        )
        return left(undefined)
      }
      try {
        return await answered(turn, chosen, heard, say)
      } catch (thrown) {
        if (!(thrown instanceof Led)) {
          wrong.push(thrown)
        }
        throw thrown
      }
    }
  return Object.fromEntries([...given.served].map((name) => [name, handle(name)]))
}

const answered = async (
  turn: SpokenTurn,
  { name, flow }: Case,
  heard: Parameters<SubjectHandler>[0],
  say: Parameters<SubjectHandler>[1],
): Promise<Either<unknown, object>> => {
  const shape = shapeOf(flow)
  for (const [key, value] of wordsBy('client', turn, shape, true)) {
    same(heard[key], value, `${key}, as the handler of ${name} gets it,`)
  }
  const contents = turn.contents.filter(({ side, key }) => side === 'client' && key in heard)
  const readings = contents.map((content) => new Reading(content, heard[content.key]))
  for (const word of turn.words.filter(({ side }) => side === 'server')) {
    if (asksIn(shape, word) !== null) {
      await readings[0]?.readPiece()
    } else if (isTelling(word, shape) && goesOn(shape.tellings.get(word.key)!, word.value)) {
      // Awaiting it would also wait for messages that are sent after the handler.
      say[word.key]?.(word.value).catch(() => undefined)
    }
  }
  if (turn.over.how === 'done') {
    for (const reading of readings) {
      same(
        await reading.readAll(),
        joined(reading.content.chunks),
        `${reading.content.key}, as the handler of ${name} reads it,`,
      )
    }
  }
  const answer = answerOf(turn, flow)?.() ?? left(new Led())
  if (isRight(answer)) {
    return answer
  }
  if (answer.left.value === undefined) {
    throw answer.left
  }
  return left(answer.left.value)
}
