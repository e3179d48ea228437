import { isLeft } from 'fp-ts/lib/Either.js'
import type { Protocol } from '../../combinators/protocol.js'
import { LogMessage } from '../../grammar/logging.js'
import { type Codec, compile } from '../../interpreters/compile/index.js'
import { TolerantReading } from '../../interpreters/dissect/index.js'
import type { SessionMessage } from '../../session/events.js'
import { messagePhrase } from '../../session/phrases.js'
import { type Item, itemOf, rowMentions, type Shown, type Span, type Tone } from './item.js'
import { startedBy } from './nearest.js'
import { Pieces } from './pieces.js'
import { detailsOf, longestInRow, plainInRow } from './plain-text.js'
import { countOf } from './value-text.js'

/** The ranges of the messages of a log, and where the log ends. */
export interface LogRanges {
  readonly ranges: ReadonlyArray<readonly [start: number, end: number]>
  /** The number of messages before the last one. */
  readonly messages: number
  /** Where the error stands that ends it, once or twice. */
  readonly errors: ReadonlyArray<readonly [start: number, end: number]>
  readonly next: number
  /** Whether the log is complete. */
  readonly ended: boolean
}

/** Reads a log up to `Last` or an error, within a range of bytes. */
export const logRanges = (
  bytes: Uint8Array,
  start: number,
  end: number,
  given: Partial<Protocol>,
): LogRanges => {
  const codec = logCodec(given)
  const within = bytes.subarray(0, end)
  const ranges: Array<readonly [number, number]> = []
  const errors: Array<readonly [number, number]> = []
  let messages = 0
  for (let at = start; at < end; ) {
    const read = codec.decodeAt(within, at)
    const found = isLeft(read) ? tolerantly(within, at, given) : read.right
    if (found === null) {
      return { ranges, messages, errors, next: at, ended: false }
    }
    const { value, next } = found
    const isError = value._tag === 'Error'
    ;(isError ? errors : ranges).push([at, next])
    messages += value._tag === 'Last' || isError ? 0 : 1
    at = next
    if (value._tag === 'Last') {
      return { ranges, messages, errors, next: at, ended: true }
    }
  }
  return { ranges, messages, errors, next: end, ended: true }
}

/** The codec for log messages, which all rows of a session share. */
const logCodec = (given: Partial<Protocol>): Codec<LogMessage> => {
  const protocol = JSON.stringify(given)
  if (latest?.protocol !== protocol) {
    latest = { protocol, codec: compile(LogMessage, given) }
  }
  return latest.codec
}

let latest: { readonly protocol: string; readonly codec: Codec<LogMessage> } | null = null

/** A message with an issue, if its end is known nevertheless. */
const tolerantly = (
  bytes: Uint8Array,
  at: number,
  given: Partial<Protocol>,
): { readonly value: LogMessage; readonly next: number } | null => {
  const reading = new TolerantReading(LogMessage, given)
  const read = reading.next(bytes.subarray(at), true)
  return read === null || isLeft(read) ? null : { value: read.right, next: at + reading.taken }
}

/** What comes of the daemon before a reply: the log, and the error that it may end with. */
export const logItems = (
  bytes: Uint8Array,
  log: LogRanges,
  given: Partial<Protocol>,
): ReadonlyArray<Item> => [
  ...(log.ranges.length > 0 ? [logItem(bytes, log, given)] : []),
  ...log.errors.map((range) => messageItem(bytes, range, given)),
]

/** A log as one item whose children are its messages, each made on demand. */
const logItem = (bytes: Uint8Array, { ranges, messages }: LogRanges, given: Partial<Protocol>): Item => {
  const made = new Map<number, Item>()
  const child = (index: number): Item => {
    const item = made.get(index) ?? messageItem(bytes, ranges[index] as readonly [number, number], given)
    made.set(index, item)
    return item
  }
  const [first, last] = [ranges[0], ranges.at(-1)]
  const spans: ReadonlyArray<Span> =
    first === undefined || last === undefined ? [] : [{ stream: 1, start: first[0], end: last[1] }]
  const value = countOf(messages, 'message')
  const shown: Shown = {
    kind: 'group',
    name: 'log',
    grammar: '',
    about: '',
    value,
    when: '',
    tone: 'note',
    flaw: '',
    spans,
  }
  return {
    ...shown,
    count: ranges.length,
    child,
    childAt: (stream, offset) => {
      const index = startedBy(ranges.length, (at) => (ranges[at] as readonly [number, number])[0], offset) - 1
      return stream === 1 && offset < (ranges[index]?.[1] ?? 0) ? index : null
    },
    telling: () => null,
    mentions: (text) => rowMentions(shown, text) || ranges.some((_, index) => child(index).mentions(text)),
    details: (all) => detailsOf(value, all),
  }
}

const messageItem = (bytes: Uint8Array, range: readonly [number, number], given: Partial<Protocol>): Item => {
  const pieces = new Pieces(bytes, 1, range, given)
  const message = pieces.take('', LogMessage)?.value
  const [name, value, tone] = told(message)
  const part = pieces.items[0]
  return itemOf({
    kind: 'message',
    name,
    value,
    tone,
    spans: [{ stream: 1, start: range[0], end: range[1] }],
    details: () => part?.details(true).text ?? '',
    children: () => Array.from({ length: part?.count ?? 0 }, (_, index) => (part as Item).child(index)),
  })
}

const told = (message: LogMessage | undefined): readonly [name: string, value: string, tone: Tone] => {
  if (message === undefined) {
    return ['message', 'not readable', 'wrong']
  }
  switch (message._tag) {
    case 'Last':
      return ['Last', 'the log is over', 'note']
    case 'Error':
      return ['Error', plainInRow(message.error.msg), 'wrong']
    case 'Write':
      return ['Write', phrase({ _tag: 'Write', size: message.data.length }), 'plain']
    default:
      return [message._tag, phrase(message), 'plain']
  }
}

const phrase = (message: SessionMessage): string => plainInRow(messagePhrase(message, longestInRow))
