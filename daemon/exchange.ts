import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { Issue } from '../combinators/issue.js'
import { LogMessage } from '../grammar/logging.js'
import { type AnyOperation, type Stream, streamOf } from '../grammar/operations/operation.js'
import type { Source } from '../stream/source.js'
import { Download } from './download.js'
import { type Outcome, piecesOf } from './download-pieces.js'
import type { Echoes } from './echoes.js'
import type { DaemonError, Failure } from './failure.js'
import { violation } from './issues.js'
import type { Link } from './link.js'
import { isLogLine, type LogHub, type LogLine, type OnLog } from './log.js'
import { beneathMessage, messagesOf, replyOf } from './message.js'
import { noUpload, type Upload, uploadOf } from './upload.js'

/** One call of one operation. */
export interface Call {
  readonly operation: AnyOperation
  readonly request: unknown
  readonly upload?: Source | undefined
  readonly onLog?: OnLog | undefined
}

const last: Outcome = { _tag: 'Last' }

/** Sends one request and reads all that belongs to it. */
export class Exchange {
  readonly #link: Link
  readonly #log: LogHub
  readonly #call: Call
  readonly #echoes: Echoes
  readonly #stream: Stream | undefined
  readonly #upload: Upload
  #isAnswered = false
  /** How long the error that this call is answered with may be the echo of the last one. */
  #doubt: number | null = null

  constructor(link: Link, log: LogHub, call: Call, echoes: Echoes) {
    this.#link = link
    this.#log = log
    this.#call = call
    this.#echoes = echoes
    this.#stream = streamOf(call.operation, link.protocol)
    this.#upload =
      this.#stream?.direction === 'upload' && call.upload !== undefined
        ? uploadOf(link, this.#stream, call.upload)
        : noUpload
  }

  /** The reply, or a {@link Download} in its place; `finish` is called when nothing of it is left on the connection. */
  async run(finish: () => void): Promise<Either<Failure, unknown>> {
    const forget = this.#link.onFailure(() => this.#upload.abandon())
    try {
      return await this.#run(finish)
    } finally {
      forget()
    }
  }

  async #run(finish: () => void): Promise<Either<Failure, unknown>> {
    const sent = await this.#send()
    if (isLeft(sent) && !this.#link.isDeaf) {
      this.#upload.stop()
      return this.#end(sent, finish)
    }
    const [outcome, uploaded] = await Promise.all([
      this.#logOfUpload(),
      isLeft(sent) ? sent : this.#upload.run(),
    ])
    this.#upload.stop()
    if (isLeft(outcome)) {
      return this.#end(outcome, finish)
    }
    if (isLeft(uploaded) && uploaded.left === this.#link.failure) {
      // The source broke off: what the daemon says to that is no reason.
      return this.#end(uploaded, finish)
    }
    if (outcome.right._tag === 'DaemonError') {
      return this.#refused(outcome.right, finish)
    }
    if (isLeft(uploaded)) {
      // The daemon took what it got for the whole.
      await this.#reply()
      return this.#end(uploaded, finish)
    }
    return this.#stream?.direction === 'download'
      ? right(new Download(this.#pieces(this.#stream, outcome.right), finish))
      : this.#end(await this.#reply(), finish)
  }

  #end<A>(result: A, finish: () => void): A {
    finish()
    return result
  }

  async #send(): Promise<Either<Issue, void>> {
    const { operation, request } = this.#call
    const written = await this.#link.write(messagesOf(operation).request, { request })
    return isLeft(written) ? left(beneathMessage(written.left)) : this.#link.flush()
  }

  /** The log up to its end; whatever that is, the daemon wants no more of the upload then. */
  async #logOfUpload(): Promise<Either<Issue, Outcome>> {
    const outcome = await this.#nextOutcome()
    if (isLeft(outcome) || outcome.right._tag === 'DaemonError') {
      this.#upload.stop()
    }
    return outcome
  }

  async #nextOutcome(): Promise<Either<Issue, Outcome>> {
    for (;;) {
      const { offset } = this.#link.reader
      const read = await this.#link.read(LogMessage)
      if (isLeft(read)) {
        return read
      }
      const message = read.right
      this.#heard(message)
      if (isLogLine(message)) {
        await this.#deliver(message)
        continue
      }
      switch (message._tag) {
        case 'Last':
          return right(last)
        case 'Error':
          return right({ _tag: 'DaemonError', ...message.error })
        case 'Write':
          return this.#stream?.way === 'pushed'
            ? right({ _tag: 'Piece', data: message.data })
            : left(this.#unexpected('Write', offset))
        case 'Read': {
          if (this.#stream?.way !== 'pulled') {
            return left(this.#unexpected('Read', offset))
          }
          const answered = await this.#upload.answer(message.wanted)
          if (isLeft(answered) && !this.#link.isDeaf) {
            return answered
          }
        }
      }
    }
  }

  /** What comes first for this call says what the error before it was. */
  #heard(message: LogMessage): void {
    if (this.#isAnswered) {
      return
    }
    this.#isAnswered = true
    if (message._tag === 'Error') {
      this.#doubt = this.#echoes.doubt({ _tag: 'DaemonError', ...message.error })
    } else {
      this.#echoes.wentOn()
    }
  }

  /** A listener may take its time, but not longer than there is a connection. */
  #deliver(message: LogLine): Promise<void> {
    const { operation, onLog } = this.#call
    return this.#link.whileGood(this.#log.deliver(message, operation.name, onLog))
  }

  async #refused(error: DaemonError, finish: () => void): Promise<Either<Failure, unknown>> {
    const isSingle = this.#echoes.refused(this.#call.operation, error)
    this.#giveUpBehind(error)
    finish()
    if (this.#doubt !== null && this.#link.failure === null && (await this.#isEcho(this.#doubt))) {
      return left(this.#closedBehindError())
    }
    isSingle()
    return left(error)
  }

  /** The next call, if there is one, goes on meanwhile: what it is answered with tells, and so does the end. */
  async #isEcho(patience: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined
    const silence = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), patience)
    })
    const stir = await this.#link.stirs(silence)
    clearTimeout(timer)
    return stir === 'end' || this.#link.failure !== null
  }

  #closedBehindError(): Issue {
    const { offset } = this.#link.reader
    const actual = 'the last error again: the daemon closed the connection behind it'
    const issue = violation('an answer to this request', actual, { offset, grammar: 'LogMessage' })
    this.#link.fail(issue)
    return issue
  }

  #unexpected(tag: 'Read' | 'Write', offset: number): Issue {
    const { name } = this.#call.operation
    const expected = `a log message that belongs to ${name}`
    return this.#link.fail(violation(expected, tag, { offset, grammar: 'LogMessage' }))
  }

  /** What an error leaves unread would be taken for requests. */
  #giveUpBehind({ msg }: DaemonError): void {
    const { name } = this.#call.operation
    const place = { offset: this.#link.writer.offset, grammar: name }
    if (!this.#upload.survives) {
      this.#link.fail(violation('a whole upload', `one that broke off: ${msg}`, place))
    } else if (this.#stream?.unread === true) {
      const actual = `one that the daemon may not have read: ${msg}`
      this.#link.fail(violation('an upload that has been read', actual, place))
    }
  }

  #reply(): Promise<Either<Issue, unknown>> {
    return this.#link.read(replyOf(this.#call.operation))
  }

  #pieces({ way }: Stream, outcome: Outcome) {
    return piecesOf(this.#link, way, outcome, {
      next: () => this.#nextOutcome(),
      reply: () => this.#reply(),
    })
  }
}
