import { stat } from 'node:fs/promises'
import type { Duplex } from 'node:stream'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { kindName } from '../bytes/byte-array.js'
import { expectArray } from '../combinators/expect.js'
import type { Issue } from '../combinators/issue.js'
import { expectSink } from '../stream/sink.js'
import { chunksOf, expectSource } from '../stream/source.js'
import { commandTransport } from './command-transport.js'
import { connectedTo } from './sockets.js'
import type { StreamPair, Target, Transport } from './transport-types.js'
import { unreachable } from './unreachable.js'

/** @internal @throws TypeError for anything but a stream or a pair of streams. */
export const expectStreams = (what: string, given: unknown): void => {
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(`${what} must be a stream, or a pair of them, not ${kindName(given)}`)
  }
  const isPair = 'readable' in given && typeof given.readable === 'object'
  expectSource(isPair ? given.readable : given)
  expectSink(isPair ? (given as StreamPair).writable : given)
}

/** @internal @throws TypeError for anything but a target. */
export const expectTarget = (target: unknown): void => {
  if (typeof target === 'object' && target !== null && 'command' in target) {
    expectArray('the command of a target', target.command)
  } else if (typeof target !== 'string') {
    expectStreams('a target', target)
  }
}

/**
 * @internal Left if no process listens. A program that cannot be started is noticed when something is read or written.
 */
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

/** Files that are not a socket also refuse a connection. */
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
      // Some streams signal an end to the other side, but not a destruction.
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
        // Some streams signal an end to the other side, but not a destruction.
        if ('end' in writable && typeof writable.end === 'function') {
          writable.end()
        }
        setImmediate(() => destroy())
      }
    },
  }
}
