import { fromNullable, none } from 'fp-ts/lib/Option.js'
import { isObject, type Json } from '../../interpreters/json/text.js'
import type { IssueEvent } from '../../session/events.js'
import type { ServeEvent } from '../../session/serve/events.js'
import { serveEventJson } from '../../session/serve/json.js'
import { pendingJson, timedEventJson } from '../../session/timed/json.js'
import { pendingPhrases } from '../../session/timed/pending-phrases.js'
import type { Pending } from '../../session/timed/recorded-session.js'
import { timePhrase } from '../../session/timed/time-phrase.js'
import type { TimedEvent } from '../../session/timed/timed-session.js'
import { colours as pc } from '../colours.js'
import { Failure } from '../failure.js'
import { eventText, issueText } from '../session-text.js'
import { write } from '../terminal.js'
import { jsonText } from '../visible.js'
import { serveText } from './serve-text.js'
import { pendingLines } from './time-text.js'

interface EventAbout {
  /** The bytes around its issue. */
  readonly around?: IssueEvent['excerpt']
  /** Whether the connection is open where the recording ends, which is then no end. */
  readonly isOpen?: boolean
}

export interface PrintOptions {
  readonly json?: true
  readonly full?: true
}

// So many issues are told with the bytes around; one that is fatal always is.
const mostTold = 10

/** Whether an event is one of those that tell what goes on. */
const isProgress = ({ event }: TimedEvent): boolean => event.kind === 'started' || event.kind === 'message'

/** Prints sessions as they become known, and tells at the end what is wrong. */
export class SessionPrinter {
  readonly #options: PrintOptions
  readonly #told: Array<string> = []
  #others = 0
  #last: number | null = null
  readonly #starts = new Map<number, number>()

  constructor(options: PrintOptions) {
    this.#options = options
  }

  /** An event of a connection of a file; null where that has but one. */
  async event(
    connection: number | null,
    timed: TimedEvent,
    { around, isOpen = false }: EventAbout = {},
  ): Promise<void> {
    const { event, time } = timed
    if (event.kind === 'issue') {
      this.#tell(event, around)
    } else if (event.kind === 'end') {
      this.#others += event.issuesOmitted ?? 0
    }
    if (this.#options.json === true) {
      await this.#json(connection, timedEventJson(timed))
    } else if (event.kind !== 'issue' && !(isOpen && event.kind === 'end')) {
      const start = this.#startOf(connection, time.began)
      const text = eventText(event, this.#options.full === true, { when: timePhrase(timed, start), isOpen })
      await this.#block(connection, event.kind === 'end' || isProgress(timed) ? text : `${text}\n`)
    }
  }

  /** An event of a connection of the serve protocol. */
  async serve(connection: number | null, event: ServeEvent, around: IssueEvent['excerpt']): Promise<void> {
    if (event.kind === 'issue') {
      const { during, ...rest } = event
      this.#tell({ ...rest, during: fromNullable(during), guess: none, excerpt: around }, around)
    }
    if (this.#options.json === true) {
      await this.#json(connection, serveEventJson(event))
    } else if (event.kind !== 'issue') {
      const text = serveText(event, this.#options.full === true)
      await this.#block(connection, event.kind === 'end' ? text : `${text}\n`)
    }
  }

  /** How a connection was left; one that was closed with nothing pending is not told to people. */
  async pending(connection: number | null, pending: Pending): Promise<void> {
    if (pending.left === 'gap') {
      this.#told.push(pendingPhrases(pending)[0] ?? '')
    }
    if (this.#options.json === true) {
      await this.#json(connection, pendingJson(pending))
    } else if (pending.left !== 'closed' || pending.during !== null) {
      const start = this.#startOf(connection, null)
      await this.#block(connection, pendingLines(pending, start).join('\n'))
    }
    if (connection !== null) {
      this.#starts.delete(connection)
    }
  }

  /** @throws Failure where something was wrong. */
  finish(): void {
    if (this.#told.length > 0) {
      const more =
        this.#others > 0 ? [`and ${this.#others} more ${this.#others === 1 ? 'issue' : 'issues'}`] : []
      throw new Failure(1, [...this.#told, ...more].join('\nnix-wire: '))
    }
  }

  /** Something is wrong with the file itself. */
  problem(text: string): void {
    this.#told.push(text)
  }

  #tell(event: IssueEvent, around: IssueEvent['excerpt'] | undefined): void {
    if (this.#told.length < mostTold || event.fatal) {
      this.#told.push(issueText(event, around))
    } else {
      this.#others++
    }
  }

  async #json(connection: number | null, json: Json): Promise<void> {
    const numbered =
      connection === null || !isObject(json) ? json : { connection: BigInt(connection + 1), ...json }
    await write(`${jsonText(numbered)}\n`)
  }

  /** Where there are several connections, what belongs to another one has its number above it. */
  async #block(connection: number | null, text: string): Promise<void> {
    const isOther = connection !== null && connection !== (this.#last ?? 0)
    this.#last = connection ?? this.#last
    await write(`${isOther ? `${pc.dim(`— connection ${connection + 1} —`)}\n` : ''}${text}\n`)
  }

  #startOf(connection: number | null, began: number | null): number | null {
    const key = connection ?? 0
    const start = this.#starts.get(key) ?? null
    if (start === null && began !== null) {
      this.#starts.set(key, began)
      return began
    }
    return start
  }
}
