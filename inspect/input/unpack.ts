import { joined } from '../../bytes/joined.js'

/** The limit of unpacked bytes: a few compressed bytes can stand for any number. */
const most = 256 * 2 ** 20

/** The content of a gzip file. @throws Error if it is corrupt or too large. */
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
