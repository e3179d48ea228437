interface Alarm {
  at: number
  readonly ring: () => void
  /** Has the members of Node's timers. */
  refresh(): Alarm
  ref(): Alarm
  unref(): Alarm
}

/** Replaces `setTimeout` and `performance.now` of this process: time passes when a test says so. */
export class Clock {
  #kept = {}
  readonly #alarms = new Set<Alarm>()
  #now = 0

  start(): this {
    this.#kept = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout }
    this.#alarms.clear()
    this.#now = 0
    Object.assign(globalThis, {
      setTimeout: (ring: () => void, milliseconds = 0) => this.#alarm(ring, milliseconds),
      clearTimeout: (alarm: Alarm) => void this.#alarms.delete(alarm),
    })
    Object.defineProperty(performance, 'now', { configurable: true, value: () => this.#now })
    return this
  }

  /** The number of waiting timers. */
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

  /** Restores the real clock. */
  stop(): void {
    Object.assign(globalThis, this.#kept)
    // Other members are inherited.
    Reflect.deleteProperty(performance, 'now')
  }
}

/** A clock for each test of a suite, from zero. */
export const suiteClock = (): Clock => {
  const clock = new Clock()
  beforeEach(() => {
    clock.start()
  })
  afterEach(() => clock.stop())
  return clock
}
