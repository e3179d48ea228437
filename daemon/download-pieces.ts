import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { Issue } from '../combinators/issue.js'
import type { Stream } from '../grammar/operations/operation.js'
import { sourceIssue } from '../stream/failure.js'
import { IssueError } from '../stream/issue-error.js'
import { type Pieces, throwing } from './download.js'
import { type DaemonError, type Failure, RemoteError } from './failure.js'
import { violation } from './issues.js'
import type { Link } from './link.js'
import { RawNar } from './raw-nar.js'

/** What ends the log: the reply follows, or nothing does; or, where the daemon pushes a download, its first piece. */
export type Outcome =
  | { readonly _tag: 'Last' }
  | { readonly _tag: 'Piece'; readonly data: Uint8Array }
  | DaemonError

/** What follows the first outcome. */
interface Rest {
  next(): Promise<Either<Issue, Outcome>>
  reply(): Promise<Either<Issue, unknown>>
}

export const piecesOf = (link: Link, way: Stream['way'], first: Outcome, rest: Rest): Pieces =>
  watched(link, way === 'raw' ? rawPieces(link) : pushedPieces(first, rest))

/** To read on is to move, though what is read arrived before. */
const watched = (link: Link, pieces: Pieces): Pieces => ({
  next: () => {
    link.moved()
    return pieces.next()
  },
})

const rawPieces = (link: Link): Pieces => {
  const nar = new RawNar(link)
  return {
    next: async () => {
      if (link.failure !== null) {
        return throwing(link.failure)
      }
      try {
        return await nar.next()
      } catch (error) {
        const { offset } = link.reader
        const issue =
          error instanceof RemoteError
            ? violation('an archive', `an error in its place: ${error.message}`, { offset, grammar: 'Nar' })
            : link.noted(sourceIssue(error, offset))
        const first = link.fail(issue)
        // What follows from a connection that was given up is not the reason.
        throw first === issue && error instanceof RemoteError ? error : new IssueError(first)
      }
    },
  }
}

const pushedPieces = (first: Outcome, rest: Rest): Pieces => {
  let outcome: Outcome | null = first
  return {
    next: async () => {
      const read: Either<Issue, Outcome> = outcome === null ? await rest.next() : right(outcome)
      outcome = null
      if (isLeft(read)) {
        return throwing(read.left)
      }
      if (read.right._tag === 'Piece') {
        return read.right.data
      }
      const ended: Either<Failure, unknown> =
        read.right._tag === 'DaemonError' ? left(read.right) : await rest.reply()
      return isLeft(ended) ? throwing(ended.left) : null
    },
  }
}
