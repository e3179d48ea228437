import { now } from '../../daemon/now.js'
import type { ConnectionReader } from '../../session/connection-reader.js'
import type { RecordedStep } from '../../session/recording/step.js'
import { RecordedSession } from '../../session/timed/recorded-session.js'
import type { ConnectionEvent } from '../../session/timed/session-reader.js'
import type { CaptureFollower } from './capture-file.js'
import type { SessionPrinter } from './printer.js'
import { SilenceTeller } from './silence.js'

type Session = RecordedSession<ConnectionEvent>

/** Prints the connections of a daemon or a serve process. `isWatched`: while they go on. */
export class CapturePrinter implements CaptureFollower<Session> {
  readonly what = 'connection of Nix'
  readonly #newReader: () => ConnectionReader
  readonly #printer: SessionPrinter
  readonly #isWatched: boolean
  readonly #silences: SilenceTeller

  constructor(reader: () => ConnectionReader, printer: SessionPrinter, isWatched: boolean) {
    this.#newReader = reader
    this.#printer = printer
    this.#isWatched = isWatched
    this.#silences = new SilenceTeller(printer)
  }

  open(): Session {
    return new RecordedSession(this.#newReader())
  }

  async take(connection: number, session: Session, step: RecordedStep): Promise<void> {
    this.#silences.broken(connection)
    for (const timed of session.take(step)) {
      await this.#printer.event(connection, timed)
    }
  }

  async close(connection: number, session: Session, isEnd: boolean): Promise<void> {
    // A watched connection is known to be silent up to now.
    const { events, pending } = session.finish(isEnd && this.#isWatched ? now() : null)
    const isOpen = pending.left !== 'closed' && pending.left !== 'cut'
    for (const timed of events) {
      await this.#printer.event(connection, timed, { isOpen })
    }
    await this.#printer.pending(connection, pending)
  }

  quiet(open: ReadonlyMap<number, Session>): Promise<void> {
    return this.#silences.look(
      [...open].map(([connection, session]) => ({ session, connection, since: null })),
    )
  }

  problem(text: string): void {
    this.#printer.problem(text)
  }
}
