import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { Issue } from '../combinators/issue.js'
import { LogMessage } from '../grammar/logging.js'
import { type AnyOperation, type Stream, streamOf } from '../grammar/operations/operation.js'
import { sourceIssue } from '../stream/failure.js'
import { IssueError } from '../stream/issue-error.js'
import type { Source } from '../stream/source.js'
import { Download, type Pieces, throwing } from './download.js'
import { type DaemonError, type Failure, RemoteError } from './failure.js'
import { violation } from './issues.js'
import type { Link } from './link.js'
import { isLogLine, type LogHub, type OnLog } from './log.js'
import { beneathMessage, messagesOf, replyOf } from './message.js'
import { RawNar } from './raw-nar.js'
import { noUpload, type Upload, uploadOf } from './upload.js'

/** One call of one operation. */
export interface Call {
  readonly operation: AnyOperation
  readonly request: unknown
  readonly upload?: Source | undefined
  readonly onLog?: OnLog | undefined
}

/** What ends the log: the reply follows, or nothing does; or, where the daemon pushes a download, its first piece. */
type Outcome = { readonly _tag: 'Last' } | { readonly _tag: 'Piece'; readonly data: Uint8Array } | DaemonError

const last: Outcome = { _tag: 'Last' }

/** Sends one request and reads all that belongs to it. */
export class Exchange {
  readonly #link: Link
  readonly #log: LogHub
  readonly #call: Call
  readonly #stream: Stream | undefined
  readonly #upload: Upload
  /** The error that the call before this one was answered with. */
  readonly #before: DaemonError | null
  /** What was wrong with the source of an upload that the daemon pulls. */
  #sourceIssue: Issue | null = null

