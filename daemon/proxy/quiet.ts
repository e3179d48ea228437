import { after } from '../../conversation/line/stillness.js'
import type { Pending } from '../../session/timed/recorded-session.js'
import { isBusy, Silence } from '../../session/timed/silence.js'
import { now } from '../now.js'

/** Tells what is pending in a connection in which nothing comes, as long as something is. */
export class Quiet {
  readonly #pending: (at: number) => Pending
  readonly #tell: (pending: Pending) => void
  #silence = new Silence(now())
  #stop: () => void = () => undefined

  constructor(pending: (at: number) => Pending, tell: (pending: Pending) => void) {
    this.#pending = pending
    this.#tell = tell
    this.#watch()
  }

  /** Something came. The timer is left as it is: it looks when that was. */
  broken(): void {
    this.#silence = new Silence(now())
  }

  /** The connection is over. */
  end(): void {
    this.#stop()
  }

  #watch(): void {
    this.#stop = after(Math.max(1, this.#silence.dueAt - now()), () => this.#look())
  }

  #look(): void {
    const at = now()
    const isDue = this.#silence.isDue(at)
    this.#watch()
    const pending = isDue ? this.#pending(at) : null
    if (pending !== null && isBusy(pending)) {
      this.#tell(pending)
    }
  }
}
