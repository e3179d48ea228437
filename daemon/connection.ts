import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { Issue } from '../combinators/issue.js'
import { LogMessage } from '../grammar/logging.js'
import { messageOf } from '../stream/issue-error.js'
import type { DaemonInfo } from './client-handshake.js'
import type { CallOptions } from './client-types.js'
import { Echoes } from './echoes.js'
import { type Call, Exchange } from './exchange.js'
import type { Failure } from './failure.js'
import { abortedIssue, closedIssue, timeoutIssue, violation } from './issues.js'
import type { Link } from './link.js'
import { isLogLine, LogHub, type OnLog } from './log.js'
import { refusedCall } from './refused-call.js'
import { timeLimit } from './stillness.js'
import { Turns } from './turns.js'

/** A connection behind its handshake: one call after another. */
export class Connection {
  readonly link: Link
  readonly log: LogHub
  readonly #timeout: number
  readonly #turns = new Turns()
  readonly #echoes = new Echoes()

  constructor(link: Link, onLog: OnLog | undefined, timeout: number) {
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
        await this.link.whileGood(this.log.deliver(message, null))
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
    const timeout = timeLimit(options.timeout, this.#timeout, 'timeout')
    const turn = await this.#turns.take<Issue>((giveUp) => this.#watch(signal, timeout, giveUp))
    if (isLeft(turn)) {
      return turn
    }
    const { failure } = this.link
    if (failure !== null || signal?.aborted === true) {
      turn.right()
      return left(failure === null ? abortedBy(signal) : closedIssue(failure))
    }
    const abort = () => {
      this.link.fail(abortedBy(signal, this.link.reader.offset))
    }
    signal?.addEventListener('abort', abort, { once: true })
    this.link.begin(timeout)
    const result = await this.#exchange(call, () => {
      signal?.removeEventListener('abort', abort)
      this.link.rest()
      turn.right()
    })
    return isLeft(result) ? answerInError(call, result.left) : result
  }

  /** What a call that waits for its turn may end by. Nothing of it has been sent, and the connection goes on. */
  #watch(signal: AbortSignal | undefined, timeout: number, giveUp: (reason: Issue) => void): () => void {
    const { link } = this
    if (signal?.aborted === true || link.failure !== null) {
      giveUp(link.failure === null ? abortedBy(signal) : closedIssue(link.failure))
      return () => undefined
    }
    const abort = () => giveUp(abortedBy(signal))
    signal?.addEventListener('abort', abort, { once: true })
    const forget = link.onFailure((failure) => giveUp(closedIssue(failure)))
    const stop = link.onSilence(timeout, () => giveUp(timeoutIssue(timeout, 0, waitsInVain)))
    return () => {
      signal?.removeEventListener('abort', abort)
      forget()
      stop()
    }
  }

  async #exchange(call: Call, finish: () => void): Promise<Either<Failure, unknown>> {
    try {
      return await new Exchange(this.link, this.log, call, this.#echoes).run(finish)
    } catch (error) {
      // A listener threw: where the connection stands nobody knows.
      const issue = this.link.fail(abortedIssue(error, messageOf(error), this.link.reader.offset))
      finish()
      return left(issue)
    }
  }
}

const waitsInVain = ', waiting for the call before it: is there a download that is not read to its end?'

const abortedBy = (signal: AbortSignal | undefined, offset = 0): Issue =>
  abortedIssue(signal?.reason, `an abort: ${messageOf(signal?.reason)}`, offset)

/** A daemon may have no other way to say so. */
const answerInError = ({ operation: { errorMeans } }: Call, failure: Failure): Either<Failure, unknown> =>
  errorMeans !== null && failure._tag === 'DaemonError' && failure.msg.includes(errorMeans.words)
    ? right(errorMeans.reply)
    : left(failure)
