interface Alarm {
  at: number
  readonly ring: () => void
  /** As those of Node have. */
  refresh(): Alarm
  ref(): Alarm
  unref(): Alarm
}

/**
 * Stands in for the `setTimeout` of this process, and for its `performance.now`: time passes when a test says so.
 */
export class Clock {
  readonly #kept = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout }
  readonly #alarms = new Set<Alarm>()
  #now = 0

  constructor() {
    Object.assign(globalThis, {
      setTimeout: (ring: () => void, milliseconds = 0) => this.#alarm(ring, milliseconds),
      clearTimeout: (alarm: Alarm) => void this.#alarms.delete(alarm),
    })
    Object.defineProperty(performance, 'now', { configurable: true, value: () => this.#now })
  }

  /** How many wait for it. */
  get waiting(): number {
    return this.#alarms.size
  }

  #alarm(ring: () => void, milliseconds: number): Alarm {
    const refresh = () => {
      alarm.at = this.#now + milliseconds
      this.#alarms.add(alarm)
      return alarm
    }
    const alarm: Alarm = { at: 0, ring, refresh, ref: () => alarm, unref: () => alarm }
    return refresh()
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds
    for (const alarm of [...this.#alarms].filter(({ at }) => at <= this.#now)) {
      this.#alarms.delete(alarm)
      alarm.ring()
    }
  }

  /** Gives the real one back. */
  stop(): void {
    Object.assign(globalThis, this.#kept)
    // What it is otherwise, it inherits.
    Reflect.deleteProperty(performance, 'now')
  }
}
