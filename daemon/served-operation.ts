import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { holds, since } from '../combinators/gate.js'
import type { Issue } from '../combinators/issue.js'
import * as words from '../combinators/words.js'
import { LogMessage } from '../grammar/logging.js'
import { type AnyOperation, type Stream, streamOf } from '../grammar/operations/operation.js'
import { IssueError } from '../stream/issue-error.js'
import { passArchive } from '../stream/packed-path.js'
import { chunksOf, type Source } from '../stream/source.js'
import type { Failure } from './failure.js'
import { type DaemonError, daemonError, Refusal, RemoteError, showFailure, toDaemonError } from './failure.js'
import type { Link } from './link.js'
import type { LogLine } from './log.js'
import { messagesOf } from './message.js'
import { type Received, receive } from './received-upload.js'
import type { Handled, Logger, ServedCall, ServedUpload } from './server-types.js'

/** A handler, whatever its types. */
export type AnyHandler = (request: unknown, call: ServedUpload) => Handled<unknown>

/** What a server answers with: once, and the connection goes on; or twice, and that was it. */
export const sendError = async (
  link: Link,
  error: DaemonError,
  times: 1 | 2,
): Promise<Either<Issue, void>> => {
  const { _tag, ...payload } = error
  for (let i = 0; i < times; i++) {
    const written = await link.write(LogMessage, { _tag: 'Error', error: fitting(link, payload) })
    if (isLeft(written)) {
      return left(link.fail(written.left))
    }
  }
  return link.flush()
}

type Payload = Omit<DaemonError, '_tag'>

/** Each form of an error leaves out what the other has. */
const fitting = (link: Link, { level, msg, exitStatus, traces }: Payload): Payload =>
  holds(since('1.26'), link.protocol)
    ? { level, msg, exitStatus: 1, traces }
    : { level: 'Error', msg, exitStatus, traces: [] }

interface Context extends Pick<ServedCall, 'trusted' | 'signal'> {
  /** How long nothing may come of an upload that is waited for. */
  readonly patience: number
}

/** One operation, from behind its request to the end of its answer. Left where the connection is over. */
export const answer = async (
  link: Link,
  operation: AnyOperation,
  request: unknown,
  handler: AnyHandler | undefined,
  { patience, ...context }: Context,
): Promise<Either<Issue, void>> => {
  const stream = streamOf(operation, link.protocol)
  const isUpload = stream?.direction === 'upload'
  const received = isUpload ? receive(link, stream) : nothingReceived
  const stop = isUpload ? link.awaits(patience) : () => undefined
  const call: ServedUpload = {
    ...context,
    operation,
    stream,
    protocol: link.protocol,
    log: loggerOf(link, operation),
    upload: received.upload,
  }
  try {
    const result = await handle(operation, request, handler, call)
    if (stream?.direction === 'download') {
      return await sendDownload(link, operation, stream, result as Source)
    }
    await received.drain()
    return await sendReply(link, operation, result)
  } catch (error) {
    return await failed(link, received, error)
  } finally {
    stop()
  }
}

const noChunks = {
  next: async () => null,
  cancel: () => undefined,
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {},
}

const nothingReceived: Received = { upload: noChunks, drain: async () => undefined }

const handle = async (
  operation: AnyOperation,
  request: unknown,
  handler: AnyHandler | undefined,
  call: ServedUpload,
): Promise<unknown> => {
  if (operation.trust === 'trusted' && !call.trusted) {
    throw new RemoteError(`you are not privileged: ${operation.name} ${operation.summary}`)
  }
  if (handler === undefined) {
    throw new RemoteError(`operation ${operation.name} is not supported here`)
  }
  const handled = await handler(request, call)
  if (typeof handled !== 'function') {
    return handled
  }
  // No reply is a function: this is a task.
  const result: Either<Failure, unknown> = await handled()
  if (isLeft(result)) {
    const failure = result.left
    throw new RemoteError(failure._tag === 'DaemonError' ? failure : daemonError(showFailure(failure)))
  }
  return result.right
}

