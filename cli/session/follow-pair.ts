import { now } from '../../daemon/now.js'
import type { ConnectionReader } from '../../session/connection-reader.js'
import type { Side } from '../../session/events.js'
import { RecordedSession } from '../../session/timed/recorded-session.js'
import type { Growth } from './growth.js'
import type { SessionPrinter } from './printer.js'
import { type Pair, RecordedFile } from './recorded-file.js'
import { SilenceTeller } from './silence.js'

/**
 * Prints the events of two files as they grow, until the command ends. Bytes present at the start have no time; later
 * ones have the time at which they were found.
 */
export const followPair = async (
  client: string,
  server: string,
  reader: ConnectionReader,
  printer: SessionPrinter,
  growth: Growth,
): Promise<void> => {
  const files = await RecordedFile.openBoth(client, server)
  const session = new RecordedSession(reader)
  const silences = new SilenceTeller(printer)
  /** When the bytes present at the start had been read. */
  let since: number | null = null
  try {
    while (!growth.isOver) {
      const found = await next(files, reader)
      if (found === null) {
        since ??= now()
        await silences.look([{ session, connection: null, since }])
        await growth.wait()
      } else {
        const at = since === null ? null : now()
        silences.broken(null)
        for (const timed of session.take({ kind: 'bytes', connection: 0, at, ...found })) {
          await printer.event(null, timed)
        }
      }
    }
  } finally {
    await files.client.close()
    await files.server.close()
  }
  const { events, pending } = session.finish(now())
  for (const timed of events) {
    await printer.event(null, timed, { isOpen: true })
  }
  await printer.pending(null, pending)
}

/** More bytes of the side that is waited for, or else of the other; null if neither has more. */
const next = async (
  files: Pair,
  reader: ConnectionReader,
): Promise<{ readonly side: Side; readonly bytes: Uint8Array } | null> => {
  const sides: ReadonlyArray<Side> =
    reader.wants('server') && !reader.wants('client') ? ['server', 'client'] : ['client', 'server']
  for (const side of sides) {
    const bytes = await files[side].next()
    if (bytes !== null) {
      return { side, bytes }
    }
  }
  return null
}
