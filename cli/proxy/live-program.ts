import { now } from '../../daemon/now.js'
import { Quiet } from '../../daemon/proxy/quiet.js'
import { ConnectionReader } from '../../session/connection-reader.js'
import type { Side } from '../../session/events.js'
import type { Ending } from '../../session/recording/step.js'
import { isUnremarkable } from '../../session/timed/left-phrases.js'
import { RecordedSession } from '../../session/timed/recorded-session.js'
import type { ConnectionEvent } from '../../session/timed/session-reader.js'
import { timePhrase } from '../../session/timed/time-phrase.js'
import type { TimedEvent } from '../../session/timed/timed-session.js'
import { connectionText } from '../session/connection-text.js'
import { pendingLines, quietLine } from '../session/time-text.js'
import { writeError } from '../terminal.js'
import { type ViewGiven, viewOptions } from './view-options.js'

/** Prints on standard error what passes through a program, in either protocol. */
export class LiveProgram {
  readonly #session: RecordedSession<ConnectionEvent>
  #start: number | null = null
  #ended = 0
  readonly #quiet: Quiet

  constructor(given: ViewGiven) {
    this.#session = new RecordedSession(new ConnectionReader(viewOptions(given)))
    this.#quiet = new Quiet(
      (at) => this.#session.pending(at),
      (pending) => writeError(`${quietLine(pending, this.#start)}\n`),
    )
  }

  /** Bytes have passed. */
  take(side: Side, bytes: Uint8Array): void {
    this.#quiet.broken()
    this.#print(this.#session.take({ kind: 'bytes', connection: 0, side, at: now(), bytes }))
  }

  /** A side has ended. */
  end(side: Side, how: Ending): void {
    this.#print(this.#session.take({ kind: 'end', connection: 0, side, at: now(), how }))
    this.#ended++
    if (this.#ended === 2) {
      this.#quiet.end()
      const { events, pending } = this.#session.finish()
      this.#print(events, pending.left === 'stopped')
      if (!isUnremarkable(pending)) {
        writeError(`${pendingLines(pending, this.#start).join('\n')}\n`)
      }
    } else {
      this.#quiet.left()
    }
  }

  /** `isOpen`: the connection is still open. */
  #print(events: ReadonlyArray<TimedEvent<ConnectionEvent>>, isOpen = false): void {
    for (const timed of events) {
      this.#start ??= timed.time.began
      if (!isOpen || timed.event.kind !== 'end') {
        const when = timePhrase(timed, this.#start)
        writeError(`${connectionText(timed.event, false, { when, isOpen })}\n`)
      }
    }
  }
}
