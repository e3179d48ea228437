import { after } from '../../bytes/after.js'
import { Silence } from '../../session/timed/silence.js'
import { now } from '../now.js'

/** Calls at growing intervals while nothing comes: after ten seconds, and whenever the silence has doubled. */
export class SilenceWatch {
  readonly #due: (at: number) => void
  #silence = new Silence(now())
  #stop: () => void = () => undefined

  constructor(due: (at: number) => void) {
    this.#due = due
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
    if (isDue) {
      this.#due(at)
    }
  }
}
