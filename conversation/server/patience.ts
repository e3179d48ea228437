import { after } from '../../bytes/after.js'
import { timedOut, tooLate } from '../line/interruption.js'
import type { Line } from '../line/line.js'
import { timeOf } from '../line/stillness.js'
import type { ServeSettings } from './options.js'

const noStop = (): void => undefined

/** How long a server waits for its client; after that it gives the connection up. */
export class Patience {
  readonly #line: Line
  readonly #isListening: () => boolean
  readonly #names: NonNullable<ServeSettings['names']>
  readonly #turn: number
  readonly #idle: number
  #stopOpening: () => void
  #stopIdle: (() => void) | null = null
  #stopTurn = noStop
  #isBeginning = false

  constructor(line: Line, isListening: () => boolean, settings: ServeSettings) {
    const { openingTimeout = 0, turnTimeout = 0, timeout = 0, names } = settings
    this.#line = line
    this.#isListening = isListening
    this.#names = names ?? { opening: 'the opening', turn: 'the messages of a turn' }
    this.#turn = timeOf('turnTimeout', turnTimeout)
    this.#idle = timeOf('timeout', timeout)
    this.#stopOpening = this.#within(timeOf('openingTimeout', openingTimeout), this.#names.opening)
  }

  /** The turns have been reached. */
  rests(): void {
    this.#stopOpening()
    this.#stopIdle ??= this.#still(this.#idle)
  }

  /** The client begins a turn. */
  turnBegins(): void {
    this.#isBeginning = true
  }

  /** The client is awaited. Most turns have arrived as a whole, and need no clock. */
  waits(): void {
    if (this.#isBeginning) {
      this.#isBeginning = false
      this.#stopTurn = this.#within(this.#turn, this.#names.turn)
    }
  }

  /** All of its first messages have come; streams may still come. */
  turnHeard(flows: boolean): void {
    this.#isBeginning = false
    this.#stopTurn()
    this.#stopTurn = flows ? this.#still(this.#turn) : noStop
  }

  /** What has to be read of the messages then has the other limits. */
  turnOver(): void {
    this.#isBeginning = false
    this.#stopTurn()
  }

  end(): void {
    this.#stopOpening()
    this.#stopIdle?.()
    this.#stopTurn()
  }

  #within(milliseconds: number, what: string): () => void {
    const line = this.#line
    return after(milliseconds, () => line.fail(tooLate(what, milliseconds, line.ear.feed.offset)))
  }

  #still(milliseconds: number): () => void {
    const line = this.#line
    return line.stillness.watch(
      milliseconds,
      () => this.#isListening() || line.mouth.isWriting,
      () => line.fail(timedOut(milliseconds, line.ear.feed.offset)),
    )
  }
}
