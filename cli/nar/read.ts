import { RecentBytes } from '../../bytes/recent.js'
import type { Issue } from '../../combinators/issue.js'
import { explain } from '../../interpreters/explain.js'
import type { NarEvent } from '../../stream/nar/events.js'
import { NarParser } from '../../stream/nar/parser.js'
import { Failure } from '../failure.js'
import { describeForeign } from './foreign.js'
import { showPath } from './show.js'

/** A piece of an archive: the bytes that belong to it, and the events in them. */
export interface Piece {
  readonly bytes: Uint8Array
  readonly events: ReadonlyArray<NarEvent>
}

/** Reads one archive, with nothing after it. Throws a {@link Failure} that shows the first wrong byte. */
export async function* piecesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Piece, void> {
  const parser = new NarParser()
  const recent = new RecentBytes()
  for await (const chunk of chunks) {
    recent.enter(chunk)
    const step = parser.push(chunk)
    // No bytes of a chunk with an issue are passed on.
    yield { bytes: step._tag === 'failed' ? chunk.subarray(0, 0) : chunk, events: step.events }
    if (step._tag === 'failed') {
      throw failure(step.issue, parser.wrongByte ?? step.issue.offset, recent)
    }
    if (step._tag === 'end' && step.rest.length > 0) {
      throw failure(trailing(parser.offset), parser.offset, recent)
    }
    recent.leave()
  }
  const issue = parser.finish()
  if (issue !== null) {
    throw failure(issue, parser.wrongByte ?? issue.offset, recent)
  }
}

const trailing = (offset: number): Issue => ({
  _tag: 'TrailingBytes',
  offset,
  path: [],
  expected: 'the end of the archive',
  actual: 'more bytes',
  grammar: 'Nar',
})

const failure = (issue: Issue, wrongByte: number, recent: RecentBytes): Failure => {
  const what = issue._tag === 'UnexpectedEnd' ? 'the archive ends at byte' : 'the first wrong byte is byte'
  const where = showPath(issue.path.map(String))
  // The excerpt is around the wrong byte; the issue's own offset is where its word or text begins.
  const { excerpt } = recent
  const foreign = excerpt.start === 0 ? describeForeign(excerpt.bytes) : null
  if (foreign !== null) {
    return new Failure(1, `not an archive: ${foreign}`)
  }
  const [, ...rows] = explain({ ...issue, offset: wrongByte }, excerpt).split('\n')
  return new Failure(
    1,
    [
      `not a valid archive: ${what} ${wrongByte}, in ${where}`,
      `  ${issue._tag} at byte ${issue.offset}: expected ${issue.expected}, got ${issue.actual}`,
      ...rows,
    ].join('\n'),
  )
}
