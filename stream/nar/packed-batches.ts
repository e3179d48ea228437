import { rightOrThrow } from '../issue-error.js'
import type { NarWriterOptions } from './options.js'
import type { Room } from './room.js'
import { Slab } from './slab.js'
import { sharedMemory, type TreeOptions, treeReaderOf } from './tree-events.js'
import { NarWriter } from './writer.js'

/**
 * The NAR of the file at a path, in batches of chunks. With a slab for reuse, the chunks are valid only until the next
 * batch is requested.
 */
export function* packedBatches(
  path: string | Uint8Array,
  options: NarWriterOptions & TreeOptions = {},
  reused?: Slab,
): Generator<ReadonlyArray<Uint8Array>, void> {
  const { caseHack, ...writing } = options
  const writer = new NarWriter(writing)
  const reader = treeReaderOf(path, caseHack, reused ?? new Slab(sharedMemory))
  const files = (room: Room, limit: number) => reader.writeFiles(room, limit)
  try {
    for (;;) {
      writer.entries(reader.ahead, files)
      const waits = reader.ahead > 0 && writer.collects(reader.ahead)
      if (writer.full || (waits && reused !== undefined)) {
        yield writer.take()
        if (reused !== undefined) {
          reused.reuse()
          writer.reuse()
        }
      } else if (!waits) {
        const event = reader.next()
        if (event === null) {
          break
        }
        rightOrThrow(writer.write(event))
      }
    }
  } finally {
    reader.close()
  }
  rightOrThrow(writer.finish())
  yield writer.take()
}
