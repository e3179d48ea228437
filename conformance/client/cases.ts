import { joined } from '../../bytes/joined.js'
import type { Grammar } from '../../combinators/node.js'
import type { ProtocolVersion } from '../../combinators/version.js'
import { ClientHandshakeInfo } from '../../grammar/client-handshake-info.js'
import { FeatureList, ServerHello } from '../../grammar/handshake.js'
import { LogMessage } from '../../grammar/logging.js'
import { operations } from '../../grammar/operations/table.js'
import { type Breaking, brokenMessages, firstOfEach } from '../daemon/breaking.js'
import { encoded, numberBytes } from '../daemon/bytes.js'
import { slug } from '../daemon/sections/make.js'
import type { Case, Outcome } from './case.js'
import { errorSample, logSamples } from './logs.js'
import type { Word } from './passage.js'

const refuses: ReadonlyArray<Outcome> = ['refuses', 'leaves']

/** A server of a version that makes no mistake. */
export const unbroken = (version: ProtocolVersion): Case => ({
  id: `1.unbroken@${version}`,
  section: 1,
  title: `a server of ${version} without a mistake`,
  version,
  spoil: null,
  allows: ['takes'],
})

const words = new Map<string, object>(
  Object.entries({
    hello: ServerHello,
    daemonFeatures: FeatureList,
    info: ClientHandshakeInfo,
    log: LogMessage,
  }),
)

const grammarOf = ({ key, operation }: Word): Grammar<unknown> | null => {
  const found = key === 'reply' && operation !== null ? operations[operation].reply : words.get(key)
  return (found as Grammar<unknown> | undefined) ?? null
}

const anyLog = LogMessage as object as Grammar<unknown>

/** Bytes that are invalid as a length, a tag or a count: a client that reads them notices the mistake. */
const stray = numberBytes(2n ** 64n - 2n)

/** Each kind of message with one rule broken, and each with stray bytes after it. */
const wordCases = (
  version: ProtocolVersion,
  heard: ReadonlyArray<Word>,
  breaking: Breaking,
): ReadonlyArray<Case> => {
  const broken = new Map<string, number>()
  return firstOfEach(heard, ({ label }) => label).flatMap((word): ReadonlyArray<Case> => {
    const { label, value, bytes } = word
    const grammar = grammarOf(word)
    const base = { section: 2, version, allows: refuses } as const
    const id = (what: string) => `2.${label}@${version}.${slug(what)}`
    const own = grammar === null ? [] : brokenMessages(grammar, word.protocol, value, breaking, broken)
    const cases = own.map((each) => ({
      ...base,
      id: id(each.rule),
      title: `${label}: ${each.rule}`,
      spoil: { label, bytes: each.bytes, ends: each.isCut },
    }))
    const at = heard.indexOf(word)
    // Stray bytes after the last message need not be read, and those in the handshake could be a part of it.
    return at === heard.length - 1 || word.operation === null
      ? cases
      : [
          ...cases,
          {
            ...base,
            id: id('nothing behind it'),
            title: `${label}: nothing behind it`,
            spoil: { label, bytes: joined([bytes, stray]), ends: false },
          },
        ]
  })
}

/** The place of added log messages: before the `Last` of the client's first request. */
const logEnd = (heard: ReadonlyArray<Word>): Word | null => {
  const ends = heard.filter(
    ({ key, value, operation }) =>
      operation !== null && key === 'log' && (value as LogMessage)._tag === 'Last',
  )
  return ends.find(({ operation }) => operation !== 'SetOptions') ?? ends[0] ?? null
}

/** Log messages that every client must read, and the same with one rule broken. */
const logCases = (version: ProtocolVersion, end: Word, breaking: Breaking): ReadonlyArray<Case> => {
  const { label, bytes, protocol } = end
  const samples = logSamples(protocol)
  const all = samples.map((each) => encoded(LogMessage, protocol, each))
  const broken = new Map<string, number>()
  const base = { section: 3, version } as const
  return [
    {
      ...base,
      id: `3.log@${version}`,
      title: 'log messages in front of an answer',
      spoil: { label, bytes: joined([...all, bytes]), ends: false },
      allows: ['takes'],
    },
    ...samples.flatMap((message, at) =>
      brokenMessages(anyLog, protocol, message, breaking, broken).map(
        (each): Case => ({
          ...base,
          id: `3.${message._tag}@${version}.${slug(each.rule)}`,
          title: `${message._tag} in front of an answer: ${each.rule}`,
          spoil: {
            label,
            bytes: joined([
              ...all.slice(0, at),
              each.bytes,
              ...(each.isCut ? [] : [...all.slice(at + 1), bytes]),
            ]),
            ends: each.isCut,
          },
          allows: refuses,
        }),
      ),
    ),
  ]
}

/** An error in place of a reply, valid and broken: a client that exits with 0 has not understood it. */
const errorCases = (version: ProtocolVersion, end: Word, breaking: Breaking): ReadonlyArray<Case> => {
  const { label, protocol } = end
  const base = { section: 4, version, allows: refuses } as const
  return [
    {
      ...base,
      id: `4.error@${version}`,
      title: 'an error in the place of an answer',
      spoil: { label, bytes: encoded(LogMessage, protocol, errorSample), ends: false },
    },
    ...brokenMessages(anyLog, protocol, errorSample, breaking, new Map()).map((each) => ({
      ...base,
      id: `4.error@${version}.${slug(each.rule)}`,
      title: `an error in the place of an answer: ${each.rule}`,
      spoil: { label, bytes: each.bytes, ends: each.isCut },
    })),
  ]
}

/** The cases with a mistake, made from the messages of a server without one. */
export const brokenCases = (
  version: ProtocolVersion,
  heard: ReadonlyArray<Word>,
  breaking: Breaking,
): ReadonlyArray<Case> => {
  const end = logEnd(heard)
  return [
    ...wordCases(version, heard, breaking),
    ...(end === null ? [] : [...logCases(version, end, breaking), ...errorCases(version, end, breaking)]),
  ]
}
