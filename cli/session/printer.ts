import { none, toNullable } from 'fp-ts/lib/Option.js'
import type { IssueEvent } from '../../session/events.js'
import { pendingJson, timedEventJson } from '../../session/timed/json.js'
import { isUnremarkable } from '../../session/timed/left-phrases.js'
import { pendingPhrases, waitingPhrase } from '../../session/timed/pending-phrases.js'
import type { Pending } from '../../session/timed/recorded-session.js'
import type { ConnectionEvent } from '../../session/timed/session-reader.js'
import { timePhrase } from '../../session/timed/time-phrase.js'
import type { TimedEvent } from '../../session/timed/timed-session.js'
import { moreAbout } from '../issue-link.js'
import { issueText } from '../session-text.js'
import { showStatus, showsStatus, statusWidth } from '../terminal.js'
import { connectionText, isProgress } from './connection-text.js'
import { SessionOutput } from './output.js'
import { pendingLines, quietLine } from './time-text.js'

interface Around {
  /** The bytes around its issue. */
  readonly around?: IssueEvent['excerpt']
  /** The file that has the bytes of its side alone. */
  readonly file?: string
  /** Whether the connection is open at the end of the recording. */
  readonly isOpen?: boolean
}

export interface PrintOptions {
  readonly json?: true
  readonly full?: true
}

/** Prints the events of sessions, and reports issues at the end. */
export class SessionPrinter {
  /** Whether a status line can be shown, which the next one overwrites. */
  readonly showsStatus: boolean
  readonly #options: PrintOptions
  readonly #recording: string | undefined
  readonly #output = new SessionOutput(() => this.status(''))
  #status = ''
  /** The last guess: the issues that follow from one cause have the same. */
  #guess: string | null = null

  /** `recording`: the file that is read, if it is one. */
  constructor(options: PrintOptions, recording?: string) {
    this.#options = options
    this.#recording = recording
    this.showsStatus = options.json !== true && showsStatus()
  }

  /** An event of a connection; its number is null if the file has only one. */
  async event(
    connection: number | null,
    timed: TimedEvent<ConnectionEvent>,
    { around, file, isOpen = false }: Around = {},
  ): Promise<void> {
    const { event, time } = timed
    if (event.kind === 'issue') {
      const guess = toNullable(event.guess)
      const shown = guess !== null && guess === this.#guess ? { ...event, guess: none } : event
      this.#guess = guess ?? this.#guess
      this.#output.issue(event.fatal, () => {
        const text = issueText(shown, around, {
          file,
          recording: this.#recording,
          connection: connection === 0 ? null : connection,
        })
        return event.fatal ? `${text}\n${moreAbout(event.issue)}` : text
      })
    } else if (event.kind === 'end') {
      this.#output.omit(event.issuesOmitted ?? 0)
    }
    if (this.#options.json === true) {
      await this.#output.json(connection, timedEventJson(timed))
    } else if (event.kind !== 'issue' && !(isOpen && event.kind === 'end')) {
      const when = timePhrase(timed, this.#output.startOf(connection, time.began))
      const text = connectionText(event, this.#options.full === true, { when, isOpen })
      await this.#output.block(connection, event.kind === 'end' || isProgress(event) ? text : `${text}\n`)
    }
  }

  /** Prints how a connection ended; for people, only if there is something to say. */
  async pending(connection: number | null, pending: Pending): Promise<void> {
    if (pending.left === 'gap') {
      this.#output.problem(pendingPhrases(pending)[0] ?? '')
    }
    if (this.#options.json === true) {
      await this.#output.json(connection, pendingJson(pending))
    } else if (!isUnremarkable(pending)) {
      const start = this.#output.startOf(connection, null)
      await this.#output.block(connection, pendingLines(pending, start).join('\n'))
    }
    if (connection !== null) {
      this.#output.forget(connection)
    }
  }

  /** Prints what a silent connection waits for. */
  async quiet(connection: number | null, pending: Pending): Promise<void> {
    const phrase = waitingPhrase(pending)
    if (phrase === null) {
      return
    }
    if (this.#options.json === true) {
      await this.#output.json(connection, {
        ...(pendingJson(pending) as object),
        kind: 'waiting',
        text: phrase,
      })
    } else {
      const start = this.#output.startOf(connection, null)
      await this.#output.block(connection, quietLine(pending, start))
    }
  }

  /** The same in the status line of a terminal, until the next output. */
  status(text: string): void {
    const line = text.slice(0, statusWidth())
    if (line !== this.#status) {
      this.#status = line
      showStatus(line)
    }
  }

  /** @throws Failure if there was an issue. */
  finish(): void {
    this.status('')
    this.#output.finish()
  }

  /** The file itself has an issue. */
  problem(text: string): void {
    this.#output.problem(text)
  }
}
