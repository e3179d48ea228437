import type { Either } from 'fp-ts/lib/Either.js'
import { inUse, mistake } from '../combinators/mistake.js'
import { show } from '../combinators/show.js'
import type { Stream } from '../grammar/operations/operation.js'
import { chunksOf, type Source } from '../stream/source.js'
import { daemonError, type Failure, RemoteError, showFailure } from './failure.js'
import type { Handled } from './server-types.js'

/** Whether a reply is a task: no reply is a function. */
export const isLater = (handled: unknown): boolean =>
  typeof handled === 'function' ||
  (typeof handled === 'object' && handled !== null && 'then' in handled && typeof handled.then === 'function')

const isEither = (given: unknown): given is Either<unknown, unknown> =>
  typeof given === 'object' &&
  given !== null &&
  '_tag' in given &&
  ((given._tag === 'Right' && 'right' in given) || (given._tag === 'Left' && 'left' in given))

const isFailure = (given: unknown): given is Failure =>
  typeof given === 'object' && given !== null && '_tag' in given && ('msg' in given || 'expected' in given)

/**
 * The result of a promise or a task. `of`: the handler, in words.
 *
 * @throws RemoteError for the failure of a task; TypeError for a task of anything but an Either.
 */
export const laterResult = async (of: string, handled: Handled<unknown>): Promise<unknown> => {
  const given = await handled
  if (typeof given !== 'function') {
    return given
  }
  const result: unknown = await given()
  if (!isEither(result)) {
    throw mistake(`the task of ${of} must give right(reply) or left(failure), not ${show(result)}`)
  }
  if (result._tag === 'Right') {
    return result.right
  }
  const failure: unknown = result.left
  if (!isFailure(failure)) {
    throw mistake(
      `the left of ${of} must be a DaemonError, as daemonError makes it, or an issue, not ${show(failure)}`,
    )
  }
  throw new RemoteError(failure._tag === 'DaemonError' ? failure : daemonError(showFailure(failure)))
}

/** The server's messages of a result. @throws TypeError for an Either, and for a download that is no source of bytes. */
export const answerOf = (
  of: string,
  stream: Stream | undefined,
  result: unknown,
): { readonly [key: string]: unknown } => {
  if (isEither(result)) {
    throw mistake(`${of} must return the reply, a promise of it, or a TaskEither, not an Either`)
  }
  return stream?.direction === 'download'
    ? { download: chunksIn(inUse(of, () => chunksOf(result as Source))), reply: undefined }
    : { reply: result }
}

const chunksIn = (chunks: ReturnType<typeof chunksOf>): Iterable<unknown> => {
  const toResult = (value: Uint8Array | null) =>
    value === null ? { done: true as const, value } : { done: false as const, value }
  const iterator = {
    next: () => {
      const next = chunks.next()
      return next instanceof Promise ? next.then(toResult) : toResult(next)
    },
    return: () => {
      chunks.cancel(new Error('the client no longer reads'))
      return { done: true as const, value: undefined }
    },
  }
  // Iterators may be synchronous or not: both are accepted.
  return { [Symbol.iterator]: () => iterator as Iterator<unknown> }
}
