import type { ConnectionReader } from '../../session/connection-reader.js'
import type { ConnectionEvent } from '../../session/timed/session-reader.js'
import { type TimedEvent, TimedSession } from '../../session/timed/timed-session.js'
import type { SessionPrinter } from './printer.js'
import { type Pair, RecordedFile } from './recorded-file.js'
import { nextSide } from './steps.js'

/** Prints a recording in two files: the bytes of the client, and those of the daemon or the server. */
export const printPair = async (
  client: string,
  server: string,
  reader: ConnectionReader,
  printer: SessionPrinter,
): Promise<void> => {
  const files = await RecordedFile.openBoth(client, server)
  try {
    for await (const timed of events(files, reader)) {
      const { event } = timed
      const about =
        event.kind === 'issue'
          ? {
              around: await files[event.side].around(event.issue.offset),
              file: event.side === 'client' ? client : server,
            }
          : {}
      await printer.event(null, timed, about)
    }
  } finally {
    await files.client.close()
    await files.server.close()
  }
}

/** Reads the side that is waited for, so that few bytes are buffered. */
async function* events(
  files: Pair,
  reader: ConnectionReader,
): AsyncGenerator<TimedEvent<ConnectionEvent>, void> {
  const session = new TimedSession(reader)
  while (!files.client.ended || !files.server.ended) {
    const side = nextSide(reader, files)
    const bytes = await files[side].next()
    yield* bytes === null ? session.end(side, null) : session.push(side, bytes, null)
  }
}
