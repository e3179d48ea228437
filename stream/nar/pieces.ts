import type { FieldPath } from '../../combinators/issue.js'
import { IssueError } from '../issue-error.js'
import type { Source } from '../source.js'
import { ByteSource } from './byte-source.js'
import type { NarEvent } from './events.js'
import type { NarParserOptions } from './options.js'
import { NarParser } from './parser.js'

/** A piece of an archive from one chunk: its bytes, and their events. */
export interface NarPiece {
  readonly bytes: Uint8Array
  readonly events: ReadonlyArray<NarEvent>
}

/**
 * The archive at the position of the source, piece by piece; the bytes after it stay in the source. Throws an {@link
 * IssueError} after the events before the issue.
 */
export async function* narPieces(
  source: ByteSource,
  options: NarParserOptions = {},
): AsyncGenerator<NarPiece, void> {
  const parser = new NarParser({ offset: source.offset, ...options })
  for (;;) {
    const chunk = await source.next()
    if (chunk === null) {
      const issue = parser.finish()
      if (issue !== null) {
        throw new IssueError(issue)
      }
      return
    }
    const step = parser.push(chunk)
    const { events } = step
    switch (step._tag) {
      case 'more':
        yield { bytes: chunk, events }
        break
      case 'end':
        source.unread(step.rest)
        yield { bytes: chunk.subarray(0, chunk.length - step.rest.length), events }
        return
      case 'failed':
        yield { bytes: chunk.subarray(0, 0), events }
        throw new IssueError(step.issue)
    }
  }
}

/**
 * Reads a source to the end of its contents. A {@link ByteSource} stays open after it, to be read on; any other must be
 * at its end, and is cancelled if it is not read to the end.
 */
export async function* toTheEnd<A>(
  source: Source | ByteSource,
  what: string,
  read: (source: ByteSource) => AsyncGenerator<A, void>,
): AsyncGenerator<A, void> {
  if (source instanceof ByteSource) {
    yield* read(source)
  } else {
    yield* wholly(source, what, read)
  }
}

/**
 * Reads a source that must end with its contents. If it is not read to the end, it is cancelled, but for a {@link
 * ByteSource}, which belongs to the caller.
 */
export async function* wholly<A>(
  source: Source | ByteSource,
  what: string,
  read: (source: ByteSource) => AsyncGenerator<A, void>,
  at: FieldPath = [],
): AsyncGenerator<A, void> {
  const bytes = ByteSource.of(source)
  let ended = false
  try {
    yield* read(bytes)
    await expectEnd(bytes, what, at)
    ended = true
  } finally {
    if (!ended && bytes !== source) {
      bytes.cancel(new Error(`${what} is not read any further`))
    }
  }
}

const expectEnd = async (source: ByteSource, what: string, path: FieldPath): Promise<void> => {
  const { offset } = source
  const rest = await source.next()
  if (rest !== null) {
    throw new IssueError({
      _tag: 'TrailingBytes',
      offset,
      path,
      expected: `the end of ${what}`,
      actual: `${rest.length} more bytes, at least`,
      grammar: what,
    })
  }
}
