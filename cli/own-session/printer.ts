import { fromNullable, none } from 'fp-ts/lib/Option.js'
import type { IssueEvent } from '../../session/events.js'
import type { FlowIssue, FlowSessionEvent } from '../../session/own/flow-events.js'
import { FlowJson } from '../../session/own/flow-json.js'
import { FlowSession } from '../../session/own/flow-session.js'
import type { OwnConversation } from '../../session/own/own-protocol.js'
import { colours as pc } from '../colours.js'
import { SessionOutput } from '../session/output.js'
import type { PrintOptions } from '../session/printer.js'
import { issueText } from '../session-text.js'
import { expectHeld } from './held.js'
import { flowText } from './text.js'

const noBytes: IssueEvent['excerpt'] = { bytes: new Uint8Array(0), start: 0 }

/** Reads a session of the conversation. @throws Failure if the module leaves a part of the protocol open. */
export const openSession = (conversation: OwnConversation): FlowSession => {
  expectHeld(conversation, conversation.protocol, 'export')
  return new FlowSession(conversation)
}

/** An issue of a conversation, in the form of the issues of all sessions. */
export const issueWords = ({ during, ...event }: FlowIssue, around = noBytes): string =>
  issueText({ ...event, during: fromNullable(during), guess: none, message: none, excerpt: around }, around)

/** Prints sessions of a conversation of the user's own, and reports issues at the end. */
export class OwnPrinter {
  readonly #json: FlowJson
  readonly #options: PrintOptions
  readonly #output = new SessionOutput()

  constructor(conversation: OwnConversation, options: PrintOptions) {
    this.#json = new FlowJson(conversation.flow)
    this.#options = options
  }

  async event(connection: number, event: FlowSessionEvent, around = noBytes): Promise<void> {
    const start = this.#output.startOf(connection, event.kind === 'part' ? event.began : null)
    if (event.kind === 'issue') {
      this.#output.issue(event.fatal, () => issueWords(event, around))
    }
    if (this.#options.json === true) {
      // The first connection has no number, even if others follow.
      await this.#output.json(connection === 0 ? null : connection, this.#json.event(event))
    } else if (event.kind !== 'issue') {
      const text = flowText(event, this.#json, this.#options.full === true, start)
      await this.#output.block(connection, event.kind === 'end' ? text : `${text}\n`)
    }
  }

  /** Prints that a connection is open at the end of its recording. */
  async open(connection: number): Promise<void> {
    if (this.#options.json !== true) {
      await this.#output.block(connection, pc.yellow('the connection is open where the recording ends'))
    }
  }

  /** Something is wrong with the recording itself. */
  problem(text: string): void {
    this.#output.problem(text)
  }

  /** @throws Failure if there was an issue. */
  finish(): void {
    this.#output.finish()
  }
}
