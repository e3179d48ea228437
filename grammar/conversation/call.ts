import type { TypeOf } from '../../combinators/node.js'
import { u64 } from '../../combinators/primitives/int.js'
import type { AnyFlow, Flow } from '../../conversation/flow.js'
import { atOnce } from '../../conversation/kinds/at-once.js'
import { inFrames, inPieces } from '../../conversation/kinds/carried.js'
import { gated } from '../../conversation/kinds/gated.js'
import { noted } from '../../conversation/kinds/labels.js'
import { says } from '../../conversation/kinds/says.js'
import { nothing, sequence } from '../../conversation/kinds/sequence.js'
import type { None, Streamed, Told } from '../../conversation/said.js'
import { Int } from '../integers.js'
import type { LogError, LogMessage } from '../logging.js'
import { type AnyOperation, Nothing, type Stream } from '../operations/operation.js'
import type { OperationTable } from '../operations/table.js'
import { type Contents, contentOf, rawOf } from './contents.js'
import { log, pullingLog, pushingLog } from './log.js'

type DirectionOf<O extends AnyOperation> = O['streams'][number]['direction']

type Uploaded<O extends AnyOperation> =
  'upload' extends DirectionOf<O> ? { readonly upload: Streamed } : unknown

type Downloaded<O extends AnyOperation> =
  'download' extends DirectionOf<O> ? { readonly download: Streamed } : unknown

type Replied<O extends AnyOperation> = [TypeOf<O['reply']>] extends [undefined]
  ? { readonly reply?: undefined }
  : { readonly reply: TypeOf<O['reply']> }

/**
 * The messages in the turn of an operation: `request`, `log`, `reply`, and the raw bytes of `upload` or `download`.
 * The failure is the error that the daemon sends.
 */
export type CallOf<O extends AnyOperation> = Flow<
  { readonly request: TypeOf<O['request']> } & Uploaded<O>,
  { readonly log: Told<LogMessage> } & Replied<O> & Downloaded<O>,
  None,
  { readonly operations: LogError }
>

/** The cases of the turns: the operations of a table, by name. */
export type CallsOf<T extends OperationTable> = {
  readonly [N in keyof T]: readonly [id: number, flow: CallOf<T[N]>, gate: T[N]['gate']]
}

/** One operation, from its request to its reply. */
export const callOf = <O extends AnyOperation>(operation: O, contents: Contents): CallOf<O> => {
  const rest = operation.streams.reduceRight<AnyFlow>(
    (otherwise, stream) => gated(stream.gate, withStream(operation, stream, contents), otherwise),
    sequence(log, replyOf(operation)),
  )
  return sequence(says('client', 'request', operation.request), rest) as AnyFlow as CallOf<O>
}

/**
 * The operations of a table as the cases of a client's turns.
 *
 * An operation without a stream consists of its request, the log of the daemon, and the reply. An upload runs
 * concurrently with the log, or in answers to its `Read` messages; a download comes in `Write` messages of the log,
 * or after it. `Error` ends the turn.
 */
export const callsOf = <const T extends OperationTable>(table: T, contents: Contents): CallsOf<T> =>
  Object.fromEntries(
    Object.entries(table).map(([name, each]) => [name, [each.id, callOf(each, contents), each.gate]]),
  ) as object as CallsOf<T>

/**
 * How frames are broken off: Nix takes the mere end of a connection in the middle of frames for the end of a file or a
 * log.
 */
const brokenOff = { grammar: u64, value: 2n ** 64n - 1n }

const replyOf = ({ reply }: AnyOperation): AnyFlow =>
  reply === Nothing ? nothing : says('server', 'reply', reply)

/** What follows the request of an operation with this stream. */
export const withStream = (operation: AnyOperation, stream: Stream, contents: Contents): AnyFlow => {
  const { way, direction, content } = stream
  const side = direction === 'upload' ? 'client' : 'server'
  const given = { content, request: operation.request }
  switch (way) {
    case 'framed':
      return sequence(
        atOnce(
          inFrames(side, direction, Int, contentOf(given, side, 'content', contents), {
            unread: stream.unread ?? false,
            brokenOff,
          }),
          log,
        ),
        replyOf(operation),
      )
    case 'pulled':
      return sequence(
        inPieces(side, direction, contentOf(given, side, 'content', contents), pullingLog, {
          of: 'answer',
          asks: { key: 'log', value: { _tag: 'Read' }, size: 'wanted' },
        }),
        replyOf(operation),
      )
    case 'pushed':
      return sequence(
        inPieces(side, direction, contentOf(given, side, 'content', contents), pushingLog, {
          of: 'log.data',
          wrapped: { _tag: 'Write' },
        }),
        replyOf(operation),
      )
    case 'raw':
      return direction === 'upload'
        ? sequence(atOnce(rawOf(given, side, direction, contents), log), replyOf(operation))
        : sequence(
            log,
            noted(
              'a daemon that fails sends the error in its place, or inside it',
              rawOf(given, side, direction, contents),
            ),
          )
  }
}
