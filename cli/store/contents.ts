import { open } from 'node:fs/promises'
import { TreeFailure } from '../../stream/nar/tree-failure.js'

const changed = 'it changed while it was read'

/**
 * The contents of a file, which must keep the size it had when it was opened: otherwise a truncated file would look
 * complete.
 */
export async function* contentsOf(path: string | Buffer): AsyncGenerator<Uint8Array, void> {
  const file = await open(path)
  try {
    const stats = await file.stat()
    if (!stats.isFile()) {
      throw new TreeFailure(path, `no file any more: ${changed}`)
    }
    let count = 0
    for await (const chunk of file.createReadStream({ autoClose: false }) as AsyncIterable<Uint8Array>) {
      count += chunk.length
      if (count > stats.size) {
        throw new TreeFailure(path, `longer than its ${stats.size} bytes: ${changed}`)
      }
      yield chunk
    }
    if (count < stats.size) {
      throw new TreeFailure(path, `shorter than its ${stats.size} bytes: ${changed}`)
    }
  } finally {
    await file.close()
  }
}
