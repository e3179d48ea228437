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
 * Unpacks a NAR at `target`. The target must not exist, its parent must exist, and its last part must be a name. In a
 * text, bytes that are not UTF-8 are lone surrogates, as in events.
 *
 * ```ts no-run
 * import { createReadStream } from 'node:fs'
 * import { unpack } from 'nix-wire/stream'
 *
 * await unpack(createReadStream('result.nar'), './result')
 * ```
 *
 * The tree is made in a new, private directory beside `target`, and moved to its place when the archive is complete,
 * so that `target` is complete or absent. No archive can write outside it: names have no slashes, every file, link
 * and directory is newly made, and links are never followed. Files get the mode 0666, or 0777 if they are executable,
 * minus the umask.
 *
 * @throws IssueError for an archive that breaks a rule; TreeFailure if `target` exists or is not such a path, or if
 * the file system takes two names as the same; Node's own errors; the signal's reason. Everything made so far is then
 * removed.
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
