import { ConnectionReader } from '../../session/connection-reader.js'
import type { Side } from '../../session/events.js'
import { MessageSlicer, type Slice } from '../../session/recording/messages.js'
import { RecordingWriter } from '../../session/recording/recording-writer.js'

/** A recording of both streams, in the order in which they are needed, and the contents of its packets. */
export const packetsOf = (
  name: string,
  streams: { readonly [S in Side]: Uint8Array },
): { readonly recording: Uint8Array; readonly slices: ReadonlyArray<Slice> } => {
  const slicer = new MessageSlicer(2 ** 18)
  const decoder = new ConnectionReader()
  const rest = { ...streams }
  const slices: Array<Slice> = []
  while (rest.client.length + rest.server.length > 0) {
    const wanted: Side = decoder.wants('server') && !decoder.wants('client') ? 'server' : 'client'
    const other: Side = wanted === 'client' ? 'server' : 'client'
    const side = rest[wanted].length > 0 ? wanted : other
    const bytes = rest[side].subarray(0, 65_536)
    rest[side] = rest[side].subarray(65_536)
    decoder.push(side, bytes)
    slices.push(...slicer.push(side, bytes, null).map(copied))
  }
  slices.push(...slicer.end('client').map(copied), ...slicer.end('server').map(copied))
  const writer = new RecordingWriter(name)
  const packets = slices.map(({ side, bytes, about }) => writer.bytes(side, bytes, null, about))
  return { recording: Buffer.concat([writer.start(), ...packets]), slices }
}

const copied = (slice: Slice): Slice => ({ ...slice, bytes: Uint8Array.from(slice.bytes) })
