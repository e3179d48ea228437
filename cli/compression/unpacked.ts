import type { Transform } from 'node:stream'
import { joined } from '../../bytes/joined.js'
import { Failure } from '../failure.js'
import { showReason } from '../nar/show.js'
import { brotli, type Compression, compressionOf, gzip } from './kinds.js'

/**
 * The chunks unchanged, or unpacked if they are compressed in a way that Node supports. The first bytes decide, and for
 * brotli a name that ends in `.br`. Only the bytes needed for that are read ahead.
 *
 * With `isDoubtful`, the bytes may also be numbers that only look like the beginning of a compressed file.
 */
export async function* unpacked(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  isDoubtful = false,
): AsyncGenerator<Uint8Array, void> {
  const iterator = chunks[Symbol.asyncIterator]()
  const head: Array<Uint8Array> = []
  let kind: Compression | null | undefined
  try {
    while (kind === undefined || (kind === gzip && isDoubtful && sizeOf(head) < smallestGzip)) {
      const { done, value } = await iterator.next()
      if (done === true) {
        break
      }
      // The source may reuse its buffer.
      head.push(new Uint8Array(value))
      kind = compressionOf(joined(head))
    }
  } catch (error) {
    await iterator.return?.()
    throw error
  }
  const found = kind ?? (file.endsWith('.br') ? brotli : null)
  const all = chained(head, iterator)
  if (found?.unpack === undefined || (isDoubtful && !isSurely(found, joined(head)))) {
    yield* all
  } else {
    yield* through(found, found.unpack(), all)
  }
}

/** The size of the header and the trailer. */
const smallestGzip = 18

const sizeOf = (chunks: ReadonlyArray<Uint8Array>): number =>
  chunks.reduce((sum, { length }) => sum + length, 0)

/**
 * Whether the first bytes are not a number: the integer that looks like zstd is followed by four zeros, and the one
 * that looks like gzip is invalid gzip.
 */
const isSurely = (kind: Compression, head: Uint8Array): boolean => {
  if (kind.name === 'zstd') {
    return head.subarray(4, 8).some((byte) => byte !== 0)
  }
  if (kind !== gzip || head.length < smallestGzip) {
    return kind !== gzip
  }
  try {
    const { constants, gunzipSync } = process.getBuiltinModule('node:zlib')
    gunzipSync(head.subarray(0, 65536), { finishFlush: constants.Z_SYNC_FLUSH })
    return true
  } catch {
    return false
  }
}

async function* chained(
  first: ReadonlyArray<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* first
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
      yield next.value
    }
  } finally {
    await rest.return?.()
  }
}

async function* through(
  { name }: Compression,
  unpacking: Transform,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  const { pipeline } = process.getBuiltinModule('node:stream')
  // Errors are thrown by the iteration.
  const out = pipeline(copies(chunks), unpacking, () => undefined)
  try {
    yield* out as AsyncIterable<Uint8Array>
  } catch (error) {
    throw error instanceof Failure
      ? error
      : new Failure(1, `the ${name} data are broken: ${showReason(error)}`)
  }
}

/** Copies each chunk, since a stream requests the next while it still holds the one before. */
async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of chunks) {
    yield new Uint8Array(chunk)
  }
}

/** All bytes, unpacked in memory, up to a limit. */
export const readUnpacked = async (
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  most: number,
  isDoubtful = false,
): Promise<Uint8Array> => {
  const parts: Array<Uint8Array> = []
  let packed = 0
  let size = 0
  const counted = async function* () {
    for await (const chunk of chunks) {
      packed += chunk.length
      yield chunk
    }
  }
  for await (const part of unpacked(counted(), file, isDoubtful)) {
    size += part.length
    if (size > most && size > packed) {
      throw new Failure(1, `it is compressed, and more than ${most} bytes when it is unpacked`)
    }
    parts.push(part)
  }
  return joined(parts)
}
