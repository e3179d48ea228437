import type { NarWriterOptions } from './options.js'
import { Slab } from './slab.js'
import { sharedMemory, type TreeOptions, treeReaderOf } from './tree-events.js'
import { NarWriter } from './writer.js'
import { expectWritten } from './written.js'

/**
 * The NAR of what stands at a path, several chunks at once. With a slab to be reused, the chunks are valid only until
 * the next are asked for.
 */
export function* packedBatches(
  path: string | Uint8Array,
  options: NarWriterOptions & TreeOptions = {},
  reused?: Slab,
): Generator<ReadonlyArray<Uint8Array>, void> {
  const { caseHack, ...writing } = options
  const writer = new NarWriter(writing)
  const reader = treeReaderOf(path, caseHack, reused ?? new Slab(sharedMemory))
  try {
    for (let event = reader.next(); event !== null; event = reader.next()) {
      expectWritten(writer.write(event))
      if (writer.full) {
        yield writer.take()
        reused?.reuse()
      }
    }
  } finally {
    reader.close()
  }
  expectWritten(writer.finish())
  yield writer.take()
}
