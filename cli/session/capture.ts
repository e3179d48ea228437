import { showIssue } from '../../combinators/issue.js'
import { now } from '../../daemon/now.js'
import type { ConnectionReader } from '../../session/connection-reader.js'
import { RecordingReader } from '../../session/recording/recording-reader.js'
import type { RecordedStep, RecordingIssue } from '../../session/recording/step.js'
import { RecordedSession } from '../../session/timed/recorded-session.js'
import type { ConnectionEvent } from '../../session/timed/session-reader.js'
import { Failure } from '../failure.js'
import { showName } from '../nar/show.js'
import { say } from '../terminal.js'
import type { Growth } from './growth.js'
import type { SessionPrinter } from './printer.js'
import { RecordedFile } from './recorded-file.js'
import { type Followed, SilenceTeller } from './silence.js'

/** So many connections may be open at a time in one file. */
const mostOpen = 256

interface Shown {
  readonly session: RecordedSession<ConnectionEvent>
  ended: number
}

/** Prints the connections of a pcapng or pcap file, as they go on in it. */
export class CapturePrinter {
  readonly #path: string
  readonly #newReader: () => ConnectionReader
  readonly #printer: SessionPrinter
  /** The number of the only one that is printed. */
  readonly #only: number | null
  readonly #reader = new RecordingReader()
  readonly #open = new Map<number, Shown>()
  readonly #silences: SilenceTeller
  #seen = 0
  #isDamaged = false

  constructor(path: string, reader: () => ConnectionReader, printer: SessionPrinter, only: number | null) {
    this.#path = path
    this.#newReader = reader
    this.#printer = printer
    this.#silences = new SilenceTeller(printer)
    this.#only = only
  }

  /** All that is in the file; with `growth` also what comes to be in it, until its connections or the command end. */
  async print(growth: Growth | null): Promise<void> {
    const file = await RecordedFile.open(this.#path)
    try {
      for (;;) {
        const bytes = await file.next()
        if (bytes !== null) {
          await this.#push(bytes)
        } else if (growth === null || growth.isOver || this.#isDone) {
          break
        } else {
          await this.#silences.look(this.#followed())
          await growth.wait()
        }
      }
    } finally {
      await file.close()
    }
    await this.#finish(growth === null ? null : now())
  }

  *#followed(): Generator<Followed, void> {
    for (const [connection, { session }] of this.#open) {
      yield { session, connection, since: null }
    }
  }

  async #push(bytes: Uint8Array): Promise<void> {
    for (const step of this.#reader.push(bytes)) {
      await this.#take(step)
    }
  }

  /** Whether nothing that was in the file so far goes on, or the file is none that can be read. */
  get #isDone(): boolean {
    return this.#isDamaged || (this.#seen > 0 && this.#open.size === 0)
  }

  /** The file is over; `now` is when that is, where somebody has watched it until then. */
  async #finish(now: number | null): Promise<void> {
    for (const step of this.#reader.end()) {
      await this.#take(step)
    }
    for (const connection of [...this.#open.keys()]) {
      await this.#close(connection, now)
    }
    if (this.#seen === 0 && !this.#isDamaged) {
      const what = this.#only === null ? 'no connection of Nix' : `no connection ${this.#only + 1}`
      this.#printer.problem(`${showName(this.#path)}: there is ${what} in it`)
    }
  }

  async #take(step: RecordedStep | RecordingIssue): Promise<void> {
    if (step.kind === 'issue') {
      this.#tell(step)
      return
    }
    const { connection } = step
    const shown = this.#shown(connection)
    if (shown === null) {
      return
    }
    this.#silences.broken(connection)
    for (const timed of shown.session.take(step)) {
      await this.#printer.event(connection, timed)
    }
    shown.ended += step.kind === 'end' ? 1 : 0
    if (shown.ended === 2) {
      await this.#close(connection, null)
    }
  }

  /** @throws Failure for more connections at a time than are followed. */
  #expectRoom(): void {
    if (this.#open.size >= mostOpen) {
      throw new Failure(1, `${showName(this.#path)}: more than ${mostOpen} connections at a time`)
    }
  }

  /** The connection of that number; null for one that is not printed, or over. */
  #shown(connection: number): Shown | null {
    const found = this.#open.get(connection)
    if (found !== undefined) {
      return found
    }
    if (this.#only !== null && connection !== this.#only) {
      return null
    }
    // They are numbered as they come.
    if (connection < this.#seen) {
      return null
    }
    this.#expectRoom()
    const opened = { session: new RecordedSession(this.#newReader()), ended: 0 }
    this.#seen = connection + 1
    this.#open.set(connection, opened)
    return opened
  }

  async #close(connection: number, now: number | null): Promise<void> {
    const shown = this.#open.get(connection)
    if (shown !== undefined) {
      this.#open.delete(connection)
      const { events, pending } = shown.session.finish(now)
      const isOpen = pending.left !== 'closed' && pending.left !== 'cut'
      for (const timed of events) {
        await this.#printer.event(connection, timed, { isOpen })
      }
      await this.#printer.pending(connection, pending)
    }
  }

  #tell({ issue }: RecordingIssue): void {
    this.#isDamaged = true
    const text = `${showName(this.#path)}: ${showIssue(issue)}`
    if (issue._tag === 'UnexpectedValue' && issue.offset === 0) {
      const advice = 'of a recording in two files, the second goes behind it'
      this.#printer.problem(`${showName(this.#path)} is no pcapng or pcap file; ${advice}`)
    } else if (issue._tag === 'UnexpectedEnd' && this.#seen > 0) {
      say(`${text}; it is still written to, or what wrote it was killed`)
    } else {
      this.#printer.problem(text)
    }
  }
}
