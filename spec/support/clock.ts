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
