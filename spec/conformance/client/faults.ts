import { listOf, lowBits, paddedBytes, struct, u64, utf8 } from '../../../combinators/index.js'
import { ProtocolVersion } from '../../../grammar/integers.js'
import type { NixReader } from '../../../stream/nix-reader.js'
import { type Mistakes, reading } from './small-client.js'

/** A mistake in a copy of a client, and the beginning of the identifiers of cases that must show it. */
export interface Fault extends Mistakes {
  readonly what: string
  readonly tries: string
}

const number = reading(u64)

/** A byte string whose padding is not looked at. */
const unpadded = async (reader: NixReader): Promise<void> => {
  for (let words = (Number(await number(reader)) + 7) >> 3; words > 0; words--) {
    await number(reader)
  }
}

const unpaddedList = async (reader: NixReader): Promise<void> => {
  for (let left = await number(reader); left > 0n; left--) {
    await unpadded(reader)
  }
}

const last = 0x616c7473n

/** Looks for the end of the log, and passes over all else. */
const searching = async (reader: NixReader): Promise<unknown> => {
  for (;;) {
    if ((await number(reader)) === last) {
      return { _tag: 'Last' }
    }
  }
}

/** Reads what it knows, and passes over tags that it does not. */
const passing = async (reader: NixReader): Promise<unknown> => {
  const bodies = new Map<bigint, (reader: NixReader) => Promise<unknown>>([[0x6f6c6d67n, reading(utf8)]])
  for (;;) {
    const tag = await number(reader)
    if (tag === last) {
      return { _tag: 'Last' }
    }
    await bodies.get(tag)?.(reader)
  }
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

export const faults: ReadonlyArray<Fault> = [
  {
    what: 'any number is a bool',
    tries: '2.IsValidPath.reply',
    validity: number,
  },
  {
    what: 'padding is not checked',
    tries: '2.QueryReferrers.reply',
    referrers: unpaddedList,
  },
  {
    what: 'only 32 bits of a count are read',
    tries: '2.QueryReferrers.reply',
    referrers: reading(listOf(utf8, { count: lowBits(32) })),
  },
  {
    what: 'any text is a store path',
    tries: '2.QueryReferrers.reply',
    referrers: reading(listOf(utf8)),
  },
  {
    what: 'what a path info says is not looked at',
    tries: '2.QueryPathInfo.reply',
    pathInfo: async (reader) => ((await number(reader)) === 0n ? null : reading(rawInfo)(reader)),
  },
  {
    what: 'any number is the magic of a server',
    tries: '2.handshake.hello',
    hello: struct('Hello', { magic: u64, version: ProtocolVersion }) as never,
  },
  {
    what: 'the padding of a feature is not checked',
    tries: '2.handshake.daemonFeatures',
    features: unpaddedList,
  },
  {
    what: 'any number says whether the server trusts it',
    tries: '2.handshake.info',
    info: reading(struct('Info', { version: paddedBytes, trusts: u64 })),
  },
  {
    what: 'it looks for the end of the log and at nothing else',
    tries: '3.',
    log: searching,
  },
  {
    what: 'it passes over log messages that it does not know',
    tries: '3.Next',
    log: passing,
  },
  {
    what: 'it passes over what comes behind an answer',
    tries: '2.IsValidPath.reply@1.38.nothing-behind-it',
    log: searching,
  },
  {
    what: 'an error is as good as an answer',
    tries: '4.error',
    bears: 'errors',
  },
  {
    what: 'the end of a connection is the end of an answer',
    tries: '2.',
    bears: 'ends',
  },
]
