import { joined } from '../../bytes/joined.js'
import { RecordingWriter } from '../../session/recording/recording-writer.js'
import type { Result } from './run.js'

/** The connection of a case as a recording, which `nix-wire session` and `inspect` can open. */
export const recordingOf = ({ id, sent }: Pick<Result, 'id' | 'sent'>): Uint8Array => {
  const writer = new RecordingWriter(id)
  const last = sent.at(-1)?.at ?? null
  return joined([
    writer.start(),
    ...sent.map(({ side, bytes, at }) => writer.bytes(side, bytes, at)),
    writer.end('client', 'closed', last),
    writer.end('server', 'closed', last),
  ])
}
