import type { SessionDecoder } from '../../session/decoder.js'
import type { ServeEvent } from '../../session/serve/events.js'
import { isServeStream, type ServeSession } from '../../session/serve/serve-session.js'
import { type TimedEvent, TimedSession } from '../../session/timed/timed-session.js'
import type { SessionPrinter } from './printer.js'
import { type Pair, RecordedFile } from './recorded-file.js'
import { nextSide } from './steps.js'

/** Prints what two files hold, of which one is what the client sent and one what the daemon sent. */
export const printPair = async (
  client: string,
  server: string,
  decoder: SessionDecoder,
  printer: SessionPrinter,
  serve: ServeSession,
): Promise<void> => {
  const files = await RecordedFile.openBoth(client, server)
  try {
    const first = await files.client.next()
    if (first !== null && isServeStream('client', first)) {
      await printServe(files, first, serve, printer)
      return
    }
    for await (const timed of events(files, first, decoder)) {
      const { event } = timed
      const about =
        event.kind === 'issue' ? { around: await files[event.side].around(event.issue.offset) } : {}
      await printer.event(null, timed, about)
    }
  } finally {
    await files.client.close()
    await files.server.close()
  }
}

/** Reads each side when its turn comes, so that little is held. */
async function* events(
  files: Pair,
  first: Uint8Array | null,
  decoder: SessionDecoder,
): AsyncGenerator<TimedEvent, void> {
  const session = new TimedSession(decoder)
  yield* first === null ? session.end('client', null) : session.push('client', first, null)
  while (!files.client.ended || !files.server.ended) {
    const side = nextSide(decoder, files)
    const bytes = await files[side].next()
    yield* bytes === null ? session.end(side, null) : session.push(side, bytes, null)
  }
}

/** The same for a connection of the serve protocol; `first`: what its client sent first. */
const printServe = async (
  files: Pair,
  first: Uint8Array,
  session: ServeSession,
  printer: SessionPrinter,
): Promise<void> => {
  const print = async (events: ReadonlyArray<ServeEvent>): Promise<void> => {
    for (const event of events) {
      const around =
        event.kind === 'issue' ? await files[event.side].around(event.issue.offset) : nothingAround
      await printer.serve(null, event, around)
    }
  }
  await print(session.push('client', first))
  while (!files.client.ended || !files.server.ended) {
    const side = nextSide(session, files)
    const bytes = await files[side].next()
    await print(bytes === null ? session.end(side) : session.push(side, bytes))
  }
}

const nothingAround = { bytes: new Uint8Array(0), start: 0 }
