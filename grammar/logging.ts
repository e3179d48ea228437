import { type Grammar, grammarOf, named, summarised } from '../combinators/node.js'
import { paddedBytes } from '../combinators/primitives/bytes.js'
import { limited } from '../combinators/primitives/text.js'
import { refine } from '../combinators/structures/imap.js'
import { listOf } from '../combinators/structures/sequence.js'
import { tagged } from '../combinators/structures/tagged.js'
import { determinate } from './determinate.js'
import { ActivityType, DeterminateResultType, ResultType, Verbosity } from './enums.js'
import { Error as ErrorPayload } from './error.js'
import { Field } from './field.js'
import { byProtocol } from './gated.js'
import { Int, Size } from './integers.js'
import { Bytes, UInt64 } from './primitives.js'
import { Text } from './strings.js'

/**
 * The fields of an activity or a result: a count below 2^32, and the fields.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { LogFields } from 'nix-wire/grammar'
 *
 * compile(LogFields).decode(bytesOf('0100000000000000 0000000000000000 0700000000000000'))
 * // => { _tag: 'Right', right: [{ type: 'Int', value: 7n }] }
 * ```
 *
 * Versions: 1.20 and above. Issues: those of Field, `LimitExceeded`, `OutOfRange`. Source: logging.
 */
export const LogFields: Grammar<ReadonlyArray<Field>> = summarised(
  'the fields of a log message',
  named('LogFields', listOf(Field, { count: Int })),
)

/** A line for people. */
export interface LogNext {
  readonly _tag: 'Next'
  /** The text, which the daemon ends with a newline. */
  readonly text: string
}

/** The daemon asks for bytes of an upload. */
export interface LogRead {
  readonly _tag: 'Read'
  /** The most bytes that it takes. */
  readonly wanted: number
}

/** The daemon sends bytes of a download. */
export interface LogWrite {
  readonly _tag: 'Write'
  readonly data: Uint8Array
}

/** The operation is done, and its reply follows. */
export interface LogLast {
  readonly _tag: 'Last'
}

/** The operation failed, and no reply follows. */
export interface LogError {
  readonly _tag: 'Error'
  readonly error: ErrorPayload
}

/** An activity begins: something that takes a while. */
export interface LogStartActivity {
  readonly _tag: 'StartActivity'
  readonly id: bigint
  readonly level: Verbosity
  readonly type: ActivityType
  readonly text: string
  /** Their meaning depends on `type`: see {@link activityFields}. */
  readonly fields: ReadonlyArray<Field>
  /** The activity that this one is part of; 0 if there is none. */
  readonly parent: bigint
}

/** An activity ends. */
export interface LogStopActivity {
  readonly _tag: 'StopActivity'
  readonly id: bigint
}

/** A result of an activity, such as its progress. */
export interface LogResult {
  readonly _tag: 'Result'
  readonly id: bigint
  readonly type: ResultType | DeterminateResultType
  /** Their meaning depends on `type`: see {@link resultFields}. */
  readonly fields: ReadonlyArray<Field>
}

export type LogMessage =
  | LogNext
  | LogRead
  | LogWrite
  | LogLast
  | LogError
  | LogStartActivity
  | LogStopActivity
  | LogResult

type AnyResultType = LogResult['type']

// When writing, each rejects the names of the other.
const ResultTypes: Grammar<AnyResultType> = byProtocol<AnyResultType>(
  [[determinate, grammarOf(DeterminateResultType.node)]],
  grammarOf(ResultType.node),
)

/** @internal Features under which a message can be written, whatever it was read under. */
export const featuresOfMessage = (message: LogMessage): ReadonlyArray<string> =>
  message._tag === 'Result' && (message.type === 'HashMismatch' || message.type === 'BuildResult')
    ? ['queryActiveBuilds']
    : []

/**
 * A message of the daemon between a request and its reply. Any number of messages come; the last one is `Last`, after
 * which the reply follows, or `Error`, after which nothing follows.
 *
 * | message | tag | body | |
 * | --- | --- | --- | --- |
 * | Next | 0x6f6c6d67 | text | |
 * | Read | 0x64617461 | wanted | the client answers with {@link readReply}; below 1.23 |
 * | Write | 0x64617416 | data | ExportPath only |
 * | Last | 0x616c7473 | | |
 * | Error | 0x63787470 | Error | its form depends on the version |
 * | StartActivity | 0x53545254 | id, level, type, text, fields, parent | 1.20 and above |
 * | StopActivity | 0x53544f50 | id | 1.20 and above |
 * | Result | 0x52534c54 | id, type, fields | 1.20 and above |
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { LogMessage } from 'nix-wire/grammar'
 *
 * compile(LogMessage).decode(bytesOf('676d6c6f00000000 0300000000000000 68690a0000000000'))
 * // => { _tag: 'Right', right: { _tag: 'Next', text: 'hi\n' } }
 * compile(LogMessage).decode(bytesOf('504f545300000000 0700000000000000'))
 * // => { _tag: 'Right', right: { _tag: 'StopActivity', id: 7n } }
 * ```
 *
 * Ids may exceed 2^53. Messages also come while a client uploads: it must read them, or both sides wait forever.
 * Versions: all; the table says in which versions a message is sent, but all are accepted in every version. Issues:
 * `UnknownTag`, those of the bodies. Source: logging, which has no body for StopActivity.
 */
export const LogMessage: Grammar<LogMessage> = summarised(
  'a message of the daemon during an operation',
  named(
    'LogMessage',
    tagged('_tag', UInt64, {
      Next: [0x6f6c6d67, { text: Text }],
      Read: [0x64617461, { wanted: Size }],
      Write: [0x64617416, { data: Bytes }],
      Last: [0x616c7473, {}],
      Error: [0x63787470, { error: ErrorPayload }],
      StartActivity: [
        0x53545254,
        {
          id: UInt64,
          level: Verbosity,
          type: ActivityType,
          text: Text,
          fields: LogFields,
          parent: UInt64,
        },
      ],
      StopActivity: [0x53544f50, { id: UInt64 }],
      Result: [0x52534c54, { id: UInt64, type: ResultTypes, fields: LogFields }],
    }),
  ),
)

/**
 * The answer of a client to a `Read` message: at least one byte, and at most `wanted` bytes. The daemon takes an
 * empty answer as the end of the client's input.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { readReply } from 'nix-wire/grammar'
 *
 * compile(readReply(4)).decode(bytesOf('0200000000000000 6869000000000000'))
 * // => { _tag: 'Right', right: new Uint8Array([0x68, 0x69]) }
 * compile(readReply(1)).decode(bytesOf('0200000000000000 6869000000000000'))._tag // => 'Left'
 * ```
 *
 * Versions: below 1.23. Issues: those of Bytes, `LimitExceeded` for more bytes than `wanted`, `InvalidValue` for no
 * bytes. Source: logging, which has bytes without a length here.
 *
 * @throws RangeError for an invalid length.
 */
export const readReply = (wanted: number): Grammar<Uint8Array> =>
  summarised(
    'bytes that the daemon asked for',
    named(
      'ReadReply',
      refine(limited(wanted, paddedBytes), 'at least one byte', ({ length }) => length > 0),
    ),
  )
