import { right } from 'fp-ts/lib/Either.js'
import { imap, listOf, lowBits, paddedBytes, struct, tagged, u64, utf8 } from '../../../combinators/index.js'
import type { AnyGrammar } from '../../../combinators/node.js'
import { Error as ErrorPayload } from '../../../grammar/error.js'
import { ProtocolVersion } from '../../../grammar/integers.js'
import { LogFields, LogMessage } from '../../../grammar/logging.js'
import type { OperationName } from '../../../grammar/operations/table.js'
import type { CopiedClient, Mistake } from './copied-client.js'

/** A grammar of a client: a reply, or what a module exports. */
type Place = OperationName | readonly [file: string, name: string]

/** A mistake in a copy of our client, and the beginning of the identifiers of cases that must show it. */
export interface Fault {
  readonly what: string
  readonly tries: string
  readonly mistake?: Mistake
  /** The grammar that it reads instead. */
  readonly reads?: readonly [place: Place, grammar: AnyGrammar]
}

const rawInfo = struct('Info', {
  deriver: paddedBytes,
  narHash: paddedBytes,
  references: listOf(paddedBytes),
  registrationTime: u64,
  narSize: u64,
  ultimate: u64,
  signatures: listOf(paddedBytes),
  ca: paddedBytes,
})

/** Log messages, read without using them. */
const anyLog = tagged('_tag', u64, {
  Next: [0x6f6c6d67, { text: paddedBytes }],
  Last: [0x616c7473, {}],
  Error: [0x63787470, { error: ErrorPayload }],
  StartActivity: [
    0x53545254,
    {
      id: u64,
      level: u64,
      type: u64,
      text: paddedBytes,
      fields: LogFields,
      parent: u64,
    },
  ],
  StopActivity: [0x53544f50, { id: u64 }],
  Result: [0x52534c54, { id: u64, type: u64, fields: LogFields }],
})

const logMessage = ['grammar/logging.ts', 'LogMessage'] as const

export const faults: ReadonlyArray<Fault> = [
  { what: 'any number is a bool', tries: '2.IsValidPath.reply', reads: ['IsValidPath', u64] },
  { what: 'the padding of a path is not checked', tries: '2.QueryDeriver.reply', mistake: 'padding' },
  {
    what: 'the padding of a feature is not checked',
    tries: '2.handshake.daemonFeatures',
    mistake: 'padding',
  },
  {
    what: 'only 32 bits of a count are read',
    tries: '2.QueryReferrers.reply',
    reads: ['QueryReferrers', listOf(utf8, { count: lowBits(32) })],
  },
  {
    what: 'any text is a store path',
    tries: '2.QueryAllValidPaths.reply',
    reads: ['QueryAllValidPaths', listOf(utf8)],
  },
  {
    what: 'what a path info says is not looked at',
    tries: '2.QueryPathInfo.reply',
    reads: ['QueryPathInfo', struct('Found', { isThere: u64, info: rawInfo })],
  },
  {
    what: 'any bytes are the path of a deriver',
    tries: '2.QueryDeriver.reply',
    reads: ['QueryDeriver', paddedBytes],
  },
  {
    what: 'any number is the magic of a server',
    tries: '2.handshake.hello',
    reads: [
      ['grammar/handshake.ts', 'ServerHello'],
      struct('Hello', { magic: u64, version: ProtocolVersion }),
    ],
  },
  {
    what: 'any number says whether the server trusts it',
    tries: '2.handshake.info',
    reads: [
      ['grammar/client-handshake-info.ts', 'ClientHandshakeInfo'],
      struct('Info', { version: paddedBytes, trusts: u64 }),
    ],
  },
  {
    what: 'any number is the level of an activity',
    tries: '3.StartActivity',
    reads: [logMessage, anyLog],
  },
  {
    what: 'it passes over what comes behind an answer',
    tries: '2.IsValidPath.reply@1.38.nothing-behind-it',
    mistake: 'behind',
  },
  {
    what: 'an error is as good as an answer',
    tries: '4.error',
    reads: [
      logMessage,
      imap(
        LogMessage,
        (said) => right<string, LogMessage>(said._tag === 'Error' ? { _tag: 'Last' } : said),
        (said) => right(said),
      ),
    ],
  },
  { what: 'the end of a connection is the end of an answer', tries: '2.NarFromPath.log', mistake: 'ends' },
]

/** Plants a fault. */
export const planted = async (copy: CopiedClient, { mistake, reads }: Fault): Promise<void> => {
  const grammars = new Map<AnyGrammar, AnyGrammar>()
  if (reads !== undefined) {
    const [place, grammar] = reads
    const [file, name] = typeof place === 'string' ? ['grammar/operations/table.ts', 'operations'] : place
    const found = (await copy.module(file))[name]
    const own =
      typeof place === 'string'
        ? (found as { readonly [N in Place & string]: { reply: AnyGrammar } })[place].reply
        : found
    grammars.set(own as AnyGrammar, grammar)
  }
  copy.plant(mistake ?? null, grammars)
}
