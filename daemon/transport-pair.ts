import type { BytesPair } from '../conversation/index.js'
import { sinkOf } from '../stream/sink.js'
import { chunksOf } from '../stream/source.js'
import type { Transport } from './transport-types.js'

/** A transport as what a conversation is spoken over. It stays open: who made it closes it. */
export const pairOf = ({ source, sink }: Transport): BytesPair => {
  const chunks = chunksOf(source)
  const bytes = sinkOf(sink)
  return {
    readable: {
      getReader: () => ({
        read: () => {
          const chunk = chunks.next()
          return chunk instanceof Promise ? chunk.then(resultOf) : Promise.resolve(resultOf(chunk))
        },
        cancel: () => undefined,
      }),
    },
    writable: {
      getWriter: () => ({
        write: (chunk) => bytes.write(chunk) ?? undefined,
        close: async () => {
          await bytes.flush?.()
          if ('end' in sink && typeof sink.end === 'function') {
            sink.end()
          }
        },
        abort: () => undefined,
      }),
    },
  }
}

const resultOf = (value: Uint8Array | null) => (value === null ? { done: true } : { done: false, value })
