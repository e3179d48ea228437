import type { UnkeyedValidPathInfo } from '../../grammar/path-info.js'
import type { PathToAdd } from '../../stream/add-multiple-to-store.js'
import type { StorePath } from '../../types/index.js'
import { type exportVersions, written } from '../export/write.js'
import { Failure } from '../failure.js'
import { counted, Progress } from '../nar/progress.js'
import { writeOutput } from '../output-file.js'
import { isTerminal, write } from '../terminal.js'
import { storePaths } from './given-paths.js'
import { eachInfo, type Infos, inOrder, reachable } from './paths.js'
import { ask, type Daemon, type StoreOptions, withDaemon } from './session.js'

export interface StoreExportOptions extends StoreOptions {
  readonly closure?: true
  readonly format: (typeof exportVersions)[number]
  readonly output: string
}

/** Writes an export of some paths, each after its references. */
export const exportPaths = (given: ReadonlyArray<string>, options: StoreExportOptions): Promise<void> => {
  const paths = storePaths(given, options)
  if (options.output === '-' && isTerminal()) {
    throw new Failure(2, 'an export is binary: redirect the output, or name a file with --output')
  }
  return withDaemon(options, async (daemon) => {
    const infos = options.closure === true ? await reachable(daemon, paths) : await infosOf(daemon, paths)
    const size = [...infos.values()].reduce((sum, { narSize }) => sum + narSize, 0n)
    const progress = new Progress('receiving', Number(size))
    const chunks = counted(written(archives(daemon, infos, paths), options.format, daemon.protocol), progress)
    if (options.output === '-') {
      for await (const chunk of chunks) {
        await write(chunk)
      }
    } else {
      await writeOutput(options.output, chunks)
    }
  })
}

const infosOf = async (daemon: Daemon, paths: ReadonlyArray<StorePath>): Promise<Infos> => {
  const infos = new Map<StorePath, UnkeyedValidPathInfo>()
  await eachInfo(daemon, paths, (path, info) => {
    infos.set(path, info)
  })
  return infos
}

async function* archives(
  daemon: Daemon,
  infos: Infos,
  paths: ReadonlyArray<StorePath>,
): AsyncGenerator<PathToAdd, void> {
  for (const path of inOrder(infos, paths)) {
    const info = infos.get(path)
    if (info !== undefined) {
      yield { info: { path, info }, nar: await ask(daemon.narFromPath({ path })) }
    }
  }
}
