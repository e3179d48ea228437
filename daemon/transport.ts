import { stat } from 'node:fs/promises'
import type { Duplex } from 'node:stream'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Issue } from '../combinators/issue.js'
import { chunksOf } from '../stream/source.js'
import { commandTransport } from './command-transport.js'
import { connectedTo } from './sockets.js'
import type { StreamPair, Target, Transport } from './transport-types.js'
import { unreachable } from './unreachable.js'

/** @internal Left if no process listens. A program that cannot start shows when something is read or written. */
export const openTransport = async (
  target: Target,
  signal: AbortSignal,
): Promise<Either<Issue, Transport>> => {
  if (typeof target === 'string') {
    const opened = await connectedTo(target, signal)
    return opened instanceof Error
      ? left(unreachable(await refusalOf(opened, target), target))
      : right(duplexTransport(opened))
  }
  return right('command' in target ? commandTransport(target) : streamTransport(target))
}

/** Any file refuses a connection, one that is not a socket too. */
const refusalOf = async (error: Error, path: string): Promise<Error> => {
  const isSocket = await stat(path).then(
    (found) => found.isSocket(),
    () => true,
  )
  return isSocket ? error : Object.assign(error, { code: 'ENOTSOCK' })
}

/** @internal */
export const streamTransport = (given: Duplex | StreamPair): Transport =>
  'readable' in given && typeof given.readable === 'object'
    ? pairTransport(given as StreamPair)
    : duplexTransport(given as Duplex)

const duplexTransport = (duplex: Duplex): Transport => ({
  source: duplex,
  sink: duplex,
  close: async () => {
    if (!duplex.closed) {
      const closed = new Promise<void>((resolve) => duplex.once('close', () => resolve()))
      // Some streams tell the other side of an end, but not of a destruction.
      duplex.end()
      setImmediate(() => duplex.destroy())
      await closed
    }
  },
})

const pairTransport = ({ readable, writable }: StreamPair): Transport => {
  const source = chunksOf(readable)
  return {
    source,
    sink: writable,
    close: async () => {
      source.cancel(new Error('the connection was closed'))
      if ('destroy' in writable && typeof writable.destroy === 'function') {
        const destroy = writable.destroy.bind(writable)
        // Some streams tell the other side of an end, but not of a destruction.
        if ('end' in writable && typeof writable.end === 'function') {
          writable.end()
        }
        setImmediate(() => destroy())
      }
    },
  }
}
