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
 * Who may ask: `any` client; only `trusted` ones; or any, with some arguments `restricted` to trusted ones.
 */
export type Trust = 'any' | 'trusted' | 'restricted'

/**
 * What a stream carries: the name of its grammar; or `Dump`, a Nar, or where the method is Flat or Text the bytes of
 * the file; or `Log`, the text of a build log.
 */
export type StreamContent = 'Nar' | 'AddMultipleToStore' | 'ExportPath' | 'ImportPaths' | 'Dump' | 'Log'

/**
 * Bytes that belong to an operation beyond its request and its reply.
 *
 * | way | | |
 * | --- | --- | --- |
 * | `framed` | upload | frames behind the request, while the log flows already |
 * | `raw` | upload | behind the request, as it is; it ends itself |
 * | `raw` | download | in place of the reply, as it is; it ends itself |
 * | `pulled` | upload | in answer to `Read` messages of the log |
 * | `pushed` | download | in `Write` messages of the log |
 */
export type Stream = UploadStream | DownloadStream

interface Carried {
  readonly gate: Gate
  readonly content: StreamContent
  /** Whether a daemon that refuses may leave it unread, and take it for operations then. Default: no. */
  readonly unread?: boolean
}

/** What a client says. */
export interface UploadStream extends Carried {
  readonly direction: 'upload'
  readonly way: 'framed' | 'raw' | 'pulled'
}

/** What a daemon says. */
export interface DownloadStream extends Carried {
  readonly direction: 'download'
  readonly way: 'raw' | 'pushed'
}

/** An error that is an answer: one whose message has these words means this reply. */
export interface ErrorMeaning {
  readonly words: string
  readonly reply: unknown
}

/** Daemons since a release that answer an error before they read the request, unless the gate holds. */
export interface UnreadSince {
  readonly release: string
  readonly unless: Gate
}

/** What a table tells of an operation, whatever its types. */
export interface AnyOperation {
  /** What a request begins with, an integer below 2^32. */
  readonly id: number
  readonly name: string
  /** One line for people. */
  readonly summary: string
  /** `obsolete`: daemons still answer, clients no longer ask; `removed`: newer daemons refuse. */
  readonly status: 'current' | 'obsolete' | 'removed'
  /** The first version of the protocol that has it. */
  readonly since: ProtocolVersion
  /** The last release of Nix whose daemon has it; null for those that are not removed. */
  readonly until: string | null
  /** Which protocols have it. */
  readonly gate: Gate
  /** What follows the id. */
  readonly request: AnyGrammar
  /** What follows the `Last` message of the log: {@link Nothing}, {@link One}, or a value. */
  readonly reply: AnyGrammar
  /** The first whose gate holds is the one; none where there is no stream. */
  readonly streams: ReadonlyArray<Stream>
  readonly trust: Trust
  /** What an error of the daemon means instead of a failure; null: nothing. */
  readonly errorMeans: ErrorMeaning | null
  /** Which daemons must not be asked, since they leave the request unread; null: all may be. */
  readonly unreadSince: UnreadSince | null
  /**
   * Which connection of several asks it: one that others `shared` at the same time; one of its `own`, since it takes long;
   * or `each`, since it sets something of a connection. What has a stream takes one of its own.
   */
  readonly connection: 'shared' | 'own' | 'each'
  /** What else to know, such as what an untrusted client may not ask; empty where there is nothing. */
  readonly note: string
}

/** An operation whose request and reply have known types, and that may have streams in some direction or in none. */
export interface Operation<Name extends string, Request, Reply, Direction extends Stream['direction'] = never>
  extends AnyOperation {
  readonly name: Name
  readonly request: Grammar<Request>
  readonly reply: Grammar<Reply>
  readonly streams: ReadonlyArray<Stream & { readonly direction: Direction }>
}

/** What every operation has to say of itself; the rest has defaults. */
export type OperationEssentials = 'id' | 'name' | 'summary' | 'since' | 'request' | 'reply'

/**
 * An operation of a table, such as a fork's own: what is left out is what most have in common (current, for anybody,
 * without streams, from version `since` on).
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
 * @throws TypeError for a request or a reply that goes to the end of the message: a connection goes on after it.
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

/** The stream of an operation under a protocol, where it has one. */
export const streamOf = ({ streams }: AnyOperation, given: Protocol): Stream | undefined =>
  streams.find(({ gate }) => holds(gate, given))

/**
 * No bytes: what an operation without a reply has behind its log.
 *
 * ```ts
 * import { compile } from 'nix-wire'
 * import { Nothing } from 'nix-wire/grammar'
 *
 * compile(Nothing).decode(new Uint8Array(0)) // => { _tag: 'Right', right: undefined }
 * ```
 *
 * Issues: encoding: `Unrepresentable` for any other value.
 */
export const Nothing: Grammar<undefined> = summarised('no bytes', named('Nothing', pure(undefined)))

/**
 * The integer 1, which says no more than that an operation is done. Any other is passed over; the canonical profile
 * refuses it.
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

const noForm = 'an operation whose form is known'

/** @internal What is not written down anywhere, and belongs to versions that nobody speaks; it has no values. */
export const UnknownForm: Grammar<never> = summarised(
  'not written down anywhere',
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
