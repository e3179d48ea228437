import { checkOptions } from '../../combinators/options.js'
import { rightOrThrow } from '../issue-error.js'
import { expectIterable, expectSource, type Source } from '../source.js'
import type { ByteSource } from './byte-source.js'
import type { NarEvent } from './events.js'
import {
  type NarParserOptions,
  type NarWriterOptions,
  narParserOptions,
  narWriterOptions,
} from './options.js'
import { narPieces, toTheEnd } from './pieces.js'
import { NarWriter } from './writer.js'

/**
 * The events of a NAR from a stream, in batches: one for each chunk. Bytes after the archive stay in a {@link
 * ByteSource}, to be read from there; in any other source they are an issue (`TrailingBytes`). At an issue, and when you
 * leave the loop, any other source is cancelled: Node destroys a request with its socket.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 * import { narBytes, narEventBatches } from 'nix-wire/stream'
 *
 * const archive = narBytes([{ _tag: 'regular', executable: false, size: 2 }, { _tag: 'contents', bytes: bytesOf('6869') }])
 * for await (const batch of narEventBatches(archive)) {
 *   batch.length // => 2
 * }
 * ```
 *
 * @throws IssueError with the issue, after the events before it.
 */
export const narEventBatches = (
  source: Source | ByteSource,
  options: NarParserOptions = {},
): AsyncGenerator<ReadonlyArray<NarEvent>, void> => {
  checkOptions('narEventBatches', narParserOptions, options)
  expectSource(source)
  return batches(source, options)
}

async function* batches(
  source: Source | ByteSource,
  options: NarParserOptions,
): AsyncGenerator<ReadonlyArray<NarEvent>, void> {
  for await (const { events } of toTheEnd(source, 'the archive', (bytes) => narPieces(bytes, options))) {
    if (events.length > 0) {
      yield events
    }
  }
}

/**
 * The events of a NAR from a stream, one by one. {@link narEventBatches} is faster.
 *
 * @throws IssueError with the issue, after the events before it.
 */
export const narEvents = (
  source: Source | ByteSource,
  options: NarParserOptions = {},
): AsyncGenerator<NarEvent, void> => {
  checkOptions('narEvents', narParserOptions, options)
  expectSource(source)
  return oneByOne(batches(source, options))
}

async function* oneByOne(
  batches: AsyncGenerator<ReadonlyArray<NarEvent>, void>,
): AsyncGenerator<NarEvent, void> {
  for await (const batch of batches) {
    yield* batch
  }
}

/** Events, one by one. */
export type Events = AsyncIterable<NarEvent> | Iterable<NarEvent>

/**
 * The bytes of a NAR, made from its events. The next event is taken when the consumer wants more bytes.
 *
 * ```ts
 * import { narBytes } from 'nix-wire/stream'
 *
 * for await (const chunk of narBytes([{ _tag: 'symlink', target: '/etc/passwd' }])) {
 *   chunk.length // => 128
 * }
 * ```
 *
 * @throws IssueError with the issue; the chunks before it are then an incomplete archive.
 */
export const narBytes = (
  events: Events,
  options: NarWriterOptions = {},
): AsyncGenerator<Uint8Array, void> => {
  checkOptions('narBytes', narWriterOptions, options)
  expectIterable('the events of narBytes', events)
  return written(new NarWriter(options), events)
}

async function* written(writer: NarWriter, events: Events): AsyncGenerator<Uint8Array, void> {
  for await (const event of events) {
    rightOrThrow(writer.write(event))
    if (writer.full) {
      yield* writer.take()
    }
  }
  rightOrThrow(writer.finish())
  yield* writer.take()
}
