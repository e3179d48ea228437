import { rightOrThrow } from '../../stream/issue-error.js'
import { packedBatches } from '../../stream/nar/packed-batches.js'
import { Slab } from '../../stream/nar/slab.js'
import { NarWriter } from '../../stream/nar/writer.js'
import { Failure } from '../failure.js'
import { readAll } from '../files.js'
import { isTerminal, writeChunks } from '../terminal.js'
import { failureOf } from './failures.js'
import { counted, Progress } from './progress.js'

export const pack = async (path: string): Promise<void> => {
  if (isTerminal()) {
    throw new Failure(2, 'an archive is binary: redirect the output, or pipe it on')
  }
  for await (const chunks of packedChunks(path, 'packing')) {
    await writeChunks(chunks)
  }
}

const chunkSize = 256 * 1024

/**
 * The archive of the file at a path, or for `-` of standard input as a file, in batches of chunks. Each batch is valid
 * until the next is requested.
 */
export async function* packedChunks(
  path: string,
  what: string,
): AsyncGenerator<ReadonlyArray<Uint8Array>, void> {
  try {
    const batches =
      path === '-' ? inputBatches() : packedBatches(path, { chunkSize }, new Slab(2 * chunkSize))
    yield* counted(batches, new Progress(what))
  } catch (error) {
    throw failureOf(error)
  }
}

// The length comes before the contents, so all of them are read first.
async function* inputBatches(): AsyncGenerator<ReadonlyArray<Uint8Array>, void> {
  const bytes = await readAll('-')
  const writer = new NarWriter()
  rightOrThrow(writer.write({ _tag: 'regular', executable: false, size: bytes.length }))
  if (bytes.length > 0) {
    rightOrThrow(writer.write({ _tag: 'contents', bytes }))
  }
  rightOrThrow(writer.finish())
  yield writer.take()
}
