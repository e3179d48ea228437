import { setImmediate } from 'node:timers/promises'
import { checkOptions } from '../../combinators/options.js'
import { type NarWriterOptions, narWriterOptions } from './options.js'
import { packedBatches } from './packed-batches.js'
import { type TreeOptions, treeOptions } from './tree-events.js'

/**
 * The NAR of what stands at a path: a file, a symbolic link (itself, not what it points to) or a directory, as
 * `nix-store --dump` writes it. Of a file's mode only the owner's executable bit is kept.
 *
 * ```ts no-run
 * import { createWriteStream } from 'node:fs'
 * import { pipeline } from 'node:stream/promises'
 * import { pack } from 'nix-wire/stream'
 *
 * await pipeline(pack('./result'), createWriteStream('result.nar'))
 * ```
 *
 * Files are read synchronously; between two chunks other work has its turn. Nothing is read ahead of what the reader takes.
 *
 * @throws TreeFailure for what no NAR can hold and for a file that changes while it is read; IssueError for a
 * tree beyond the limits; Node's own errors for what cannot be read.
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
