import { SilenceWatch } from '../../daemon/proxy/silence-watch.js'
import type { Side } from '../../session/events.js'
import type { FlowSessionEvent } from '../../session/own/flow-events.js'
import { FlowJson } from '../../session/own/flow-json.js'
import type { FlowSession } from '../../session/own/flow-session.js'
import type { OwnConversation } from '../../session/own/own-protocol.js'
import { durationText } from '../../session/timed/duration.js'
import { otherOf } from '../../session/timed/names.js'
import { sinceStart } from '../../session/timed/time-phrase.js'
import { colours as pc } from '../colours.js'
import { issueWords, openSession } from './printer.js'
import { flowText } from './text.js'

/** Prints a connection of the user's own protocol as it passes, and who is waited for while nothing comes. */
export class OwnLive {
  readonly #session: FlowSession
  readonly #json: FlowJson
  readonly #print: (text: () => string) => void
  readonly #watch = new SilenceWatch((at) => this.#tellSilence(at))
  readonly #open = new Set<Side>(['client', 'server'])
  #start: number | null = null
  #last: number | null = null

  /** `print` gets a text of one or more lines, and may drop it. */
  constructor(conversation: OwnConversation, print: (text: () => string) => void) {
    this.#session = openSession(conversation)
    this.#json = new FlowJson(conversation.flow)
    this.#print = print
  }

  /** Bytes that have passed; null at the end of a side. */
  take(side: Side, bytes: Uint8Array | null, at: number): void {
    this.#start ??= at
    this.#last = at
    this.#watch.broken()
    if (bytes === null) {
      this.#open.delete(side)
    }
    if (this.#open.size === 0) {
      this.#watch.end()
    }
    const events = bytes === null ? this.#session.end(side, at) : this.#session.push(side, bytes, at)
    for (const event of events) {
      this.#print(() => this.#text(event))
    }
  }

  #text(event: FlowSessionEvent): string {
    return event.kind === 'issue'
      ? pc.red(issueWords(event))
      : flowText(event, this.#json, false, this.#start)
  }

  #tellSilence(at: number): void {
    const [start, last] = [this.#start, this.#last]
    if (start === null || last === null) {
      return
    }
    const waits = [...this.#open]
      .filter((side) => this.#session.wants(side))
      .map(
        (side) =>
          `the ${side} has said nothing for ${durationText(at - last)}; the ${otherOf(side)} waits for it`,
      )
    if (waits.length > 0) {
      this.#print(() => `  ${pc.yellow('…')} ${waits.join('; ')}  ${pc.dim(sinceStart(at, start))}`)
    }
  }
}
