import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { Issue } from '../combinators/issue.js'
import type { Protocol } from '../combinators/protocol.js'
import { type CallResult, Call as FlowCall } from '../conversation/client/call.js'
import type { Connection as FlowConnection } from '../conversation/client/connection.js'
import { aborted } from '../conversation/line/interruption.js'
import { timeOf } from '../conversation/line/stillness.js'
import type { Case } from '../conversation/node.js'
import type { LogMessage } from '../grammar/logging.js'
import { type AnyOperation, type Stream, streamOf } from '../grammar/operations/operation.js'
import type { SetOptionsRequest } from '../grammar/operations/set-options.js'
import { operations } from '../grammar/operations/table.js'
import type { Source } from '../stream/source.js'
import type { ClientFailures } from './client-failures.js'
import { type DaemonInfo, daemonInfoOf } from './client-handshake.js'
import type { CallOptions } from './client-types.js'
import { Download } from './download.js'
import { piecesOf } from './download-pieces.js'
import { type Failure, toError } from './failure.js'
import { closedIssue } from './issues.js'
import { isLogLine, type LogHub } from './log.js'
import { refusedCall } from './refused-call.js'
import type { Transport } from './transport-types.js'
import { uploadOf } from './upload.js'
import { settingTurn } from './worker.js'

/** One call of one operation. */
export interface Call {
  readonly operation: AnyOperation
  readonly request: unknown
  readonly upload?: Source | undefined
}

/** The form of an operation on this connection. */
interface Offer {
  readonly refused: Issue | null
  readonly chosen: Case | undefined
  readonly stream: Stream | undefined
}

type Turn = { readonly chosen: Case; readonly turns?: ReturnType<typeof settingTurn>['turns'] }

/** A connection after its handshake. */
export class Connection {
  readonly log: LogHub
  readonly daemon: DaemonInfo
  readonly protocol: Protocol
  /** Resolves with the reason when the connection is over. */
  readonly closed: Promise<Issue>
  readonly #flow: FlowConnection
  readonly #transport: Transport
  readonly #failures: ClientFailures
  readonly #timeout: number
  /** Caches the forms of requested operations, which do not change after the handshake. */
  readonly #offers = new Map<AnyOperation, Offer>()

  /** `timeout`: that of its calls, in milliseconds; 0 for none. */
  constructor(
    flow: FlowConnection,
    { log, transport, failures }: { log: LogHub; transport: Transport; failures: ClientFailures },
    timeout: number,
  ) {
    const { line, opening } = flow
    this.log = log
    this.daemon = daemonInfoOf(opening.heard)
    // The protocol is complete after the handshake.
    this.protocol = line.plans.protocol as Protocol
    this.closed = line.closed.then((reason) => failures.issue(reason))
    this.#flow = flow
    this.#transport = transport
    this.#failures = failures
    this.#timeout = timeout
  }

  /** Ends it, and resolves when it is completely closed. */
  async close(): Promise<void> {
    const { line } = this.#flow
    line.fail(aborted(null, line.ear.feed.offset, 'close(): this side ended the connection'))
    await line.closed
    await this.#transport.close()
  }

  /** Sends the settings to the daemon. */
  setOptions(request: SetOptionsRequest, timeout: number): Promise<Either<Failure, unknown>> {
    return this.#run({ operation: operations.SetOptions, request }, settingTurn(), { timeout })
  }

  call(call: Call, options: CallOptions): Promise<Either<Failure, unknown>> {
    const { refused, chosen } = this.#offer(call.operation)
    if (refused !== null || chosen === undefined) {
      return failed(refused ?? closedIssue(this.#reason))
    }
    return this.#run(call, { chosen }, options)
  }

  #offer(operation: AnyOperation): Offer {
    const known = this.#offers.get(operation)
    if (known !== undefined) {
      return known
    }
    const made = {
      refused: refusedCall(operation, this.protocol, this.daemon),
      chosen: this.#flow.opening.menu?.branch.cases.get(operation.id),
      stream: streamOf(operation, this.protocol),
    }
    this.#offers.set(operation, made)
    return made
  }

  get #reason(): Issue {
    const { line } = this.#flow
    return this.#failures.issue(line.failure ?? aborted(null, line.ear.feed.offset))
  }

  #run(call: Call, { chosen, turns }: Turn, options: CallOptions): Promise<Either<Failure, unknown>> {
    const { line } = this.#flow
    const { operation, request, upload } = call
    const { name } = operation
    const { signal, timeout = this.#timeout, onLog } = options
    if (line.failure !== null) {
      return failed(closedIssue(this.#reason))
    }
    let isAnswered = false
    const log = (message: LogMessage) => {
      isAnswered ||= message._tag === 'Last'
      return isLogLine(message) ? this.log.deliver(message, name, onLog) : undefined
    }
    const gathers = this.#offer(operation).stream?.way === 'framed'
    const said =
      upload === undefined
        ? { request }
        : { request, upload: uploadOf(upload, gathers, () => line.mouth.saidAll()) }
    return new Promise((resolve) => {
      const settled = (result: CallResult) => {
        resolve(
          isLeft(result)
            ? this.#failed(call, made as FlowCall, result.left, isAnswered)
            : right(this.#given(result.right)),
        )
      }
      const made = this.#flow.call(
        chosen,
        // The flow defines the keys of the messages.
        {
          said,
          hear: { log: log as (value: unknown) => void },
          signal,
          timeout: timeOf('timeout', timeout),
          settled,
        },
        turns,
      )
      if (!(made instanceof FlowCall)) {
        resolve(left(this.#failures.ofCall(made, false)))
      }
    })
  }

  #given({ reply, download }: { readonly [key: string]: unknown }): unknown {
    return download === undefined
      ? reply
      : new Download(piecesOf(download as AsyncIterable<Uint8Array>, this.#flow.line, this.#failures))
  }

  /** `isAnswered`: whether the daemon had fulfilled the request, and was about to send the result. */
  #failed(
    { operation }: Call,
    made: FlowCall,
    reason: unknown,
    isAnswered: boolean,
  ): Either<Failure, unknown> {
    const { line } = this.#flow
    if (!made.isItsOwn) {
      return left(closedIssue(this.#reason))
    }
    const failure = this.#failures.ofCall(reason, !isAnswered)
    if (isOfUpload(reason)) {
      // Whether or not a part of it has gone out; after the call is over, and before its caller is told.
      queueMicrotask(() => line.fail(reason))
    }
    const { errorMeans } = operation
    if (errorMeans !== null && failure._tag === 'DaemonError' && failure.msg.includes(errorMeans.words)) {
      return right(errorMeans.reply)
    }
    return isAnswered && this.#offer(operation).stream?.direction === 'download'
      ? right(new Download({ next: () => Promise.reject(toError(failure)) }))
      : left(failure)
  }
}

const failed = (failure: Failure): Promise<Either<Failure, never>> => Promise.resolve(left(failure))

const isOfUpload = (reason: unknown): reason is Issue =>
  typeof reason === 'object' && reason !== null && 'path' in reason && (reason as Issue).path[0] === 'upload'
