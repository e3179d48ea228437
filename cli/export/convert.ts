import type { Protocol } from '../../combinators/protocol.js'
import type { ValidPathInfo } from '../../grammar/path-info.js'
import type { PathToAdd } from '../../stream/add-multiple-to-store.js'
import type { ExportEvent } from '../../stream/export.js'
import { Failure } from '../failure.js'
import { writeOutput } from '../output-file.js'
import { isTerminal, write } from '../terminal.js'
import { type ExportOptions, exportProtocol } from './options.js'
import { exportEvents, exportedPaths } from './read.js'
import { written } from './write.js'

export interface ConvertOptions extends ExportOptions {
  readonly to: '1' | '2'
  readonly output: string
}

/**
 * Writes an export in another version. Version 1 is read twice, since version 2 has data before an archive that version
 * 1 lacks.
 */
export const convert = async (file: string, options: ConvertOptions): Promise<void> => {
  if (file === '-') {
    throw new Failure(2, 'standard input cannot be read twice: name a file')
  }
  if (options.output === '-' && isTerminal()) {
    throw new Failure(2, 'an export is binary: redirect the output, or name a file with --output')
  }
  const protocol = exportProtocol(options)
  const infos: Array<ValidPathInfo> = []
  for await (const { path, info } of exportedPaths(file, 'reading', protocol)) {
    infos.push({ path, info })
  }
  const chunks = written(archives(file, infos, protocol), options.to, protocol)
  if (options.output === '-') {
    for await (const chunk of chunks) {
      await write(chunk)
    }
  } else {
    await writeOutput(options.output, chunks)
  }
}

async function* archives(
  file: string,
  infos: ReadonlyArray<ValidPathInfo>,
  protocol: Protocol,
): AsyncGenerator<PathToAdd, void> {
  const events = exportEvents(file, 'writing', protocol)
  try {
    for (const info of infos) {
      yield { info, nar: archive(events) }
    }
  } finally {
    await events.return()
  }
}

/** The next archive, and the data after it. */
async function* archive(events: AsyncGenerator<ExportEvent, void>): AsyncGenerator<Uint8Array, void> {
  for (let next = await events.next(); next.done !== true; next = await events.next()) {
    if (next.value._tag === 'nar') {
      yield next.value.bytes
    } else if (next.value._tag === 'info') {
      return
    }
  }
}
