import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Issue } from '../combinators/issue.js'
import { rightOrThrow } from './issue-error.js'

/** A task as a promise that rejects with its issue. */
export const settled = async <A>(task: TaskEither<Issue, A>): Promise<A> => rightOrThrow(await task())
