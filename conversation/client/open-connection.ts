import { aborted, timedOut } from '../line/interruption.js'
import { timeOf } from '../line/stillness.js'
import type { BytesPair } from '../line/streams.js'
import type { FlowNode } from '../node.js'
import { Connection } from './connection.js'
import type { OpeningEnd } from './floor.js'
import type { ConnectSettings } from './options.js'

/** A connection, and how its opening ended; null if it has reached the turns. */
export interface OpenedConnection {
  readonly connection: Connection
  readonly end: OpeningEnd | null
}

/** Plays the client of a flow up to the first turn. */
export const openConnection = async (
  node: FlowNode,
  pair: BytesPair,
  says: { readonly [key: string]: unknown },
  settings: ConnectSettings,
): Promise<OpenedConnection> => {
  const connection = new Connection(node, pair, says, settings)
  const { line } = connection
  const { signal, openingTimeout = 0 } = settings
  const abort = () => line.fail(aborted(signal?.reason, line.ear.feed.offset))
  signal?.addEventListener('abort', abort, { once: true })
  void line.closed.then(() => signal?.removeEventListener('abort', abort))
  if (signal?.aborted === true) {
    abort()
  }
  const timeout = timeOf('openingTimeout', openingTimeout)
  const stop = line.stillness.watch(
    timeout,
    () => true,
    () => line.fail(timedOut(timeout, line.ear.feed.offset)),
  )
  const end = await connection.begun
  stop()
  return { connection, end }
}
