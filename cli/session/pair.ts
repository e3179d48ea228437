import type { SessionDecoder } from '../../session/decoder.js'
import type { Side } from '../../session/events.js'
import { type TimedEvent, TimedSession } from '../../session/timed/timed-session.js'
import type { SessionPrinter } from './printer.js'
import { RecordedFile } from './recorded-file.js'

type Files = { readonly [S in Side]: RecordedFile }

/** Prints what two files hold, of which one is what the client sent and one what the daemon sent. */
export const printPair = async (
  client: string,
  server: string,
  decoder: SessionDecoder,
  printer: SessionPrinter,
): Promise<void> => {
  const files = await openBoth(client, server)
  try {
    for await (const timed of events(files, decoder)) {
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

const openBoth = async (client: string, server: string): Promise<Files> => {
  const first = await RecordedFile.open(client)
  try {
    return { client: first, server: await RecordedFile.open(server) }
  } catch (error) {
    await first.close()
    throw error
  }
}

/** Reads each side when its turn comes, so that little is held. */
async function* events(files: Files, decoder: SessionDecoder): AsyncGenerator<TimedEvent, void> {
  const session = new TimedSession(decoder)
  while (!files.client.ended || !files.server.ended) {
    const side = nextSide(decoder, files)
    const bytes = await files[side].next()
    yield* bytes === null ? session.end(side, null) : session.push(side, bytes, null)
  }
}

const nextSide = (decoder: SessionDecoder, { client, server }: Files): Side => {
  const isServers = decoder.wants('server') && !decoder.wants('client')
  return client.ended || (isServers && !server.ended) ? 'server' : 'client'
}
