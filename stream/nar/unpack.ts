import { signal as abortSignal, checkOptions, type OptionChecks } from '../../combinators/options.js'
import type { Source } from '../source.js'
import type { ByteSource } from './byte-source.js'
import { type NarParserOptions, narParserOptions } from './options.js'
import { narEventBatches } from './stream.js'
import { unpackBatches } from './unpack-batches.js'

export interface UnpackOptions extends NarParserOptions {
  readonly signal?: AbortSignal
}

const checks: OptionChecks<UnpackOptions> = { ...narParserOptions, signal: abortSignal }

/**
 * Makes what a NAR holds at `target`, which must not exist; its parent must, and its last part must be a name. In a
 * text a name that is not UTF-8 stands as in events.
 *
 * ```ts no-run
 * import { createReadStream } from 'node:fs'
 * import { unpack } from 'nix-wire/stream'
 *
 * await unpack(createReadStream('result.nar'), './result')
 * ```
 *
 * The tree grows in a new directory beside `target` that nobody else can enter, and is moved to its place when the
 * archive has come to its end: `target` is there whole or not at all. No archive can lead outside it: names are
 * single names, every file, link and directory is made anew, and links are made and never followed. Files get
 * the mode 0666 or, where they are executable, 0777, less the umask.
 *
 * @throws IssueError for an archive that breaks a rule; TreeFailure where `target` exists or can be no such path, or
 * where the file system takes two names for one; Node's own errors; the signal's reason. What had been made is then removed.
 */
export const unpack = async (
  source: Source | ByteSource,
  target: string | Uint8Array,
  options: UnpackOptions = {},
): Promise<void> => {
  checkOptions('unpack', checks, options)
  const { signal, ...parserOptions } = options
  await unpackBatches(narEventBatches(source, parserOptions), target, signal)
}
