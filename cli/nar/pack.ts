import { type NarEvent, narBytes, pack as packTree } from '../../stream/nar/index.js'
import { Failure } from '../failure.js'
import { readAll, write } from '../files.js'
import { failureOf } from './failures.js'
import { counted, Progress } from './progress.js'

export const pack = async (path: string): Promise<void> => {
  if (process.stdout.isTTY === true) {
    throw new Failure(2, 'an archive is no text for a terminal: redirect the output, or pipe it on')
  }
  for await (const chunk of packedChunks(path, 'packing')) {
    await write(chunk)
  }
}

/** The archive of what stands at a path; of standard input's bytes as a file where that is `-`. */
export async function* packedChunks(path: string, what: string): AsyncGenerator<Uint8Array, void> {
  try {
    yield* counted(path === '-' ? narBytes(await inputEvents()) : packTree(path), new Progress(what))
  } catch (error) {
    throw failureOf(error)
  }
}

// The length stands in front of the contents, so they are all read first.
const inputEvents = async (): Promise<ReadonlyArray<NarEvent>> => {
  const bytes = await readAll('-')
  const file: NarEvent = { _tag: 'regular', executable: false, size: bytes.length }
  return bytes.length === 0 ? [file] : [file, { _tag: 'contents', bytes }]
}
