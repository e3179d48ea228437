import { type Either, isLeft, isRight } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { equalValues } from '../../bytes/equal.js'
import { joined } from '../../bytes/joined.js'
import type { AnyFlow, ConnectFlowOptions } from '../../conversation/index.js'
import { type Shape, shapeOf, turnsIn } from '../../conversation/line/shape.js'
import type { Case } from '../../conversation/node.js'
import type { MadeContent, MadeSession } from '../../interpreters/conversations/index.js'
import { fail, same } from '../expect.js'
import { canBeLedTo, hasOnlyTurnsOf } from './leading.js'
import { pause, Script } from './script.js'
import { type SpokenTurn, spokenOutside, spokenTurns, toldBy, wordsBy } from './spoken.js'
import type { ClientSubject, SubjectClient } from './subjects.js'

export interface ClientPlay {
  /** The most bytes that reach the client at once. */
  readonly cut: number
  /** Whether all calls are made at once, or each after the one before it. */
  readonly atOnce: boolean
}

interface Given {
  readonly flow: AnyFlow
  readonly session: MadeSession
  readonly options: ConnectFlowOptions
}

/**
 * Makes a client follow a generated session, and compares the two. Skips sessions that no client can follow.
 */
export const playClient = async (client: ClientSubject, given: Given, play: ClientPlay): Promise<void> => {
  const { flow, session, options } = given
  const cases = casesOf(given)
  if (cases === null) {
    return
  }
  const script = new Script(session, { side: 'client', cut: play.cut, atOnce: false })
  const shape = shapeOf(flow.node)
  const says = Object.fromEntries([
    ...wordsBy('client', spokenOutside(session), shape, true),
    ...sourcesOf(spokenOutside(session).contents),
  ])
  const connected = await script.held(client(flow, script.pair, { ...options, says })())
  const turns = spokenTurns(session)
  if (isRight(connected)) {
    const { calls, protocol, close } = connected.right
    same(protocol, session.protocol, 'what the client has agreed on')
    const call = (turn: SpokenTurn) => held(script, calls, cases.get(turn.over.chosen ?? '')!, turn)
    if (play.atOnce) {
      await Promise.all(turns.map(call))
    } else {
      for (const turn of turns) {
        await call(turn)
      }
    }
    await script.held(close())
  } else if (turns.length > 0) {
    fail('the client does not come to its first turn')
  }
  script.expectAll()
}

/** The cases of the turns by name; null if no client can follow this session. */
const casesOf = ({ flow: { node }, session }: Given): ReadonlyMap<string, Case> | null => {
  const [menu, ...more] = turnsIn(node)
  const turns = spokenTurns(session)
  if (more.length > 0 || session.departure?.side === 'client') {
    return null
  }
  if (!hasOnlyTurnsOf(menu?.loop.name ?? '', session)) {
    return null
  }
  const cases = new Map([...(menu?.branch.cases.values() ?? [])].map((each) => [each.name, each]))
  const isLed = turns.every(({ over, ...turn }, at) => {
    const chosen = cases.get(over.chosen ?? '')
    if (chosen === undefined) {
      return false
    }
    const shape = shapeOf(chosen.flow)
    // A failure that leaves bytes unread ends the connection.
    const goesOn = over.how === 'done' || !shape.leavesUnread || at === turns.length - 1
    return goesOn && canBeLedTo('client', turn, shape)
  })
  return isLed && canBeLedTo('client', spokenOutside(session), shapeOf(node)) ? cases : null
}

const sourcesOf = (contents: ReadonlyArray<MadeContent>): ReadonlyArray<readonly [string, unknown]> =>
  contents.filter(({ side }) => side === 'client').map(({ key, chunks, rest }) => [key, [...chunks, rest]])

