import type { Side } from '../../session/events.js'
import type { FlowSessionEvent } from '../../session/own/flow-events.js'
import { FlowJson } from '../../session/own/flow-json.js'
import type { FlowSession } from '../../session/own/flow-session.js'
import type { OwnConversation } from '../../session/own/own-protocol.js'
import { colours as pc } from '../colours.js'
import { issueWords, openSession } from './printer.js'
import { flowText } from './text.js'

/** Prints a connection of the user's own protocol as it passes. */
export class OwnLive {
  readonly #session: FlowSession
  readonly #json: FlowJson
  readonly #print: (text: () => string) => void
  #start: number | null = null

  /** `print` gets a text of one or more lines, and may drop it. */
  constructor(conversation: OwnConversation, print: (text: () => string) => void) {
    this.#session = openSession(conversation)
    this.#json = new FlowJson(conversation.flow)
    this.#print = print
  }

  /** Bytes that have passed; null at the end of a side. */
  take(side: Side, bytes: Uint8Array | null, at: number | null = null): void {
    this.#start ??= at
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
}
