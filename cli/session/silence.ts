import { now } from '../../daemon/now.js'
import { waitingPhrase } from '../../session/timed/pending-phrases.js'
import type { Pending, RecordedSession } from '../../session/timed/recorded-session.js'
import type { ConnectionEvent } from '../../session/timed/session-reader.js'
import type { SessionPrinter } from './printer.js'

// The shortest silence that is shown, on a terminal and elsewhere.
const shownAfter = 2_000
const toldAfter = 10_000

/** A connection that is followed. */
export interface Followed {
  readonly session: RecordedSession<ConnectionEvent>
  /** Its number; null for the only one. */
  readonly connection: number | null
  /** Since when it is watched: what has no time came before; null where all has one. */
  readonly since: number | null
}

interface Silence {
  readonly since: number
  /** How long it is when it is told next. */
  next: number
}

interface Quiet {
  readonly connection: number | null
  readonly silence: Silence
  readonly pending: Pending
}

/** What is pending in a connection, with silences of whole seconds. */
const pendingAt = ({ session, since }: Followed, at: number): Pending => {
  const pending = session.pending(at)
  const { sides, heard } = pending.waiting
  const known = { client: heard.client ?? since, server: heard.server ?? since }
  const last = sides.reduce((latest, side) => Math.max(latest, known[side] ?? 0), 0)
  const whole = last === 0 ? at : last + 1000 * Math.floor((at - last) / 1000)
  return { ...pending, waiting: { sides, heard: known }, at: whole }
}

const isBusy = ({ during, greeted }: Pending): boolean => during !== null || !greeted

/**
 * Says what connections wait for while nothing comes: on a terminal in a line that is written over, elsewhere in a line after
 * ten seconds, and another whenever the silence is twice as long as at the last one.
 */
export class SilenceTeller {
  readonly #printer: SessionPrinter
  readonly #silences = new Map<number | null, Silence>()

  constructor(printer: SessionPrinter) {
    this.#printer = printer
  }

  /** Something came of a connection. */
  broken(connection: number | null): void {
    this.#silences.delete(connection)
  }

  /** Looks at all that are open, as nothing new has come. */
  async look(connections: Iterable<Followed>): Promise<void> {
    const at = now()
    const quiet: Array<Quiet> = []
    for (const followed of connections) {
      const { connection } = followed
      const silence = this.#silences.get(connection) ?? { since: at, next: toldAfter }
      this.#silences.set(connection, silence)
      quiet.push({ connection, silence, pending: pendingAt(followed, at) })
    }
    if (this.#printer.showsStatus) {
      this.#show(quiet, at)
    } else {
      await this.#tell(quiet, at)
    }
  }

  /** There is one line: it is for what waits for something, and of that for what has waited longest. */
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
      const length = at - silence.since
      if (length < silence.next) {
        continue
      }
      while (silence.next <= length) {
        silence.next *= 2
      }
      if (isBusy(pending)) {
        await this.#printer.quiet(connection, pending)
      }
    }
  }
}
