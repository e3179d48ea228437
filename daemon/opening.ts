import { type Either, isLeft, left } from 'fp-ts/lib/Either.js'
import { after } from '../bytes/after.js'
import { aborted } from '../conversation/line/interruption.js'
import { timeOf } from '../conversation/line/stillness.js'
import type { OperationTable } from '../grammar/operations/table.js'
import type { ConnectOptions } from './connect-options.js'
import type { Failure } from './failure.js'
import { openTransport } from './transport.js'
import type { Target, Transport } from './transport-types.js'

const defaultHandshakeTimeout = 30_000

export const handshakeTimeoutOf = ({ handshakeTimeout }: { readonly handshakeTimeout?: number }): number =>
  handshakeTimeout ?? defaultHandshakeTimeout

/** A way to connect to the daemon. */
export const opening = async (
  target: Target,
  options: ConnectOptions<OperationTable>,
): Promise<Either<Failure, Transport>> => {
  const { signal } = options
  const patience = new AbortController()
  const stop = after(timeOf('handshakeTimeout', handshakeTimeoutOf(options)), () => patience.abort())
  const opened = await openTransport(
    target,
    signal === undefined ? patience.signal : AbortSignal.any([signal, patience.signal]),
  )
  stop()
  return isLeft(opened) && signal?.aborted === true ? left(aborted(signal.reason, 0, 'an abort')) : opened
}
