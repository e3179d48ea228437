import { now } from '../../daemon/now.js'
import { silentSince, waitingPhrase } from '../../session/timed/pending-phrases.js'
import type { Pending, RecordedSession } from '../../session/timed/recorded-session.js'
import type { ConnectionEvent } from '../../session/timed/session-reader.js'
import { isBusy, Silence } from '../../session/timed/silence.js'
import type { SessionPrinter } from './printer.js'

// The shortest silence that is shown on a terminal.
const shownAfter = 2_000

/** A connection that is followed. */
export interface Followed {
  readonly session: RecordedSession<ConnectionEvent>
  /** Its number; null for the only one. */
  readonly connection: number | null
  /** When watching began: bytes without a time came before it; null if all bytes have a time. */
  readonly since: number | null
}

interface Quiet {
  readonly connection: number | null
  readonly silence: Silence
  readonly pending: Pending
}

/** What is pending in a connection; the silence is in whole seconds. */
const pendingAt = ({ session, since }: Followed, at: number): Pending => {
  const pending = session.pending(at)
  const { sides, heard } = pending.waiting
  const waiting = { sides, heard: { client: heard.client ?? since, server: heard.server ?? since } }
  const last = sides.reduce((latest, side) => Math.max(latest, silentSince(side, waiting) ?? 0), 0)
  const whole = last === 0 ? at : last + 1000 * Math.floor((at - last) / 1000)
  return { ...pending, waiting, at: whole }
}

const hasPart = ({ waiting, incomplete }: Pending): boolean =>
  waiting.sides.some((side) => incomplete[side] !== null)

/**
 * Reports what connections wait for while nothing comes: on a terminal in a status line; elsewhere, and if a value has come in
 * part, in a line after ten seconds, and again each time the silence has doubled.
 */
export class SilenceTeller {
  readonly #printer: SessionPrinter
  readonly #silences = new Map<number | null, Silence>()

  constructor(printer: SessionPrinter) {
    this.#printer = printer
  }

  /** A connection has new bytes. */
  broken(connection: number | null): void {
    this.#silences.delete(connection)
  }

  /** Checks all open connections, as no new bytes have come. */
  async look(connections: Iterable<Followed>): Promise<void> {
    const at = now()
    const quiet: Array<Quiet> = []
    for (const followed of connections) {
      const { connection } = followed
      const silence = this.#silences.get(connection) ?? new Silence(at)
      this.#silences.set(connection, silence)
      quiet.push({ connection, silence, pending: pendingAt(followed, at) })
    }
    if (!this.#printer.showsStatus) {
      await this.#tell(quiet, at)
      return
    }
    // The last line has no room for what has come of a value.
    await this.#tell(
      quiet.filter(({ pending }) => hasPart(pending)),
      at,
    )
    this.#show(quiet, at)
  }

  /** There is one status line: for the connection that has waited longest for something. */
  #show(quiet: ReadonlyArray<Quiet>, at: number): void {
    const silent = quiet.filter(({ silence }) => at - silence.since >= shownAfter)
    const busy = silent.filter(({ pending }) => isBusy(pending))
    const longest = (busy.length > 0 ? busy : silent).reduce<Quiet | null>(
      (found, each) => (found === null || each.silence.since < found.silence.since ? each : found),
      null,
    )
    if (longest !== null) {
      const { connection, pending } = longest
      const prefix = connection === null || quiet.length === 1 ? '' : `connection ${connection + 1}: `
      this.#printer.status(`${prefix}${waitingPhrase(pending) ?? ''}`)
    }
  }

  async #tell(quiet: ReadonlyArray<Quiet>, at: number): Promise<void> {
    for (const { connection, silence, pending } of quiet) {
      if (silence.isDue(at) && waitingPhrase(pending) !== null) {
        await this.#printer.quiet(connection, pending)
      }
    }
  }
}
