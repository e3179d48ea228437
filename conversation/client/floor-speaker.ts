import { Speaker } from '../line/speaker.js'
import type { Host } from '../machine/scope.js'
import type { Bell, Talk } from '../machine/talk.js'
import type { Floor } from './floor.js'
import { Telling } from './telling.js'

/** Sends and receives when its turn in the queues has come. */
export abstract class FloorSpeaker extends Speaker {
  protected readonly floor: Floor
  readonly #chosen: string | null
  /** Made on first use: most calls have no notices. */
  #telling: Telling | null = null

  /** `chosen`: the case whose notices are passed on; null before and after the turns. */
  constructor(floor: Floor, chosen: string | null) {
    super(floor.line)
    this.floor = floor
    this.#chosen = chosen
  }

  protected get telling(): Telling {
    this.#telling ??= new Telling(this.floor, this.#chosen)
    return this.#telling
  }

  get mayHear(): boolean {
    return this.floor.hears(this) && this.#telling?.isBusy !== true
  }

  get pause(): Host['pause'] {
    return this.mayHear ? null : () => this.#wait()
  }

  *#wait(): Talk<void> {
    while (!this.mayHear) {
      yield this.#telling?.isBusy === true
        ? [...this.turns.next(), ...this.#telling.bell.next()]
        : this.turns.next()
    }
  }

  isFarewell(key: string, value: unknown): boolean {
    return this.floor.options.isFarewell?.(key, value) === true
  }

  get maySpeak(): boolean {
    return this.floor.speaks(this)
  }

  get turns(): Bell {
    return this.floor.turns
  }
}
