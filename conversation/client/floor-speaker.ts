import { Speaker } from '../line/speaker.js'
import type { Host } from '../machine/scope.js'
import type { Bell, Talk } from '../machine/talk.js'
import type { Floor } from './floor.js'
import { Telling } from './telling.js'

/** Speaks and hears when the floor is given to it. */
export abstract class FloorSpeaker extends Speaker {
  protected readonly floor: Floor
  protected readonly telling: Telling

  /** `chosen`: the case whose words are told; null before and behind the turns. */
  constructor(floor: Floor, chosen: string | null) {
    super(floor.line)
    this.floor = floor
    this.telling = new Telling(floor, chosen)
  }

  readonly #untilItMay = (): Talk<void> => this.#wait()

  get pause(): Host['pause'] {
    return this.floor.hears(this) && !this.telling.isBusy ? null : this.#untilItMay
  }

  *#wait(): Talk<void> {
    while (!this.floor.hears(this) || this.telling.isBusy) {
      yield [...this.turns.next(), ...this.telling.bell.next()]
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