  constructor(link: Link, log: LogHub, call: Call, before: DaemonError | null) {
    this.#link = link
    this.#log = log
    this.#call = call
    this.#before = before
    this.#stream = streamOf(call.operation, link.protocol)
    this.#upload =
      this.#stream?.direction === 'upload' && call.upload !== undefined
        ? uploadOf(link, this.#stream, call.upload)
        : noUpload
  }

  /** The reply, or a {@link Download} in its place; `finish` is called when nothing of it is left on the connection. */
  async run(finish: () => void): Promise<Either<Failure, unknown>> {
    const sent = await this.#send()
    if (isLeft(sent)) {
      this.#upload.stop()
      return this.#end(sent, finish)
    }
    const [outcome, uploaded] = await Promise.all([this.#logOfUpload(), this.#upload.run()])
    this.#upload.stop()
    if (isLeft(outcome)) {
      return this.#end(outcome, finish)
    }
    const failed = isLeft(uploaded) ? uploaded.left : this.#sourceIssue
    if (outcome.right._tag === 'DaemonError') {
      const error = this.#error(outcome.right)
      // What a source broke off is refused for that; what the daemon refuses it may stop reading.
      return this.#end(left(failed === null || failed._tag === 'SinkFailed' ? error : failed), finish)
    }
    if (failed !== null) {
      // The daemon took what it got for the whole.
      await this.#reply()
      return this.#end(left(failed), finish)
    }
    return this.#stream?.direction === 'download'
      ? right(new Download(this.#pieces(outcome.right), finish))
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
    for (let first = true; ; first = false) {
      const { offset } = this.#link.reader
      const read = await this.#link.read(LogMessage)
      if (isLeft(read)) {
        return read
      }
      const message = read.right
      if (isLogLine(message)) {
        await this.#log.deliver(message, this.#call.operation.name, this.#call.onLog)
        continue
      }
      switch (message._tag) {
        case 'Last':
          return right(last)
        case 'Error': {
          const error: DaemonError = { _tag: 'DaemonError', ...message.error }
          return first && (await this.#isEcho(error)) ? left(this.#closedBehindError()) : right(error)
        }
        case 'Write':
          if (this.#stream?.way === 'pushed') {
            return right({ _tag: 'Piece', data: message.data })
          }
          return left(this.#unexpected('Write', offset))
        case 'Read': {
          if (this.#stream?.way !== 'pulled') {
            return left(this.#unexpected('Read', offset))
          }
          const answered = await this.#upload.answer(message.wanted)
          if (isLeft(answered) && this.#link.failure !== null) {
            return answered
          }
          // A source that failed shows when the daemon has answered to that.
          if (isLeft(answered)) {
            this.#sourceIssue ??= answered.left
          }
        }
      }
    }
  }

  /** A daemon that cannot read a request says so twice and closes: the second time where the next answer should be. */
  async #isEcho(error: DaemonError): Promise<boolean> {
    const before = this.#before
    const same = before !== null && before.msg === error.msg && before.traces.length === error.traces.length
    return same && (await this.#link.stirs(echoWithin))
  }

  #closedBehindError(): Issue {
    const { offset } = this.#link.reader
    const actual = 'the last error again: the daemon closed the connection behind it'
    return this.#link.fail(violation('an answer to this request', actual, { offset, grammar: 'LogMessage' }))
  }

  #unexpected(tag: 'Read' | 'Write', offset: number): Issue {
    const { name } = this.#call.operation
    const expected = `a log message that belongs to ${name}`
    return this.#link.fail(violation(expected, tag, { offset, grammar: 'LogMessage' }))
  }

  #error(error: DaemonError): DaemonError {
    const { operation } = this.#call
    if (!this.#upload.survives) {
      const actual = `one that broke off: ${error.msg}`
      this.#link.fail(violation('a whole upload', actual, this.#place))
    } else if (leavesUpload.has(operation.name)) {
      const actual = `one that the daemon may not have read: ${error.msg}`
      this.#link.fail(violation('an upload that has been read', actual, this.#place))
    }
    return error
  }

  get #place(): { readonly offset: number; readonly grammar: string } {
    return { offset: this.#link.writer.offset, grammar: this.#call.operation.name }
  }

  #reply(): Promise<Either<Issue, unknown>> {
    return this.#link.read(replyOf(this.#call.operation))
  }

  #pieces(outcome: Outcome): Pieces {
    return this.#stream?.way === 'raw' ? this.#rawPieces() : this.#pushedPieces(outcome)
  }

  #rawPieces(): Pieces {
    const nar = new RawNar(this.#link.reader)
    return {
      next: async () => {
        if (this.#link.failure !== null) {
          return throwing(this.#link.failure)
        }
        try {
          return await nar.next()
        } catch (error) {
          const { offset } = this.#link.reader
          const issue =
            error instanceof RemoteError
              ? violation('an archive', `an error in its place: ${error.message}`, { offset, grammar: 'Nar' })
              : this.#link.noted(sourceIssue(error, offset))
          const first = this.#link.fail(issue)
          // What follows from a connection that was given up is not the reason.
          throw first === issue && error instanceof RemoteError ? error : new IssueError(first)
        }
      },
    }
  }

  #pushedPieces(first: Outcome): Pieces {
    let outcome: Outcome | null = first
    return {
      next: async () => {
        const read: Either<Issue, Outcome> = outcome === null ? await this.#nextOutcome() : right(outcome)
        outcome = null
        if (isLeft(read)) {
          return throwing(read.left)
        }
        if (read.right._tag === 'Piece') {
          return read.right.data
        }
        const ended: Either<Failure, unknown> =
          read.right._tag === 'DaemonError' ? left(read.right) : await this.#reply()
        return isLeft(ended) ? throwing(ended.left) : null
      },
    }
  }
}

/** An error that the daemon raises here may leave the frames unread: it takes them for operations then. */
const leavesUpload: ReadonlySet<string> = new Set(['AddBuildLog'])

// The second of two equal errors and the end of the stream come in one go.
const echoWithin = 50
