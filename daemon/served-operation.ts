import { type Either, right } from 'fp-ts/lib/Either.js'
import { holds, since } from '../combinators/gate.js'
import type { Issue } from '../combinators/issue.js'
import type { Protocol } from '../combinators/protocol.js'
import type { Incoming } from '../conversation/line/incoming.js'
import { ConversationError, isIssue } from '../conversation/line/interruption.js'
import type { HandlerContext } from '../conversation/methods.js'
import { type AnyOperation, streamOf } from '../grammar/operations/operation.js'
import { IssueError } from '../stream/issue-error.js'
import { RemoteError } from './failure.js'
import { answerOf, isLater, laterResult } from './handler-result.js'
import { IncomingUpload } from './incoming-upload.js'
import { beneathKey } from './issues.js'
import type { LogLine } from './log.js'
import type { Handled, Logger, ReceivedUpload, ServedUpload } from './server-types.js'

/** A handler, whatever its types. */
export type AnyHandler = (request: unknown, call: ServedUpload) => Handled<unknown>

/** The client's messages in the turn of an operation, whatever its types. */
interface Heard {
  readonly request: unknown
  readonly upload?: Incoming
}

interface Say {
  readonly log: (message: LogLine) => Promise<void>
}

/** The server's messages in it. */
type Answer = Either<never, { readonly [key: string]: unknown }>

/** The handler for the turn of an operation; `find` looks up the user's handler. */
export const handlerOf =
  (operation: AnyOperation, trusted: boolean, find: () => AnyHandler | undefined) =>
  (heard: Heard, say: Say, { protocol, signal }: HandlerContext): Answer | PromiseLike<Answer> => {
    // The protocol is complete when operations begin.
    const agreed = protocol as Protocol
    const stream = streamOf(operation, agreed)
    const of = `the handler of ${operation.name}`
    const answered = (result: unknown): Answer => right(answerOf(of, stream, result))
    const handler = find()
    expectServed(operation, trusted, handler)
    const handled = handler(heard.request, {
      operation,
      stream,
      protocol: agreed,
      trusted,
      signal,
      log: loggerOf(operation, agreed, say),
      upload: heard.upload === undefined ? noUpload : new IncomingUpload(heard.upload),
    })
    return isLater(handled) ? laterResult(of, handled).then(answered) : answered(handled)
  }

/** @throws RemoteError for an operation that is not served to this client, or to any. */
function expectServed(
  { name, summary, trust }: AnyOperation,
  trusted: boolean,
  handler: AnyHandler | undefined,
): asserts handler is AnyHandler {
  if (trust === 'trusted' && !trusted) {
    throw new RemoteError(`you are not privileged: ${name} ${summary}`)
  }
  if (handler === undefined) {
    throw new RemoteError(`operation ${name} is not supported here`)
  }
}

const noUpload: ReceivedUpload = {
  next: async () => null,
  cancel: () => undefined,
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {},
}

const loggerOf = ({ name }: AnyOperation, agreed: Protocol, say: Say): Logger => {
  const send = async (message: LogLine): Promise<void> => {
    const readable = holds(since('1.20'), agreed) ? message : inOldWords(message)
    try {
      await (readable === null ? undefined : say.log(readable))
    } catch (thrown) {
      throw thrown instanceof ConversationError && isIssue(thrown.failure)
        ? new IssueError(ofLog(name, thrown.failure))
        : thrown
    }
  }
  return { send, line: (text) => send({ _tag: 'Next', text: `${text}\n` }) }
}

const ofLog = (name: string, issue: Issue): Issue => ({
  ...beneathKey(issue),
  grammar: `${issue.grammar} (log of ${name})`,
})

/** The form of a message that a client below 1.20 can read. */
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
