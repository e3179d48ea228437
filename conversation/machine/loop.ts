import type { TurnOverEvent } from '../events.js'
import type { LoopNode, Side } from '../node.js'
import { notYet } from './feed.js'
import { runNow } from './now.js'
import { closed, departed, type Exit, type OpenTurn, type Run, Said, type Scope, valueAt } from './scope.js'
import { type Ending, orBreak, settled, type Talk } from './talk.js'

/** The rounds of a flow. It iterates without recursion, however many there are. */
export function* hearLoop(node: LoopNode, scope: Scope, run: Run): Talk<Exit> {
  const { until } = node
  return yield* until === null
    ? hearUntilLeft(node, scope, run)
    : 'times' in until
      ? hearTimes(node, Number(valueAt(scope.said.get(until.times[0]).value, until.times)), scope, run)
      : hearTurns(node, until.end, scope, run)
}

function* hearUntilLeft({ name, body }: LoopNode, scope: Scope, run: Run): Talk<Exit> {
  // Without a talk for each round: there are many, and most have arrived.
  const parts = body._tag === 'sequence' ? body.parts : [body]
  for (;;) {
    let exit: Exit = null
    for (let at = 0; exit === null && at < parts.length; at++) {
      const part = parts[at]!
      const now = runNow(part, scope)
      exit = now === notYet ? yield* run(part, scope) : now
    }
    if (exit !== name) {
      return exit
    }
  }
}

function* hearTimes({ name, body }: LoopNode, times: number, scope: Scope, run: Run): Talk<Exit> {
  for (let round = 0; round < times; round++) {
    const exit = yield* run(body, scope)
    if (exit !== null && exit !== name) {
      return exit
    }
  }
  return null
}

/**
 * As many rounds as a side begins. At the start of one, only that side is awaited, so that the result does not depend
 * on which side's bytes come first.
 */
function* hearTurns(node: LoopNode, end: Side, scope: Scope, run: Run): Talk<Exit> {
  const { name, body } = node
  const { host } = scope
  for (let number = 0; yield* goesOn(node, end, scope); number++) {
    const turn: OpenTurn = { turn: { loop: name, number }, chosen: null, lacking: false }
    host.tell({ kind: 'turn', is: 'begun', turn: turn.turn })
    const ending = yield* settled(run(body, { ...scope, said: new Said(scope.said), turn, late: null }))
    host.tell(turnOver(turn, ending))
    const exit = orBreak(ending)
    if (exit !== null && exit !== name) {
      return exit
    }
  }
  return null
}

function* goesOn(node: LoopNode, end: Side, scope: Scope): Talk<boolean> {
  const { host, ears, voices } = scope
  const voice = voices[end]
  if (voice !== null) {
    const more = voice.more(node, scope)
    return typeof more === 'boolean' ? more : yield* more
  }
  host.rests()
  if (host.pause !== null) {
    yield* host.pause()
  }
  return yield* ears[end].feed.any()
}

const turnOver = ({ turn, chosen, lacking }: OpenTurn, ending: Ending<Exit>): TurnOverEvent => ({
  kind: 'turn',
  is: 'over',
  turn,
  ...howLeft(ending),
  chosen,
  lacking,
})

const howLeft = (ending: Ending<Exit>): Pick<TurnOverEvent, 'how' | 'to'> => {
  if (ending._tag === 'Broken') {
    return { how: 'broken', to: null }
  }
  switch (ending.value) {
    case null:
      return { how: 'done', to: null }
    case closed:
      return { how: 'closed', to: null }
    case departed:
      return { how: 'departed', to: null }
    default:
      return { how: 'again', to: ending.value }
  }
}
