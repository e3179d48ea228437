import { Bell } from '../machine/talk.js'
import type { Floor } from './floor.js'

type Listener = (value: unknown) => void | Promise<void>

/** Passes notices to a listener; nothing more is received while it is busy. */
export class Telling {
  #bell: Bell | null = null
  readonly #floor: Floor
  readonly #chosen: string | null
  #busy = 0

  constructor(floor: Floor, chosen: string | null) {
    this.#floor = floor
    this.#chosen = chosen
  }

  /** Rings when a listener is done. */
  get bell(): Bell {
    this.#bell ??= new Bell()
    return this.#bell
  }

  get isBusy(): boolean {
    return this.#busy > 0
  }

  tell(key: string, value: unknown, listener: Listener | undefined): void {
    const { hear } = this.#floor.options
    if (hear !== undefined) {
      this.#waitFor(hear(key, value, this.#chosen))
    }
    if (listener !== undefined) {
      this.#waitFor(listener(value))
    }
  }

  #waitFor(done: void | Promise<void>): void {
    if (!(done instanceof Promise)) {
      return
    }
    this.#busy++
    done.then(
      () => {
        this.#busy--
        this.#floor.line.ring(this.bell)
      },
      (thrown: unknown) => this.#floor.threw(thrown),
    )
  }
}
