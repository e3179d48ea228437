import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { aborted, type Interruption } from '../line/interruption.js'
import { Line } from '../line/line.js'
import type { BytesPair } from '../line/streams.js'
import type { FlowNode } from '../node.js'
import type { AnyHandler } from './handling.js'
import type { ServeSettings } from './options.js'
import { Serving } from './serving.js'

/** Plays the server of a flow on one connection. */
export const converse = async (
  node: FlowNode,
  pair: BytesPair,
  handlers: { readonly [name: string]: AnyHandler | undefined },
  says: { readonly [key: string]: unknown },
  options: ServeSettings,
): Promise<Either<Interruption, void>> => {
  const { protocol, profile, limits, evaluate, signal } = options
  const line = new Line(pair, 'server', {
    ...(protocol === undefined ? {} : { protocol }),
    ...(profile === undefined ? {} : { profile }),
    ...(limits === undefined ? {} : { limits }),
    ...(evaluate === undefined ? {} : { evaluate }),
  })
  const serving = new Serving(line, node, says, handlers, options)
  const abort = () => line.fail(aborted(signal?.reason, line.ear.feed.offset))
  signal?.addEventListener('abort', abort, { once: true })
  if (signal?.aborted === true) {
    abort()
  }
  line.soon()
  const reason = await serving.ended
  await line.closed
  signal?.removeEventListener('abort', abort)
  return reason === null ? right(undefined) : left(reason)
}
