import type { Socket } from 'node:net'
import { keepReading } from '../keep-reading.js'
import type { SideRecorder } from './sinks.js'

/** A socket, and whether its peer still reads. */
export class End {
  readonly socket: Socket
  isDeaf = false
  onDeaf: () => void = () => undefined

  constructor(socket: Socket) {
    this.socket = socket
    keepReading(socket, () => {
      this.isDeaf = true
      this.onDeaf()
    })
    // The `close` that follows reports the failure.
    socket.on('error', () => undefined)
  }
}

export interface Watcher {
  onBytes(bytes: Uint8Array): void
  /** It ended, or was closed since its peer was gone; or it broke off without an end. */
  onEnd(how: 'closed' | 'brokeOff'): void
}

/**
 * Forwards and records one direction of a connection. It reads from one end only as fast as the other takes bytes, so
 * the senders wait as without a proxy.
 *
 * Resolves when it is over and its files are closed.
 */
export const pass = (from: End, to: End, recorder: SideRecorder, watcher: Watcher): Promise<void> => {
  const { socket: source } = from
  const { socket: target } = to
  const goOn = (): void => {
    if (!target.writableNeedDrain && !recorder.isBehind && !to.isDeaf) {
      source.resume()
    }
  }
  recorder.onCaughtUp = goOn
  target.on('drain', goOn)

  // Whether the source is closed since its peer is gone.
  let isGivenUp = false
  // The peer no longer reads: the bytes stay unread, as without a proxy. Once the other direction is over too, the peer
  // is gone.
  to.onDeaf = () => {
    source.pause()
    if (target.readableEnded) {
      isGivenUp = true
      source.destroySoon()
      target.destroy()
    }
  }
  const passOn = (chunk: Buffer): void => {
    const isTaken = target.write(chunk)
    recorder.write(chunk)
    if (!isTaken || recorder.isBehind || to.isDeaf) {
      source.pause()
    }
    watcher.onBytes(chunk)
  }
  source.on('data', passOn)
  const ended = (): void => {
    if (from.isDeaf) {
      target.destroySoon()
      source.destroy()
    } else {
      target.end()
    }
    watcher.onEnd('closed')
  }
  // Both may have happened before the connection to the other side was there.
  if (source.readableEnded) {
    ended()
  } else {
    source.once('end', ended)
  }
  return new Promise((resolve) => {
    const closed = (): void => {
      if (!source.readableEnded) {
        // It broke off; the bytes before that are still forwarded, and those that waited for the other end too.
        for (let chunk: Buffer | null = source.read(); chunk !== null; chunk = source.read()) {
          passOn(chunk)
        }
        target.destroySoon()
        watcher.onEnd(isGivenUp ? 'closed' : 'brokeOff')
      }
      recorder.close().then(resolve)
    }
    if (source.closed) {
      closed()
    } else {
      source.once('close', closed)
    }
  })
}
