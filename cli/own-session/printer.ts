import { fromNullable, none } from 'fp-ts/lib/Option.js'
import type { IssueEvent } from '../../session/events.js'
import type { FlowIssue, FlowSessionEvent } from '../../session/own/flow-events.js'
import { FlowJson } from '../../session/own/flow-json.js'
import { FlowSession } from '../../session/own/flow-session.js'
import type { OwnConversation } from '../../session/own/own-protocol.js'
import { colours as pc } from '../colours.js'
import { Failure } from '../failure.js'
import { issueText } from '../session-text.js'
import { write } from '../terminal.js'
import { jsonText } from '../visible.js'
import { flowText } from './text.js'

export interface PrintOptions {
  readonly json?: true
  readonly full?: true
}

// So many issues are told with the bytes around; one that is fatal always is.
const mostTold = 10

const noBytes: IssueEvent['excerpt'] = { bytes: new Uint8Array(0), start: 0 }

/** Reads a session of the conversation. @throws Failure where the module gives too little of the protocol. */
export const openSession = (conversation: OwnConversation): FlowSession => {
  try {
    return new FlowSession(conversation)
  } catch (error) {
    throw new Failure(2, error instanceof Error ? error.message : String(error))
  }
}

/** An issue of a conversation in the form that the words of all sessions take. */
export const issueWords = ({ during, ...event }: FlowIssue, around = noBytes): string =>
  issueText({ ...event, during: fromNullable(during), guess: none, excerpt: around }, around)

/** Prints sessions of a conversation of a user's own, and tells at the end what is wrong. */
export class OwnPrinter {
  readonly #json: FlowJson
  readonly #options: PrintOptions
  readonly #starts = new Map<number, number>()
  readonly #told: Array<string> = []
  #others = 0
  #last = 0

  constructor(conversation: OwnConversation, options: PrintOptions) {
    this.#json = new FlowJson(conversation.flow)
    this.#options = options
  }

  /** `isOpen`: the connection was open where the recording ends, which is no end of it. */
  async event(connection: number, event: FlowSessionEvent, around = noBytes, isOpen = false): Promise<void> {
    if (event.kind === 'issue') {
      this.#tell(event, around)
    } else if (event.kind === 'part' && event.began !== null && !this.#starts.has(connection)) {
      this.#starts.set(connection, event.began)
    }
    if (this.#options.json === true) {
      await write(`${jsonText(this.#numbered(connection, this.#json.event(event)))}\n`)
    } else if (event.kind !== 'issue' && !(isOpen && event.kind === 'end')) {
      const start = this.#starts.get(connection) ?? null
      const text = flowText(event, this.#json, this.#options.full === true, start)
      await this.#block(connection, event.kind === 'end' ? text : `${text}\n`)
    }
  }

  /** Tells that a connection is open where its recording ends. */
  async open(connection: number): Promise<void> {
    if (this.#options.json !== true) {
      await this.#block(connection, pc.yellow('the connection is open where the recording ends'))
    }
  }

  /** Something is wrong with the recording itself. */
  problem(text: string): void {
    this.#told.push(text)
  }

  /** @throws Failure where something was wrong. */
  finish(): void {
    if (this.#told.length > 0) {
      const more = this.#others > 0 ? [`and ${this.#others} more`] : []
      throw new Failure(1, [...this.#told, ...more].join('\nnix-wire: '))
    }
  }

  #tell(issue: FlowIssue, around: IssueEvent['excerpt']): void {
    if (this.#told.length < mostTold || issue.fatal) {
      this.#told.push(issueWords(issue, around))
    } else {
      this.#others++
    }
  }

  #numbered(connection: number, json: ReturnType<FlowJson['event']>): object {
    return connection === 0 ? (json as object) : { connection: BigInt(connection + 1), ...(json as object) }
  }

  /** What belongs to another connection has its number above it. */
  async #block(connection: number, text: string): Promise<void> {
    const isOther = connection !== this.#last
    this.#last = connection
    await write(`${isOther ? `${pc.dim(`— connection ${connection + 1} —`)}\n` : ''}${text}\n`)
  }
}
