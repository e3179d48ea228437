import { isSome, none, type Option, some } from 'fp-ts/lib/Option.js'
import type { AnyOperation, Stream } from '../../grammar/operations/operation.js'
import { Carrier, readFrames } from './carrier.js'
import { readContent } from './content.js'
import type { Conversation } from './conversation.js'
import { errorHere, isRepeated, readReply } from './ending.js'
import type { ContentSummary, Side, StreamSummary } from './events.js'
import type { Feed } from './feed.js'
import { guess } from './guess.js'
import { readLog } from './logs.js'
import type { Opened } from './opened.js'
import { beneath, both, orBreak, settled, type Talk } from './talk.js'

/** Reads what follows the request of an operation that has a stream. */
export function* readWithStream(opened: Opened, operation: AnyOperation, stream: Stream): Talk<boolean> {
  const { talk, log } = opened
  const read = (feed: Feed): Talk<ContentSummary> =>
    readContent(feed, stream.content, isFileDump(opened.request), talk)
  switch (stream.way) {
    case 'framed': {
      const carrier = new Carrier(stream, read)
      const [uploaded, logged] = yield* both(
        beneath(['upload'], readFrames(talk.client, talk.plans, carrier)),
        readLog(talk, log, null, null),
      )
      // A daemon that breaks off leaves the upload cut: its last words come first.
      if (uploaded._tag === 'Broken' && logged._tag === 'Done' && isSome(log.error)) {
        opened.end({ outcome: 'error', error: log.error, stream: some(carrier.summary) })
      }
      orBreak(uploaded)
      reportContent(talk, 'client', carrier)
      orBreak(logged)
      return yield* readReply(opened, operation, some(carrier.summary))
    }
    case 'pulled':
    case 'pushed': {
      const carrier = new Carrier(stream, read)
      const isPulled = stream.way === 'pulled'
      const logged = yield* settled(readLog(talk, log, isPulled ? carrier : null, isPulled ? null : carrier))
      carrier.end()
      orBreak(logged)
      if (!isSome(log.error)) {
        reportContent(talk, isPulled ? 'client' : 'server', carrier)
      }
      return yield* readReply(opened, operation, some(carrier.summary))
    }
    case 'raw':
      return yield* stream.direction === 'upload'
        ? rawUpload(opened, operation, stream, read)
        : rawDownload(opened, stream, read)
  }
}

function* rawUpload(
  opened: Opened,
  operation: AnyOperation,
  stream: Stream,
  read: (feed: Feed) => Talk<ContentSummary>,
): Talk<boolean> {
  const { talk, log } = opened
  const start = talk.client.offset
  const [uploaded, logged] = yield* both(
    beneath(['upload'], read(talk.client)),
    readLog(talk, log, null, null),
  )
  if (uploaded._tag === 'Broken' && logged._tag === 'Done' && isSome(log.error)) {
    opened.end({ outcome: 'error', error: log.error })
  }
  const content = orBreak(uploaded)
  orBreak(logged)
  return yield* readReply(opened, operation, some(rawSummary(stream, talk.client.offset - start, content)))
}

/** The archive stands where a reply would; where the daemon fails it says so in the middle of it. */
function* rawDownload(
  opened: Opened,
  stream: Stream,
  read: (feed: Feed) => Talk<ContentSummary>,
): Talk<boolean> {
  const { talk, log } = opened
  yield* readLog(talk, log, null, null)
  if (isSome(log.error)) {
    return yield* readReply(opened, null, none)
  }
  const { server } = talk
  const start = server.offset
  const downloaded = yield* settled(beneath(['download'], read(server)))
  if (downloaded._tag === 'Broken') {
    const { issue } = downloaded.by
    const said = server.offset === issue.offset ? yield* errorHere(talk) : none
    if (isSome(said)) {
      log.error = said
      const errorTwice = yield* isRepeated(talk, log)
      opened.end({ outcome: 'error', error: said, errorTwice })
    }
    throw downloaded.by
  }
  const summary = rawSummary(stream, server.offset - start, downloaded.value)
  opened.end({ outcome: 'reply', stream: some(summary) })
  return true
}

const rawSummary = (stream: Stream, size: number, content: ContentSummary): StreamSummary => ({
  direction: stream.direction,
  way: stream.way,
  expected: stream.content,
  pieces: 1,
  size,
  content: some(content),
  trailing: 0,
})

const reportContent = (talk: Conversation, side: Side, carrier: Carrier): void => {
  const { issue } = carrier
  if (isSome(issue)) {
    const path = [side === 'client' ? 'upload' : 'download', ...issue.value.path]
    const found = { ...issue.value, path }
    talk.report(side, found, guess(talk, side, found), false)
  }
}

/** Whether a dump is the bytes of a file: with the methods Flat and Text it is, with others an archive. */
const isFileDump = (request: Option<unknown>): boolean => {
  const method = methodIn(isSome(request) ? request.value : null)
  return method === 'Flat' || method === 'Text'
}

/** The method of AddToStore and AddToStoreScanning; the former has it one level deeper in Determinate Nix. */
const methodIn = (request: unknown): unknown => {
  if (typeof request !== 'object' || request === null) {
    return undefined
  }
  const { method, add } = request as { readonly method?: { readonly _tag?: unknown }; readonly add?: unknown }
  return method?._tag ?? methodIn(add)
}
