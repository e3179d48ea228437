import type { Socket } from 'node:net'
import { keepReading } from '../keep-reading.js'
import type { SideRecorder } from './sinks.js'

/** A socket, and whether its peer still takes what is written to it. */
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
    // What failed is told by the `close` that follows.
    socket.on('error', () => undefined)
  }
}

export interface Watcher {
  onBytes(bytes: Uint8Array): void
  /** It ended, or broke off without an end. */
  onEnd(how: 'closed' | 'brokeOff'): void
}

/**
 * Passes on and records one direction of a connection. Nothing is read from one end that the other does not take: the
 * senders wait as they would for one another.
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

  // Nobody takes what comes: it stays unread, as it would without anything in between. Once the other direction is
  // over too, the peer is gone.
  to.onDeaf = () => {
    source.pause()
    if (target.readableEnded) {
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
  // Both may have come to pass before there was anywhere to pass it on to.
  if (source.readableEnded) {
    ended()
  } else {
    source.once('end', ended)
  }
  return new Promise((resolve) => {
    const closed = (): void => {
      if (!source.readableEnded) {
        // It broke off; what it said before is still passed on, and what has waited for the other end too.
        for (let chunk: Buffer | null = source.read(); chunk !== null; chunk = source.read()) {
          passOn(chunk)
        }
        target.destroySoon()
        watcher.onEnd('brokeOff')
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
