import { isNone, isSome, none, type Option, some } from 'fp-ts/lib/Option.js'
import type { Feed } from '../conversation/machine/feed.js'
import { beneath, both, type Ending, orBreak, settled, type Talk } from '../conversation/machine/talk.js'
import type { AnyOperation, Stream } from '../grammar/operations/operation.js'
import { Carrier, readFrames } from './carrier.js'
import { readContent } from './content.js'
import type { Conversation } from './conversation.js'
import { readReply } from './ending.js'
import type { ContentSummary, Side, StreamSummary } from './events.js'
import { guess } from './guess.js'
import { readLog } from './logs.js'
import type { Opened } from './opened.js'
import { errorHere, isSaidAgain } from './repeated.js'

/** Reads what follows the request of an operation that has a stream. */
export function* readWithStream(opened: Opened, operation: AnyOperation, stream: Stream): Talk<void> {
  const { talk, log } = opened
  const read = (feed: Feed): Talk<ContentSummary> =>
    readContent(feed, stream.content, isFileDump(opened.request), talk)
  switch (stream.way) {
    case 'framed': {
      const carrier = new Carrier(stream, read)
      opened.progress = () => some(carrier.summary)
      const [uploaded, logged] = yield* both(
        beneath(['upload'], readFrames(talk.client, talk.plans, carrier)),
        readLog(talk, log, null, null),
      )
      yield* lastWords(opened, uploaded, logged)
      orBreak(uploaded)
      reportContent(talk, 'client', carrier)
      orBreak(logged)
      return yield* readReply(opened, operation, some(carrier.summary))
    }
    case 'pulled':
    case 'pushed': {
      const carrier = new Carrier(stream, read)
      opened.progress = () => some(carrier.summary)
      const isPulled = stream.way === 'pulled'
      yield* readLog(talk, log, isPulled ? carrier : null, isPulled ? null : carrier)
      carrier.end(carrier.isOpened ? undefined : talk.server.offset)
      yield* beneath([stream.direction], carrier.notes(isPulled ? talk.client : talk.server))
      // A daemon that has the path already never asks for it.
      if (isNone(log.error) && (carrier.isOpened || !isPulled)) {
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
): Talk<void> {
  const { talk, log } = opened
  const start = talk.client.offset
  opened.progress = () => some(rawSummary(stream, talk.client.offset - start, none))
  const [uploaded, logged] = yield* both(
    beneath(['upload'], read(talk.client)),
    readLog(talk, log, null, null),
  )
  yield* lastWords(opened, uploaded, logged)
  const content = orBreak(uploaded)
  orBreak(logged)
  const summary = rawSummary(stream, talk.client.offset - start, some(content))
  yield* readReply(opened, operation, some(summary))
}

/** A daemon that breaks off leaves the upload cut: what it said comes first. */
function* lastWords(opened: Opened, uploaded: Ending<unknown>, logged: Ending<void>): Talk<void> {
  const { talk, log } = opened
  if (uploaded._tag === 'Broken' && logged._tag === 'Done' && isSome(log.error)) {
    const errorTwice = yield* isSaidAgain(talk, log.error)
    opened.end({ outcome: 'error', error: log.error, errorTwice, stream: opened.progress() })
  }
}

/** The archive stands where a reply would; where the daemon fails it says so in the middle of it. */
function* rawDownload(
  opened: Opened,
  stream: Stream,
  read: (feed: Feed) => Talk<ContentSummary>,
): Talk<void> {
  const { talk, log } = opened
  yield* readLog(talk, log, null, null)
  if (isSome(log.error)) {
    return yield* readReply(opened, null, none)
  }
  const { server } = talk
  const start = server.offset
  opened.progress = () => some(rawSummary(stream, server.offset - start, none))
  const downloaded = yield* settled(beneath(['download'], read(server)))
  if (downloaded._tag === 'Broken') {
    const { issue } = downloaded.by
    const said = server.offset === issue.offset ? yield* errorHere(talk) : none
    if (isSome(said)) {
      log.error = said
      const errorTwice = yield* isSaidAgain(talk, said)
      opened.end({ outcome: 'error', error: said, errorTwice })
    }
    throw downloaded.by
  }
  const summary = rawSummary(stream, server.offset - start, some(downloaded.value))
  opened.end({ outcome: 'reply', stream: some(summary) })
}

const rawSummary = (stream: Stream, size: number, content: Option<ContentSummary>): StreamSummary => ({
  direction: stream.direction,
  way: stream.way,
  expected: stream.content,
  pieces: 1,
  size,
  content,
  trailing: 0,
})

const reportContent = (talk: Conversation, side: Side, carrier: Carrier): void => {
  const { issue } = carrier
  if (isSome(issue)) {
    const path = [side === 'client' ? 'upload' : 'download', ...issue.value.path]
    const found = { ...issue.value, path }
    talk.report(side, found, () => guess(talk, side, found, false), false)
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