/** Makes one call, and compares its result with the server's messages. */
const held = async (
  script: Script,
  calls: SubjectClient['calls'],
  { name, flow }: Case,
  turn: SpokenTurn,
): Promise<void> => {
  const shape = shapeOf(flow)
  const said = Object.fromEntries([...wordsBy('client', turn, shape, true), ...sourcesOf(turn.contents)])
  const told: Array<readonly [string, unknown]> = []
  const hear = Object.fromEntries(
    shape.told.map((key) => [key, (value: unknown) => void told.push([key, value])] as const),
  )
  const method = calls[name]
  if (method === undefined) {
    fail(`the client has no method ${name}`)
  }
  const given = shape.told.length > 0 ? [said, hear] : [said]
  const result = await script.held((method as Method)(...given)())
  const flowed = isRight(result) ? await script.held(readAll(script, result.right, turn)) : new Map()
  // The messages after a download reach the result soon after its end.
  for (let i = 0; i < mostPauses && isRight(result) && !hasAll(result.right, turn, shape); i++) {
    await pause()
  }
  expectResult(name, turn, shape, { result, flowed })
  if (turn.over.how === 'done') {
    const expected = toldBy('server', turn, shape).map(({ key, value }) => [key, value])
    same(told, expected, `the repeated messages of ${name}`)
  }
}

type Values = { readonly [key: string]: unknown }

type Method = (...given: ReadonlyArray<object>) => TaskEither<unknown, object>

interface Answer {
  readonly result: Either<unknown, object>
  readonly flowed: ReadonlyMap<string, Uint8Array | null>
}

/**
 * Reads a download to its end; null if it breaks off. A second download is available when the first is over.
 */
const readAll = async (
  script: Script,
  heard: object,
  turn: SpokenTurn,
): Promise<ReadonlyMap<string, Uint8Array | null>> => {
  const all = new Map<string, Uint8Array | null>()
  for (const { key, side } of turn.contents) {
    if (side === 'server') {
      while (turn.over.how === 'done' && !script.hasFailed && !Object.hasOwn(heard, key)) {
        await pause()
      }
      const value: unknown = Object.hasOwn(heard, key) ? (heard as Values)[key] : null
      const isRead = typeof value === 'object' && value !== null && Symbol.asyncIterator in value
      all.set(key, isRead ? await wholeOf(value as AsyncIterable<Uint8Array>) : null)
    }
  }
  return all
}

const mostPauses = 50

/** Whether a result has all messages of the server. */
const hasAll = (heard: object, turn: SpokenTurn, shape: Shape): boolean =>
  resultsOf(turn, shape).every(([key, value]) => equalValues((heard as Values)[key], value))

/** The messages of the server that are in a result. */
const resultsOf = (turn: SpokenTurn, shape: Shape): ReadonlyArray<readonly [string, unknown]> =>
  [...wordsBy('server', turn, shape)].filter(([key]) => shape.manners.get(key) !== 'told')

const wholeOf = async (chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array | null> => {
  const all: Array<Uint8Array> = []
  try {
    for await (const chunk of chunks) {
      all.push(chunk)
    }
  } catch {
    return null
  }
  return joined(all)
}

const expectResult = (name: string, turn: SpokenTurn, shape: Shape, { result, flowed }: Answer): void => {
  const { how } = turn.over
  if (how === 'done') {
    if (isLeft(result)) {
      fail(`a call of ${name} fails, but the server answers it: ${tagOf(result.left)}`)
    }
    for (const [key, value] of resultsOf(turn, shape)) {
      same((result.right as Values)[key], value, `${key} of ${name}`)
    }
    for (const { key, side, chunks } of turn.contents) {
      if (side === 'server') {
        same(flowed.get(key), joined(chunks), `${key} of ${name}`)
      }
    }
  } else if (isRight(result) && !hasBegun(turn)) {
    fail(`a call of ${name} succeeds, but the server rejects it`)
  } else if (isLeft(result) && how === 'again') {
    const isSaid = turn.words.some(({ value }) => equalValues(value, result.left))
    if (!isSaid && result.left !== undefined) {
      same(result.left, turn.words.at(-1)?.value, `the failure of ${name}`)
    }
  }
}

/** Whether a client may have received bytes before the failure. */
const hasBegun = ({ contents }: SpokenTurn): boolean => contents.some(({ side }) => side === 'server')

const tagOf = (failure: unknown): string =>
  typeof failure === 'object' && failure !== null && '_tag' in failure ? String(failure._tag) : 'a failure'
