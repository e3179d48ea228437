import { pendingName } from '../../session/timed/names.js'
import { waitingPhrase } from '../../session/timed/pending-phrases.js'
import type { Pending } from '../../session/timed/recorded-session.js'
import { now } from '../now.js'
import { SilenceWatch } from './silence-watch.js'

/** Tells what is waited for in a connection in which nothing comes. */
export class Quiet {
  readonly #pending: (at: number) => Pending
  readonly #tell: (pending: Pending) => void
  readonly #watch: SilenceWatch

  constructor(pending: (at: number) => Pending, tell: (pending: Pending) => void) {
    this.#pending = pending
    this.#tell = tell
    this.#watch = new SilenceWatch((at) => this.#look(at))
  }

  /** Something came. */
  broken(): void {
    this.#watch.broken()
  }

  /** A side has ended: if the other side still owes it something, that is told at once. */
  left(): void {
    this.broken()
    const pending = this.#pending(now())
    if (pending.first !== null && pending.departed === null && pendingName(pending) !== null) {
      this.#tell(pending)
    }
  }

  /** The connection is over. */
  end(): void {
    this.#watch.end()
  }

  #look(at: number): void {
    const pending = this.#pending(at)
    if (waitingPhrase(pending) !== null) {
      this.#tell(pending)
    }
  }
}
