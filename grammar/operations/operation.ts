import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { expectEnds } from '../../combinators/ends.js'
import { type Gate, holds } from '../../combinators/gate.js'
import {
  type AnyGrammar,
  type Grammar,
  named,
  nodeOf,
  summarised,
  type TypeOf,
} from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { pure } from '../../combinators/structures/gated.js'
import { imap } from '../../combinators/structures/imap.js'
import { struct } from '../../combinators/structures/struct.js'
import type { ProtocolVersion } from '../../combinators/version.js'
import { sinceVersion } from '../../types/nix-gates.js'
import { Int } from '../integers.js'
import { StorePath } from '../store-paths.js'

/**
 * Who may call an operation: `any` client; only `trusted` clients; or any client, with some arguments `restricted` to
 * trusted ones.
 */
export type Trust = 'any' | 'trusted' | 'restricted'

/**
 * The content of a stream: the name of its grammar; or `Dump`, which is a Nar, or the bytes of the file if the method
 * is Flat or Text; or `Log`, the text of a build log.
 */
export type StreamContent = 'Nar' | 'AddMultipleToStore' | 'ExportPath' | 'ImportPaths' | 'Dump' | 'Log'

/**
 * A stream of bytes that belongs to an operation besides its request and its reply.
 *
 * | way | | |
 * | --- | --- | --- |
 * | `framed` | upload | frames after the request, concurrent with the log |
 * | `raw` | upload | plain bytes after the request, which find their own end |
 * | `raw` | download | plain bytes in place of the reply, which find their own end |
 * | `pulled` | upload | answers to `Read` messages of the log |
 * | `pushed` | download | `Write` messages of the log |
 */
export type Stream = UploadStream | DownloadStream

interface Carried {
  readonly gate: Gate
  readonly content: StreamContent
  /** Whether a daemon that refuses may leave it unread, and take it for operations then. Default: no. */
  readonly unread?: boolean
}

/** A stream from the client to the daemon. */
export interface UploadStream extends Carried {
  readonly direction: 'upload'
  readonly way: 'framed' | 'raw' | 'pulled'
}

/** A stream from the daemon to the client. */
export interface DownloadStream extends Carried {
  readonly direction: 'download'
  readonly way: 'raw' | 'pushed'
}

/** An error that is a reply: an error with this text in its message means this reply. */
export interface ErrorMeaning {
  readonly words: string
  readonly reply: unknown
}

/** Daemons that, since a release, answer with an error before they read the request, unless the gate holds. */
export interface UnreadSince {
  readonly release: string
  readonly unless: Gate
}

/** An operation of a table, with any types. */
export interface AnyOperation {
  /** The number that its requests begin with: an integer below 2^32. */
  readonly id: number
  readonly name: string
  /** One line of description for people. */
  readonly summary: string
  /** `obsolete`: daemons still have it, but clients no longer use it. `removed`: newer daemons reject it. */
  readonly status: 'current' | 'obsolete' | 'removed'
  /** The first version of the protocol that has it. */
  readonly since: ProtocolVersion
  /** The last release of Nix whose daemon has it; null if it is not removed. */
  readonly until: string | null
  /** The protocols that have it. */
  readonly gate: Gate
  /** The grammar of the request, after the id. */
  readonly request: AnyGrammar
  /** The grammar of the reply, after the `Last` message of the log: {@link Nothing}, {@link One}, or a value. */
  readonly reply: AnyGrammar
  /** Its streams, of which the first whose gate holds is used; empty if it has none. */
  readonly streams: ReadonlyArray<Stream>
  readonly trust: Trust
  /** An error that means a reply and not a failure; null if there is none. */
  readonly errorMeans: ErrorMeaning | null
  /** Daemons that must not be asked, since they leave the request unread; null if there are none. */
  readonly unreadSince: UnreadSince | null
  /**
   * The connection that a pool uses for it: one `shared` with other calls; its `own`, since it takes long; or `each`,
   * since it sets an option of a connection. An operation with a stream takes its own connection.
   */
  readonly connection: 'shared' | 'own' | 'each'
  /** Further information, such as restrictions for untrusted clients; may be empty. */
  readonly note: string
}

/** An operation with known types of request and reply. `Direction` is that of its streams; `never` if it has none. */
export interface Operation<Name extends string, Request, Reply, Direction extends Stream['direction'] = never>
  extends AnyOperation {
  readonly name: Name
  readonly request: Grammar<Request>
  readonly reply: Grammar<Reply>
  readonly streams: ReadonlyArray<Stream & { readonly direction: Direction }>
}

/** The required properties of an operation; the others have defaults. */
export type OperationEssentials = 'id' | 'name' | 'summary' | 'since' | 'request' | 'reply'

