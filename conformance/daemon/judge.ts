import { equalValues } from '../../bytes/equal.js'
import { showIssue } from '../../combinators/issue.js'
import { clip } from '../../combinators/show.js'
import type {
  ConversationEvent,
  ConversationIssueEvent,
  FlowedEvent,
  SaidEvent,
  TurnOverEvent,
} from '../../conversation/index.js'
import type { LogMessage } from '../../grammar/logging.js'
import type { Case, Outcome } from './case.js'
import type { Heard } from './line.js'
import { wrongInLog } from './log-rules.js'

/** The outcome of a case, and what the daemon did in words. */
export interface Judged {
  readonly outcome: Outcome
  readonly detail: string
}

/** The reply to one operation. */
interface TurnHeard {
  readonly over: TurnOverEvent
  readonly reply: unknown
  readonly flowed: number | null
  readonly log: ReadonlyArray<LogMessage>
}

const isLog = (event: ConversationEvent): event is SaidEvent =>
  event.kind === 'said' && event.side === 'server' && event.key === 'log'

const turnsOf = (events: ReadonlyArray<ConversationEvent>): ReadonlyArray<TurnHeard> => {
  const turns: Array<TurnHeard> = []
  let since = 0
  events.forEach((event, i) => {
    if (event.kind === 'turn' && event.turn.loop === 'operations') {
      if (event.is === 'over') {
        const own = events.slice(since, i)
        const flowed = own.find(
          (each): each is FlowedEvent => each.kind === 'flowed' && each.side === 'server',
        )
        const reply = own.find((each): each is SaidEvent => each.kind === 'said' && each.key === 'reply')
        turns.push({
          over: event,
          reply: reply?.value,
          flowed: flowed?.size ?? null,
          log: own.filter(isLog).map(({ value }) => value as LogMessage),
        })
      }
      since = i
    }
  })
  return turns
}

/** The errors that a daemon sent, in order. */
const errorsOf = (events: ReadonlyArray<ConversationEvent>): ReadonlyArray<string> =>
  errorsIn(events.filter(isLog).map(({ value }) => value as LogMessage))

const errorsIn = (log: ReadonlyArray<LogMessage>): ReadonlyArray<string> =>
  log.flatMap((message) => (message._tag === 'Error' ? [message.error.msg] : []))

/** An issue in the bytes of the daemon. An end before a message is not one: the daemon has closed. */
const garbled = (events: ReadonlyArray<ConversationEvent>): ConversationIssueEvent | undefined =>
  events.find(
    (event): event is ConversationIssueEvent =>
      event.kind === 'issue' && event.side === 'server' && !isEnd(event),
  )

const isEnd = ({ issue }: ConversationIssueEvent): boolean =>
  issue._tag === 'UnexpectedEnd' && issue.actual === '0 bytes'

const signalNames: ReadonlyMap<number, string> = new Map([
  [4, 'SIGILL'],
  [6, 'SIGABRT'],
  [7, 'SIGBUS'],
  [8, 'SIGFPE'],
  [9, 'SIGKILL'],
  [11, 'SIGSEGV'],
  [31, 'SIGSYS'],
])

/** The same in words: `nix-daemon exited with code 139`. */
export const signalIn = (ending: string | null): string | null =>
  signalOf(Number(/exited with code (\d+)$/.exec(ending ?? '')?.[1] ?? 0))

/** The signal that ended a program, from the exit code of a shell. */
export const signalOf = (code: number): string | null => {
  const signal = code - 128
  return code <= 128 || code > 192 || signal === 13 || signal === 15
    ? null
    : (signalNames.get(signal) ?? `signal ${signal}`)
}

/** The outcome of a case, from the events of its connection. */
export const judged = (given: Case, heard: Heard): Judged => {
  const signal = signalIn(heard.ending)
  if (signal !== null) {
    return { outcome: 'crashes', detail: `the daemon's process was ended by ${signal}` }
  }
  if (heard.hangs) {
    return { outcome: 'hangs', detail: 'it sent nothing for too long' }
  }
  const { events } = heard
  const wrong = garbled(events)
  if (wrong !== undefined) {
    return { outcome: 'out of step', detail: showIssue(wrong.issue) }
  }
  return given.subject === null ? handshakeOf(given, heard) : subjectOf(given, heard, given.subject)
}

const handshakeOf = (given: Case, { events }: Heard): Judged => {
  const isReady = events.some(
    (event) => isLog(event) && event.turn === null && (event.value as LogMessage)._tag === 'Last',
  )
  if (isReady) {
    return probed(given, turnsOf(events), 'answered', 'the handshake')
  }
  const [error] = errorsOf(events)
  return error === undefined
    ? { outcome: 'closed', detail: 'it closed the connection without an error' }
    : { outcome: 'refused and closed', detail: said(error) }
}

const subjectOf = (given: Case, { events }: Heard, subject: number): Judged => {
  const turns = turnsOf(events)
  const turn = turns[subject]
  const errors = errorsOf(events)
  const how = turn?.over.how
  if (turn !== undefined && how === 'done') {
    const wrong = given.checks?.(turn.reply, turn.flowed) ?? null
    const wrongLog = wrongInLog(turn.log, given.version)
    return wrong !== null
      ? { outcome: 'wrong answer', detail: wrong }
      : wrongLog !== null
        ? { outcome: 'wrong log', detail: wrongLog }
        : probed(given, turns.slice(subject + 1), 'answered', 'the answer')
  }
  if (turn !== undefined && how === 'again') {
    const error = errorsIn(turn.log).at(-1) ?? ''
    return probed(given, turns.slice(subject + 1), 'refused', said(error), error)
  }
  return errors.length > 0
    ? { outcome: 'refused and closed', detail: said(errors[0] ?? '') }
    : { outcome: 'closed', detail: 'it closed the connection without an error' }
}

/** Nix's message for this error, which it words differently the second time. */
const outOfMemory = 'std::bad_alloc'

/** Compares the rest with what is known: the answers to the probes, or after an error the end. */
const probed = (
  { probes }: Case,
  turns: ReadonlyArray<TurnHeard>,
  outcome: 'answered' | 'refused',
  detail: string,
  error?: string,
): Judged => {
  const outOfStep = (what: string): Judged => ({
    outcome: 'out of step',
    detail: `behind ${error === undefined ? detail : 'an error'}: ${what}`,
  })
  for (const [i, { reply }] of probes.entries()) {
    const turn = turns[i]
    const isRight = turn?.over.how === 'done' && equalValues(turn.reply, reply)
    if (isRight) {
      continue
    }
    const [next] = turn === undefined ? [] : errorsIn(turn.log)
    if (turn?.over.how === 'done') {
      return outOfStep('the answer of another question')
    }
    if (error === undefined) {
      return outOfStep(turn?.over.how === 'again' ? 'an error' : 'the end of the connection')
    }
    // A daemon may repeat its error before it closes. A different error answers a request that was never sent.
    return next === undefined || next === error || next === outOfMemory
      ? { outcome: 'refused and closed', detail }
      : outOfStep(said(next))
  }
  return { outcome, detail }
}

const longest = 200

// Removes the colours, which are for a terminal.
const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')

/** An error in one line. */
const said = (error: string): string =>
  `the daemon says: ${clip(error.replace(colours, '').replace(/\s+/g, ' '), longest)}`

/** Whether the outcome is a correct one. */
export const isAllowed = ({ allows }: Case, { outcome }: Judged): boolean => allows.includes(outcome)
