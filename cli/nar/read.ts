import { stat } from 'node:fs/promises'
import type { Issue } from '../../combinators/issue.js'
import { explain } from '../../interpreters/explain.js'
import { type NarEvent, NarParser } from '../../stream/nar/index.js'
import { Failure } from '../failure.js'
import { chunksOf } from '../files.js'
import { counted, Progress } from './progress.js'
import { showPath } from './show.js'

/** The chunks of a file or of standard input, with progress on a terminal. */
export const chunksWithProgress = async (
  file: string,
  what: string,
): Promise<AsyncGenerator<Uint8Array, void>> => {
  const stats = file === '-' ? undefined : await stat(file).catch(() => undefined)
  return counted(chunksOf(file), new Progress(what, stats?.isFile() === true ? stats.size : undefined))
}

/** What the last chunks held; enough of them to show what stands around an issue. */
class Recent {
  #chunks: Array<Uint8Array> = []
  #start = 0

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk)
    while (this.#chunks.length > 1 && this.#length - this.#chunks[0]!.length >= 8192) {
      this.#start += this.#chunks.shift()!.length
    }
  }

  get excerpt(): { readonly bytes: Uint8Array; readonly start: number } {
    return { bytes: Buffer.concat(this.#chunks), start: this.#start }
  }

  get #length(): number {
    return this.#chunks.reduce((sum, { length }) => sum + length, 0)
  }
}

/** A piece of an archive: the bytes that belong to it, and the events in them. */
export interface Piece {
  readonly bytes: Uint8Array
  readonly events: ReadonlyArray<NarEvent>
}

/** Reads one archive and nothing behind it. Ends with a {@link Failure} that shows the first wrong byte. */
export async function* piecesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Piece, void> {
  const parser = new NarParser()
  const recent = new Recent()
  for await (const chunk of chunks) {
    recent.add(chunk)
    const step = parser.push(chunk)
    // Of a chunk that breaks a rule no byte is passed on.
    yield { bytes: step._tag === 'failed' ? chunk.subarray(0, 0) : chunk, events: step.events }
    if (step._tag === 'failed') {
      throw failure(step.issue, parser.wrongByte ?? step.issue.offset, recent)
    }
    if (step._tag === 'end' && step.rest.length > 0) {
      throw failure(trailing(parser.offset), parser.offset, recent)
    }
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

const failure = (issue: Issue, wrongByte: number, recent: Recent): Failure => {
  const what = issue._tag === 'UnexpectedEnd' ? 'the archive ends at byte' : 'the first wrong byte is byte'
  const where = showPath(issue.path.map(String))
  // The rows are those around the wrong byte; the issue's own offset is where its word or text begins.
  const [, ...rows] = explain({ ...issue, offset: wrongByte }, recent.excerpt).split('\n')
  return new Failure(
    1,
    [
      `not a valid archive: ${what} ${wrongByte}, in ${where}`,
      `  ${issue._tag} at byte ${issue.offset}: expected ${issue.expected}, got ${issue.actual}`,
      ...rows,
    ].join('\n'),
  )
}
