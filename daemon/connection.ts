import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { none } from 'fp-ts/lib/Option.js'
import { LogMessage } from '../grammar/logging.js'
import { messageOf } from '../stream/issue-error.js'
import type { DaemonInfo } from './client-handshake.js'
import type { CallOptions } from './client-types.js'
import { type Call, Exchange } from './exchange.js'
import type { DaemonError, Failure } from './failure.js'
import { abortedIssue, closedIssue, violation } from './issues.js'
import type { Link } from './link.js'
import { isLogLine, LogHub, type OnLog } from './log.js'
import { refusedCall } from './refused-call.js'
import { Turns } from './turns.js'

/** A connection behind its handshake: one call after another. */
export class Connection {
  readonly link: Link
  readonly log: LogHub
  readonly #timeout: number | undefined
  readonly #turns = new Turns()
  /** The error that the last call was answered with. */
  #lastError: DaemonError | null = null

  constructor(link: Link, onLog: OnLog | undefined, timeout: number | undefined) {
    this.link = link
    this.log = new LogHub(onLog)
    this.#timeout = timeout
    link.lost.then(() => this.log.end())
  }

  /** The end of the handshake: what the daemon logs up to `Last`. */
  async greet(): Promise<Either<Failure, void>> {
    for (;;) {
      const { offset } = this.link.reader
      const read = await this.link.read(LogMessage)
      if (isLeft(read)) {
        return read
      }
      const message = read.right
      if (isLogLine(message)) {
        await this.log.deliver(message, null)
      } else if (message._tag === 'Last') {
        return right(undefined)
      } else if (message._tag === 'Error') {
        return left({ _tag: 'DaemonError', ...message.error })
      } else {
        const place = { offset, grammar: 'LogMessage' }
        return left(this.link.fail(violation('the end of the handshake', message._tag, place)))
      }
    }
  }

  async call(call: Call, daemon: DaemonInfo, options: CallOptions): Promise<Either<Failure, unknown>> {
    const refused = refusedCall(call.operation, this.link.protocol, daemon)
    if (refused !== null) {
      return left(refused)
    }
    const { signal } = options
    const endTurn = await this.#turns.take(signal)
    if (endTurn === null) {
      return left(abortedIssue(signal?.reason, `an abort: ${messageOf(signal?.reason)}`))
    }
    const { failure } = this.link
    if (failure !== null) {
      endTurn()
      return left(closedIssue(failure))
    }
    const abort = () => {
      const { offset } = this.link.reader
      this.link.fail(abortedIssue(signal?.reason, `an abort: ${messageOf(signal?.reason)}`, offset))
    }
    signal?.addEventListener('abort', abort, { once: true })
    this.link.begin(options.timeout ?? this.#timeout)
    const before = this.#lastError
    this.#lastError = null
    const result = await this.#exchange(call, before, () => {
      signal?.removeEventListener('abort', abort)
      this.link.rest()
      endTurn()
    })
    this.#lastError = isLeft(result) && result.left._tag === 'DaemonError' ? result.left : null
    return isLeft(result) ? answerInError(call, result.left) : result
  }

  async #exchange(
    call: Call,
    before: DaemonError | null,
    finish: () => void,
  ): Promise<Either<Failure, unknown>> {
    try {
      return await new Exchange(this.link, this.log, call, before).run(finish)
    } catch (error) {
      // A listener threw: where the connection stands nobody knows.
      const issue = this.link.fail(abortedIssue(error, messageOf(error), this.link.reader.offset))
      finish()
      return left(issue)
    }
  }
}

/** Below 1.17 a daemon that knows nothing of a path has no other way to say so. */
const answerInError = ({ operation }: Call, failure: Failure): Either<Failure, unknown> =>
  operation.name === 'QueryPathInfo' && failure._tag === 'DaemonError' && failure.msg.includes('is not valid')
    ? right(none)
    : left(failure)
