import { createHash } from 'node:crypto'
import { lstat } from 'node:fs/promises'
import { treePathOf } from '../../stream/nar/tree-path.js'
import { toBase16, toBase64, toNix32 } from '../../types/index.js'
import { write } from '../terminal.js'
import type { hashTypes } from './hash-types.js'
import { chunksWithProgress } from './input.js'
import { packedChunks } from './pack.js'
import { piecesOf } from './read.js'

export interface HashOptions {
  readonly type: (typeof hashTypes)[number]
  readonly base16?: true
  readonly base32?: true
  readonly base64?: true
  readonly sri?: true
  readonly path?: true
}

/** Hashes an archive, or the archive that a tree would become; an archive must be valid to the last byte. */
export const hash = async (file: string, options: HashOptions): Promise<void> => {
  const digest = createHash(options.type)
  for await (const chunks of await chunksToHash(file, options)) {
    for (const bytes of chunks) {
      digest.update(bytes)
    }
  }
  await write(`${showHash(digest.digest(), options)}\n`)
}

const chunksToHash = async (
  file: string,
  { path }: HashOptions,
): Promise<AsyncIterable<ReadonlyArray<Uint8Array>>> => {
  const isTree =
    path === true || (file !== '-' && (await lstat(treePathOf(file)).catch(() => null))?.isDirectory())
  return isTree ? packedChunks(file, 'hashing') : validBytes(chunksWithProgress(file, 'hashing'))
}

async function* validBytes(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<ReadonlyArray<Uint8Array>, void> {
  for await (const { bytes } of piecesOf(chunks)) {
    yield [bytes]
  }
}

const showHash = (digest: Uint8Array, { type, base16, base32, base64, sri }: HashOptions): string => {
  if (base16 === true) {
    return toBase16(digest)
  }
  if (base32 === true) {
    return toNix32(digest)
  }
  if (base64 === true) {
    return toBase64(digest)
  }
  return sri === true ? `${type}-${toBase64(digest)}` : `${type}:${toNix32(digest)}`
}
