import { setImmediate } from 'node:timers/promises'
import { checkOptions } from '../../combinators/options.js'
import { type NarWriterOptions, narWriterOptions } from './options.js'
import { packedBatches } from './packed-batches.js'
import { type TreeOptions, treeOptions } from './tree-events.js'

/**
 * The NAR of a file, a symbolic link (itself, not its target) or a directory, as `nix-store --dump` writes it. Of a
 * file's mode only the owner's executable bit is kept.
 *
 * ```ts no-run
 * import { createWriteStream } from 'node:fs'
 * import { pipeline } from 'node:stream/promises'
 * import { pack } from 'nix-wire/stream'
 *
 * await pipeline(pack('./result'), createWriteStream('result.nar'))
 * ```
 *
 * Files are read synchronously, with a pause between chunks for other work. Nothing is read ahead of the consumer.
 *
 * @throws TreeFailure for a file that no NAR can hold (a socket, a device), and for one that changes while it is
 * read; IssueError for a tree beyond the limits; Node's own errors for files that cannot be read.
 */
export const pack = (
  path: string | Uint8Array,
  options: NarWriterOptions & TreeOptions = {},
): AsyncGenerator<Uint8Array, void> => {
  checkOptions<NarWriterOptions & TreeOptions>('pack', { ...narWriterOptions, ...treeOptions }, options)
  return packed(path, options)
}

async function* packed(
  path: string | Uint8Array,
  options: NarWriterOptions & TreeOptions,
): AsyncGenerator<Uint8Array, void> {
  for (const chunks of packedBatches(path, options)) {
    yield* chunks
    await setImmediate()
  }
}
