import { SessionDecoder } from '../../session/decoder.js'
import type { SessionEvent, Side } from '../../session/events.js'
import type { SessionOptions } from '../../session/options.js'
import type { Ending } from '../../session/recording/step.js'
import { type Pending, RecordedSession } from '../../session/timed/recorded-session.js'
import type { TimedEvent, Timing } from '../../session/timed/timed-session.js'
import { Quiet } from './quiet.js'

/** Bytes of a side that have passed, or how it ended, with the time. */
interface Step {
  readonly side: Side
  readonly said: Uint8Array | Ending
  readonly at: number
}

// How long the traffic waits for its views, and the least cost of a step with few bytes.
const longestTurn = 5
const leastCost = 1024

const costOf = ({ said }: Step): number =>
  typeof said === 'string' ? leastCost : Math.max(leastCost, said.length)

/** The listener of a connection. Its functions may throw without an effect on the traffic. */
export interface Viewer {
  readonly onEvent: (event: SessionEvent, time: Timing) => void
  readonly onPending: (pending: Pending) => void
  readonly onQuiet?: (pending: Pending) => void
  readonly onFailure: (error: Error) => void
}

/**
 * The views of all connections of a proxy. They are decoded beside the traffic, a few milliseconds at a time and each
 * connection in turn; if `mostBehind` bytes wait, the view of the connection with the most of them ends.
 */
export class Views {
  readonly #options: SessionOptions | undefined
  readonly #mostBehind: number
  readonly #busy = new Set<View>()
  #behind = 0
  #scheduled = false

  constructor(options: SessionOptions | undefined, mostBehind: number) {
    this.#options = options
    this.#mostBehind = mostBehind
  }

  open(viewer: Viewer): View {
    return new View(new SessionDecoder(this.#options), viewer, (view, step) => this.#add(view, step))
  }

  #add(view: View, step: Step): void {
    view.steps.push(step)
    view.behind += costOf(step)
    this.#behind += costOf(step)
    this.#busy.add(view)
    if (this.#behind > this.#mostBehind) {
      const last = [...this.#busy].reduce((most, each) => (each.behind > most.behind ? each : most))
      this.#forget(last)
      last.fail(
        new Error(`its conversation is no longer shown: the display was ${this.#mostBehind} bytes behind`),
      )
    }
    this.#schedule()
  }

  #schedule(): void {
    if (!this.#scheduled && this.#busy.size > 0) {
      this.#scheduled = true
      setImmediate(() => {
        this.#scheduled = false
        this.#turn()
        this.#schedule()
      })
    }
  }

  #turn(): void {
    const start = performance.now()
    for (const view of this.#busy) {
      const step = view.steps.shift()
      this.#busy.delete(view)
      if (step !== undefined) {
        view.behind -= costOf(step)
        this.#behind -= costOf(step)
        view.take(step)
      }
      if (view.isOver || view.steps.length === 0) {
        this.#forget(view)
      } else {
        this.#busy.add(view)
      }
      if (performance.now() - start > longestTurn) {
        return
      }
    }
  }

  #forget(view: View): void {
    this.#busy.delete(view)
    this.#behind -= view.behind
    view.behind = 0
    view.steps.length = 0
    view.idle()
  }
}

/** The view of one connection. */
export class View {
  readonly steps: Array<Step> = []
  behind = 0
  isOver = false
  readonly #session: RecordedSession
  #ended = 0
  readonly #viewer: Viewer
  readonly #add: (view: View, step: Step) => void
  readonly #quiet: Quiet | null
  #onIdle: () => void = () => undefined

  constructor(decoder: SessionDecoder, viewer: Viewer, add: (view: View, step: Step) => void) {
    this.#session = new RecordedSession(decoder)
    this.#viewer = viewer
    this.#add = add
    const { onQuiet } = viewer
    this.#quiet =
      onQuiet === undefined
        ? null
        : new Quiet(
            (at) => this.#session.pending(at),
            (pending) => this.#safely(() => onQuiet(pending)),
          )
  }

  /** Bytes that have passed, or how a side ended. */
  push(side: Side, said: Uint8Array | Ending, at: number): void {
    if (!this.isOver) {
      this.#add(this, { side, said, at })
    }
  }

  take({ side, said, at }: Step): void {
    this.#quiet?.broken()
    this.#safely(() => {
      if (typeof said === 'string') {
        this.#tell(this.#session.take({ kind: 'end', connection: 0, side, at, how: said }))
        this.#ended++
      } else {
        this.#tell(this.#session.take({ kind: 'bytes', connection: 0, side, at, bytes: said }))
      }
      if (this.#ended === 2) {
        this.#quiet?.end()
        const { events, pending } = this.#session.finish()
        this.#tell(events)
        this.#viewer.onPending(pending)
      } else if (typeof said === 'string') {
        this.#quiet?.left()
      }
    })
  }

  #safely(act: () => void): void {
    try {
      act()
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #tell(events: ReadonlyArray<TimedEvent>): void {
    for (const { event, time } of events) {
      this.#viewer.onEvent(event, time)
    }
  }

  fail(error: Error): void {
    this.isOver = true
    this.#quiet?.end()
    this.#viewer.onFailure(error)
  }

  idle(): void {
    this.#onIdle()
  }

  /** Resolves when no bytes wait any more. */
  caughtUp(): Promise<void> {
    return this.steps.length === 0
      ? Promise.resolve()
      : new Promise((resolve) => {
          this.#onIdle = resolve
        })
  }
}