/** The error goes out first: a client that is told stops its upload. */
const failed = async (link: Link, { drain }: Received, error: unknown): Promise<Either<Issue, void>> => {
  if (link.failure !== null) {
    return left(link.failure)
  }
  const refused = error instanceof Refusal
  const sent = await sendError(link, toDaemonError(error), refused ? 2 : 1)
  if (isLeft(sent)) {
    return sent
  }
  try {
    await drain()
  } catch (thrown) {
    return left(link.fail(issueOf(thrown, link)))
  }
  if (!refused) {
    return right(undefined)
  }
  await link.linger()
  return left(link.fail(refusal(error, link)))
}

const refusal = ({ message }: Refusal, { reader }: Link): Issue => ({
  _tag: 'InvalidValue',
  offset: reader.offset,
  path: [],
  expected: 'a request that the handler takes',
  actual: `one that it refused: ${message}`,
  grammar: 'operations',
})

const issueOf = (thrown: unknown, link: Link): Issue =>
  thrown instanceof IssueError
    ? link.noted(thrown.issue)
    : {
        _tag: 'SourceFailed',
        offset: link.reader.offset,
        path: [],
        expected: words.anyMoreBytes,
        actual: toDaemonError(thrown).msg,
        grammar: 'connection',
        cause: thrown,
      }

const sendReply = async (
  link: Link,
  operation: AnyOperation,
  reply: unknown,
): Promise<Either<Issue, void>> => {
  const { answer: message } = messagesOf(operation)
  const written = await link.write(message, { last: { _tag: 'Last' }, reply })
  if (isLeft(written)) {
    // Nothing of it is on the wire.
    return link.failure === null ? sendError(link, daemonError(showFailure(written.left)), 1) : written
  }
  return link.flush()
}

const sendDownload = (
  link: Link,
  operation: AnyOperation,
  stream: Stream,
  source: Source,
): Promise<Either<Issue, void>> =>
  stream.way === 'raw' ? sendRaw(link, source) : sendPushed(link, operation, source)

/** Behind `Last` there is no message for errors any more: one stands in the middle of the archive, and that was it. */
const sendRaw = async (link: Link, source: Source): Promise<Either<Issue, void>> => {
  await link.write(LogMessage, { _tag: 'Last' })
  const chunks = chunksOf(source)
  try {
    for await (const chunk of passArchive(chunks, undefined, [])) {
      const written = await link.writer.writeRaw(chunk)()
      if (isLeft(written)) {
        chunks.cancel(new Error('the client takes no more'))
        return left(link.fail(written.left))
      }
    }
  } catch (error) {
    chunks.cancel(error)
    const sent = await sendError(link, toDaemonError(error), 2)
    if (isLeft(sent)) {
      return sent
    }
    await link.linger()
    return left(link.fail(issueOf(error, link)))
  }
  return link.flush()
}

const sendPushed = async (
  link: Link,
  operation: AnyOperation,
  source: Source,
): Promise<Either<Issue, void>> => {
  const chunks = chunksOf(source)
  for (let data = await chunks.next(); data !== null; data = await chunks.next()) {
    const written = await link.write(LogMessage, { _tag: 'Write', data })
    if (isLeft(written)) {
      chunks.cancel(new Error('the client takes no more'))
      return left(link.fail(written.left))
    }
  }
  return sendReply(link, operation, undefined)
}

const loggerOf = (link: Link, { name }: AnyOperation): Logger => {
  const send = async (message: LogLine): Promise<void> => {
    const readable = holds(since('1.20'), link.protocol) ? message : inOldWords(message)
    const written = readable === null ? right(undefined) : await link.write(LogMessage, readable)
    const sent = isLeft(written) ? written : await link.flush()
    if (isLeft(sent)) {
      throw new IssueError({ ...sent.left, grammar: `${sent.left.grammar} (log of ${name})` })
    }
  }
  return { send, line: (text) => send({ _tag: 'Next', text: `${text}\n` }) }
}

/** What a client below 1.20 can read of a message. */
const inOldWords = (message: LogLine): LogLine | null => {
  switch (message._tag) {
    case 'Next':
      return message
    case 'StartActivity':
      return message.text === '' ? null : { _tag: 'Next', text: `${message.text}...\n` }
    case 'StopActivity':
    case 'Result':
      return null
  }
}
