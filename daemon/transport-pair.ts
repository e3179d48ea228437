import type { BytesPair } from '../conversation/line/streams.js'
import type { ByteSink } from '../stream/byte-sink.js'
import { sinkOf } from '../stream/sink.js'
import { chunksOf } from '../stream/source.js'
import { separateSink } from './keep-reading.js'
import type { Transport } from './transport-types.js'

/** The streams of a transport, for a conversation. Its owner closes it. */
export const pairOf = ({ source, sink }: Transport, bytes: ByteSink = sinkOf(sink)): BytesPair => {
  const chunks = chunksOf(source)
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

/** The same for a side that still reads the last message of the other after that has stopped reading. */
export const listeningPairOf = (transport: Transport): BytesPair =>
  pairOf(transport, separateSink(transport.sink))

/** The same streams, whose first chunk is requested at once, so that an early failure is not lost. */
export const readAhead = ({ readable, writable }: BytesPair): BytesPair => {
  const reader = readable.getReader()
  let first: ReturnType<typeof reader.read> | null = reader.read()
  first.catch(() => undefined)
  const read: typeof reader.read = () => {
    const next = first ?? reader.read()
    first = null
    return next
  }
  return { readable: { getReader: () => ({ ...reader, read }) }, writable }
}
