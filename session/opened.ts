import { fromNullable, none, type Option } from 'fp-ts/lib/Option.js'
import type { AnyOperation } from '../grammar/operations/operation.js'
import type { Conversation } from './conversation.js'
import type { Asked, OperationEvent, Ranges, StreamSummary } from './events.js'
import { emptyLog, type Log } from './log.js'

type Given = Pick<OperationEvent, 'outcome'> &
  Partial<Pick<OperationEvent, 'reply' | 'error' | 'errorTwice' | 'stream'>>

/** An operation whose end has not come yet. */
export class Opened {
  readonly talk: Conversation
  readonly log: Log = emptyLog()
  /** The part of its stream that has come so far. */
  progress: () => Option<StreamSummary> = () => none
  readonly #id: number
  readonly #operation: Option<AnyOperation>
  readonly #lacking: boolean
  #request: Option<unknown> = none

  constructor(talk: Conversation, id: number, operation: AnyOperation | null, lacking: boolean) {
    this.talk = talk
    this.#id = id
    this.#operation = fromNullable(operation)
    this.#lacking = lacking
    talk.pending = this
    // The operation cannot be read any further, so it ends with what has come.
    talk.giveUp = () => this.end(this.#unfinished)
    talk.soFar = () => this.#event(this.#unfinished, talk.ranges)
  }

  get request(): Option<unknown> {
    return this.#request
  }

  get asked(): Asked {
    return {
      id: this.#id,
      operation: this.#operation,
      lacking: this.#lacking,
      request: this.#request,
      protocol: this.talk.protocol,
    }
  }

  start(request: Option<unknown>): void {
    this.#request = request
    if (this.talk.progress) {
      this.talk.emit({ kind: 'started', ...this.asked })
    }
  }

  /** The operation is over: reports it. */
  end(given: Given): void {
    this.talk.emit(this.#close(given))
  }

  /** The operation ended in an error, which the daemon may be about to repeat. */
  fail(given: Pick<Given, 'error' | 'stream'>): void {
    this.talk.doubt(this.#close({ outcome: 'error', ...given }))
  }

  get #unfinished(): Given {
    return { outcome: 'unfinished', stream: this.progress() }
  }

  #close(given: Given): OperationEvent {
    const { talk } = this
    const event = this.#event(given, talk.account())
    talk.pending = null
    talk.forget()
    talk.before = event
    return event
  }

  #event(given: Given, ranges: Ranges): OperationEvent {
    const { messages, omitted } = this.log
    return {
      kind: 'operation',
      ...this.asked,
      log: messages,
      logOmitted: omitted,
      reply: none,
      error: none,
      errorTwice: false,
      stream: none,
      ...given,
      ...ranges,
    }
  }
}
