import { joined } from '../../bytes/joined.js'
import type { Side } from '../../session/events.js'
import { RecordingReader } from '../../session/recording/recording-reader.js'
import type { Moment } from '../engine/api.js'

/** What the files of recordings with times begin with: pcapng, and pcap in both byte orders, with micro- or nanoseconds. */
const magics: ReadonlyArray<number> = [0x0a0d0d0a, 0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1]

export const isCapture = (bytes: Uint8Array): boolean =>
  bytes.length >= 4 &&
  magics.includes(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0))

/** The first connection of a recording. */
export interface Captured {
  readonly client: Uint8Array
  readonly server: Uint8Array
  readonly moments: ReadonlyArray<Moment>
  /** What is to be known besides; null where all is shown. */
  readonly note: string | null
}

export const readCapture = (bytes: Uint8Array): Captured => {
  const reader = new RecordingReader()
  const parts: { readonly [S in Side]: Array<Uint8Array> } = { client: [], server: [] }
  const moments: Array<Moment> = []
  const notes: Array<string> = []
  let connections = 0
  let isWhole = true
  for (const step of [reader.push(bytes), reader.end()].flat()) {
    if (step.kind === 'issue') {
      notes.push(`The recording cannot be read beyond byte ${step.issue.offset}.`)
    } else {
      connections = Math.max(connections, step.connection + 1)
      if (step.connection === 0 && isWhole) {
        const { connection: _, ...moment } = step
        // Behind a gap nothing has its place.
        isWhole = step.kind !== 'gap'
        if (moment.kind === 'bytes') {
          parts[moment.side].push(moment.bytes)
          moments.push({ kind: 'bytes', side: moment.side, at: moment.at, length: moment.bytes.length })
        } else {
          moments.push(moment)
        }
      }
    }
  }
  if (connections > 1) {
    notes.push(`Of its ${connections} connections the first is shown.`)
  } else if (connections === 0) {
    notes.push('There is no connection of Nix in it.')
  }
  return {
    client: joined(parts.client),
    server: joined(parts.server),
    moments,
    note: notes.length === 0 ? null : notes.join(' '),
  }
}