/**
 * Defines an operation for a table, such as one that only a fork has. The defaults are those of most operations:
 * current, for any client, without streams, from version `since` on.
 *
 * ```ts
 * import { feature, struct } from 'nix-wire'
 * import { operation, operations, StorePath, UInt64 } from 'nix-wire/grammar'
 *
 * const QueryClosureSize = operation({
 *   id: 4711,
 *   name: 'QueryClosureSize',
 *   summary: 'how much a path weighs with all it needs',
 *   since: '1.38',
 *   gate: feature('closure-size'),
 *   request: struct('QueryClosureSizeRequest', { path: StorePath }),
 *   reply: UInt64,
 * })
 * const table = { ...operations, QueryClosureSize }
 * table.QueryClosureSize.trust // => 'any'
 * ```
 *
 * The table is an option of the client, the server and the session decoder of `nix-wire/daemon`.
 *
 * @throws TypeError for a request or a reply that reads to the end of the message, since other messages follow it.
 */
export const operation = <
  const Name extends string,
  Request,
  Reply,
  Direction extends Stream['direction'] = never,
>(
  given: Pick<Operation<Name, Request, Reply>, OperationEssentials> &
    Partial<Omit<AnyOperation, OperationEssentials | 'streams'>> &
    Partial<Pick<Operation<Name, Request, Reply, Direction>, 'streams'>>,
): Operation<Name, Request, Reply, Direction> => {
  const { name, request, reply } = given
  expectEnds(`the request of ${name}`, nodeOf(`the request of ${name}`, request), 'other messages come')
  expectEnds(`the reply of ${name}`, nodeOf(`the reply of ${name}`, reply), 'other messages come')
  return Object.freeze({
    status: 'current',
    until: null,
    gate: sinceVersion(given.since),
    streams: [],
    trust: 'any',
    errorMeans: null,
    unreadSince: null,
    connection: 'shared',
    note: '',
    ...given,
  })
}

/** The stream of an operation under a protocol, if it has one. */
export const streamOf = ({ streams }: AnyOperation, given: Protocol): Stream | undefined =>
  streams.find(({ gate }) => holds(gate, given))

/**
 * No bytes: the reply of an operation that has none.
 *
 * ```ts
 * import { compile } from 'nix-wire'
 * import { Nothing } from 'nix-wire/grammar'
 *
 * compile(Nothing).decode(new Uint8Array(0)) // => { _tag: 'Right', right: undefined }
 * ```
 *
 * Encoding: `Unrepresentable` for any value but `undefined`.
 */
export const Nothing: Grammar<undefined> = summarised('no bytes', named('Nothing', pure(undefined)))

/**
 * The integer 1: the reply of an operation that only says that it is done. The compatible profile accepts any
 * integer; the canonical profile accepts only 1.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { One } from 'nix-wire/grammar'
 *
 * compile(One).decode(bytesOf('0100000000000000')) // => { _tag: 'Right', right: undefined }
 * compile(One).encode(undefined) // => { _tag: 'Right', right: bytesOf('0100000000000000') }
 * ```
 *
 * Issues: those of Int, `NotCanonical`.
 */
export const One: Grammar<undefined> = summarised(
  'the integer 1, ignored',
  named(
    'One',
    imap(
      Int,
      (): Either<string, undefined> => right(undefined),
      (value) => (value === undefined ? right(1) : left('nothing (undefined)')),
    ),
  ),
)

const noForm = 'an operation with a documented form'

/** @internal An undocumented form, of versions that nobody speaks; it has no values. */
export const UnknownForm: Grammar<never> = summarised(
  'not documented anywhere',
  named(
    'UnknownForm',
    imap(
      pure(null),
      (): Either<string, never> => left(noForm),
      () => left(noForm),
    ),
  ),
)

/** A request without arguments. */
export type NoArguments = Readonly<Record<never, never>>

/** @internal */
export const noArguments = (name: string): Grammar<NoArguments> => struct(`${name}Request`, {})

const ByPath = struct('PathRequest', { path: StorePath })

/** A request that names one store path. */
export interface PathRequest extends TypeOf<typeof ByPath> {}

/** @internal */
export const byPath = (name: string): Grammar<PathRequest> => named(`${name}Request`, ByPath)

/** Whether a request takes no arguments. */
export const takesNoArguments = ({ request }: AnyOperation): boolean =>
  request.node._tag === 'struct' && request.node.fields.length === 0

/** Whether a reply has a value: it is neither {@link Nothing} nor {@link One}. */
export const hasReply = ({ reply }: AnyOperation): boolean => reply !== Nothing && reply !== One
