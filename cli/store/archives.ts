import { lstat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { holds, since } from '../../combinators/gate.js'
import { narBytes, pack } from '../../stream/nar/index.js'
import { treePathOf } from '../../stream/nar/tree-path.js'
import type { ContentAddressMethodWithAlgo } from '../../types/index.js'
import { Failure } from '../failure.js'
import { cannotRead } from '../files.js'
import { printFile } from '../nar/cat.js'
import { failureOf } from '../nar/failures.js'
import { nodeEvents } from '../nar/node-events.js'
import { counted, Progress } from '../nar/progress.js'
import { piecesOf } from '../nar/read.js'
import { showName } from '../nar/show.js'
import { writeOutput } from '../output-file.js'
import { onEndSignal } from '../signalled.js'
import { isTerminal, write } from '../terminal.js'
import { jsonText } from '../visible.js'
import { contentsOf } from './contents.js'
import { storeNode } from './given-paths.js'
import { infoOf } from './paths.js'
import { ask, type StoreOptions, withDaemon } from './session.js'

export interface NarOptions extends StoreOptions {
  readonly output: string
}

/** Writes the archive of a path, or of a node in it. */
export const nar = (given: string, options: NarOptions): Promise<void> => {
  const { path, names } = storeNode(given, options)
  if (options.output === '-' && isTerminal()) {
    throw new Failure(2, 'an archive is binary: redirect the output, or name a file with --output')
  }
  return withDaemon(options, async (daemon) => {
    const { narSize } = await infoOf(daemon, path)
    const progress = new Progress('receiving', Number(narSize))
    const whole = counted(await ask(daemon.narFromPath({ path })), progress)
    const chunks = names.length === 0 ? whole : archiveOfNode(whole, names)
    if (options.output === '-') {
      for await (const chunk of chunks) {
        await write(chunk)
      }
    } else {
      await writeOutput(options.output, chunks)
    }
  })
}

/** Prints a file of the store. */
export const cat = (given: string, options: StoreOptions): Promise<void> => {
  const { path, names } = storeNode(given, options)
  return withDaemon(options, async (daemon) => {
    await infoOf(daemon, path)
    await printFile(await ask(daemon.narFromPath({ path })), names)
  })
}

const archiveOfNode = (
  whole: AsyncIterable<Uint8Array>,
  names: ReadonlyArray<string>,
): AsyncIterable<Uint8Array> => narBytes(oneByOne(nodeEvents(piecesOf(whole), names)))

async function* oneByOne<A>(batches: AsyncIterable<ReadonlyArray<A>>): AsyncGenerator<A, void> {
  for await (const batch of batches) {
    yield* batch
  }
}

export interface AddOptions extends StoreOptions {
  readonly name?: string
  readonly flat?: true
}

// A daemon that adds something may wait for a lock or a disk for any time.
const withoutLimit = 0

/** Adds a file or a directory, and prints its store path. */
export const add = async (path: string, options: AddOptions): Promise<void> => {
  const stats = await lstat(treePathOf(path)).catch((error: unknown) => {
    throw cannotRead(path, error)
  })
  const isFlat = options.flat === true
  if (isFlat && !stats.isFile()) {
    throw new Failure(2, `${showName(path)} is not a file: --flat is for a single file`)
  }
  const name = options.name ?? basename(resolve(path))
  const method: ContentAddressMethodWithAlgo = { _tag: isFlat ? 'Flat' : 'NixArchive', algorithm: 'sha256' }
  const abort = new AbortController()
  // A daemon would take the mere end of the connection for the end of the file.
  const unwatch = onEndSignal(() => abort.abort(new Failure(1, 'interrupted; nothing was added')))
  const adding = withDaemon(
    options,
    async (daemon) => {
      // Below 1.25 a file is sent in an archive too.
      const isContents = isFlat && holds(since('1.25'), daemon.protocol)
      const chunks = isContents ? contentsOf(treePathOf(path)) : pack(path)
      const upload = counted(chunks, new Progress('sending', isContents ? stats.size : undefined))
      const request = { name, method, references: [], repair: false }
      const added = await ask(daemon.addToStore(request, failing(upload), { signal: abort.signal }))
      await write(options.json === true ? `${jsonText({ path: added.path })}\n` : `${added.path}\n`)
    },
    withoutLimit,
  )
  await adding.finally(unwatch)
}

/** Reports a file that cannot be packed like the other commands. */
async function* failing(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  try {
    yield* chunks
  } catch (error) {
    throw failureOf(error)
  }
}
