import { mkdir } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { treePathOf } from '../../stream/nar/tree-path.js'
import { listenAt } from '../sockets.js'
import { Connection } from './connection.js'
import type { RecordingProxy, RecordingProxyOptions } from './options.js'
import { isSameFile, missingAt } from './places.js'
import { connectionNames, type Recording, recordingsIn } from './recorder.js'
import { Views } from './views.js'

type Settled = RecordingProxyOptions &
  Required<Pick<RecordingProxyOptions, 'maxConnections' | 'maxBehind' | 'mode' | 'handshakeTimeout'>>

/** Starts a proxy whose options have been checked. */
export const startProxy = async (options: Settled): Promise<RecordingProxy> => {
  const { listen, to, mode, maxConnections, maxBehind } = options
  if (await isSameFile(listen, to)) {
    throw looped(options)
  }
  const nextRecording = await recordings(options)
  const views = new Views(options.session, maxBehind)
  const open = new Set<Connection>()
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (open.size >= maxConnections) {
      client.destroy()
      options.onFailure?.(new Error(`a connection was rejected: ${maxConnections} are open`), null)
      return
    }
    const connection = accept(client, options, views, nextRecording)
    if (connection !== null) {
      open.add(connection)
      connection.closed.then(() => {
        open.delete(connection)
        options.onClose?.(connection)
      })
    }
  })
  await listenAt(server, listen, mode)
  server.on('error', (error) => options.onFailure?.(error, null))
  const close = async (): Promise<void> => {
    const stopped = stop(server)
    await Promise.all([...open].map((connection) => connection.abort(true)))
    await stopped
  }
  // The socket that was missing before may be the same file by another name.
  if (await isSameFile(listen, to)) {
    await close()
    throw looped(options)
  }
  const missing = await missingAt(to)
  if (missing !== null) {
    options.onFailure?.(missing, null)
  }
  return { close }
}

const stop = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()))

const looped = ({ listen, to }: RecordingProxyOptions): Error =>
  new Error(`the socket to listen on is the daemon's own: ${listen === to ? to : `${listen} and ${to}`}`)

/** Creates the files of the next connection; none if nothing is recorded. */
const recordings = async ({ record, format = 'pcapng' }: RecordingProxyOptions): Promise<() => Recording> => {
  if (record === undefined) {
    const nextName = connectionNames()
    return () => ({ name: nextName(), pcapng: null, bin: null })
  }
  await mkdir(treePathOf(record), { recursive: true, mode: 0o700 })
  return recordingsIn(record, format)
}

/** Without files there is no recording, and no connection. */
const accept = (
  client: Socket,
  options: Settled,
  views: Views,
  nextRecording: () => Recording,
): Connection | null => {
  try {
    return new Connection(client, options, views, nextRecording())
  } catch (error) {
    client.destroy()
    options.onFailure?.(error instanceof Error ? error : new Error(String(error)), null)
    return null
  }
}
