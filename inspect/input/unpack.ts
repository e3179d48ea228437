import { joined } from '../../bytes/joined.js'

/** What unpacks to more is not unpacked: a few bytes may stand for any number. */
const most = 256 * 2 ** 20

/** The content of a gzip file. @throws Error for one that is broken, or too large. */
export const gunzipped = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> => {
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  const parts: Array<Uint8Array> = []
  let size = 0
  const reader = unpacked.getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length
    if (size > most) {
      await reader.cancel()
      throw new Error(`it unpacks to more than ${most / 2 ** 20} MiB`)
    }
    parts.push(next.value)
  }
  return joined(parts)
}
