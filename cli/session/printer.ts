import { isObject, type Json } from '../../interpreters/json/text.js'
import type { IssueEvent } from '../../session/events.js'
import { pendingJson, timedEventJson } from '../../session/timed/json.js'
import { pendingPhrases, waitingPhrase } from '../../session/timed/pending-phrases.js'
import type { Pending } from '../../session/timed/recorded-session.js'
import type { ConnectionEvent } from '../../session/timed/session-reader.js'
import { sinceStart, timePhrase } from '../../session/timed/time-phrase.js'
import type { TimedEvent } from '../../session/timed/timed-session.js'
import { colours as pc } from '../colours.js'
import { Failure } from '../failure.js'
import { issueText } from '../session-text.js'
import { showStatus, showsStatus, statusWidth, write } from '../terminal.js'
import { jsonText } from '../visible.js'
import { connectionText, isProgress } from './connection-text.js'
import { pendingLines } from './time-text.js'

interface Around {
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

/** Prints sessions as they become known, and tells at the end what is wrong. */
export class SessionPrinter {
  /** Whether a line can be shown that the next one takes the place of. */
  readonly showsStatus: boolean
  readonly #options: PrintOptions
  readonly #told: Array<string> = []
  #others = 0
  #last: number | null = null
  #status = ''
  readonly #starts = new Map<number, number>()

  constructor(options: PrintOptions) {
    this.#options = options
    this.showsStatus = options.json !== true && showsStatus()
  }

  /** An event of a connection of a file; null where that has but one. */
  async event(
    connection: number | null,
    timed: TimedEvent<ConnectionEvent>,
    { around, isOpen = false }: Around = {},
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
      const when = timePhrase(timed, this.#startOf(connection, time.began))
      const text = connectionText(event, this.#options.full === true, { when, isOpen })
      await this.#block(connection, event.kind === 'end' || isProgress(event) ? text : `${text}\n`)
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

  /** What a connection waits for that is quiet. */
  async quiet(connection: number | null, pending: Pending): Promise<void> {
    const phrase = waitingPhrase(pending)
    if (phrase === null) {
      return
    }
    if (this.#options.json === true) {
      await this.#json(connection, { ...(pendingJson(pending) as object), kind: 'waiting', text: phrase })
    } else {
      const start = this.#startOf(connection, null)
      const when = start === null || pending.at === null ? '' : `  ${pc.dim(sinceStart(pending.at, start))}`
      await this.#block(connection, `  ${pc.yellow('…')} ${phrase}${when}`)
    }
  }

  /** The same as the last line of a terminal, up to whatever is printed next. */
  status(text: string): void {
    const line = text.slice(0, statusWidth())
    if (line !== this.#status) {
      this.#status = line
      showStatus(line)
    }
  }

  /** @throws Failure where something was wrong. */
  finish(): void {
    this.status('')
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
    await this.#write(`${jsonText(numbered)}\n`)
  }

  /** Where there are several connections, what belongs to another one has its number above it. */
  async #block(connection: number | null, text: string): Promise<void> {
    const isOther = connection !== null && connection !== (this.#last ?? 0)
    this.#last = connection ?? this.#last
    await this.#write(`${isOther ? `${pc.dim(`— connection ${connection + 1} —`)}\n` : ''}${text}\n`)
  }

  async #write(text: string): Promise<void> {
    this.status('')
    await write(text)
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
