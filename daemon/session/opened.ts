import { fromNullable, none, type Option } from 'fp-ts/lib/Option.js'
import type { AnyOperation } from '../../grammar/operations/operation.js'
import type { Conversation } from './conversation.js'
import type { OperationEvent } from './events.js'
import { emptyLog, type Log } from './logs.js'

/** An operation whose end has not been seen. */
export class Opened {
  readonly talk: Conversation
  readonly log: Log = emptyLog()
  readonly #id: number
  readonly #operation: AnyOperation | null
  #request: Option<unknown> = none

  constructor(talk: Conversation, id: number, operation: AnyOperation | null) {
    this.talk = talk
    this.#id = id
    this.#operation = operation
  }

  get request(): Option<unknown> {
    return this.#request
  }

  start(request: Option<unknown>): void {
    this.#request = request
    if (this.talk.progress) {
      this.talk.emit({
        kind: 'started',
        id: this.#id,
        operation: fromNullable(this.#operation),
        request,
        protocol: this.talk.protocol,
      })
    }
  }

  /** The operation is over: says all there is to say of it. */
  end(
    given: Pick<OperationEvent, 'outcome'> &
      Partial<Pick<OperationEvent, 'reply' | 'error' | 'errorTwice' | 'stream'>>,
  ): void {
    const { talk, log } = this
    const event: OperationEvent = {
      kind: 'operation',
      id: this.#id,
      operation: fromNullable(this.#operation),
      request: this.#request,
      log: log.messages,
      logOmitted: log.omitted,
      reply: none,
      error: none,
      errorTwice: false,
      stream: none,
      protocol: talk.protocol,
      ...given,
      ...talk.account(),
    }
    talk.emit(event)
    talk.before = event
  }
}
