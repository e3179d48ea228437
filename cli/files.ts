import { createReadStream } from 'node:fs'
import { treePathOf } from '../stream/nar/tree-path.js'
import { exitCodeOf, Failure } from './failure.js'
import { showName, showReason } from './nar/show.js'

/** The chunks of a file, or of standard input where it is `-` or not given. */
export async function* chunksOf(file: string | undefined): AsyncGenerator<Uint8Array, void, void> {
  const source = file === undefined || file === '-' ? process.stdin : createReadStream(treePathOf(file))
  try {
    yield* source as AsyncIterable<Uint8Array>
  } catch (error) {
    throw cannotRead(file, error)
  }
}

export const cannotRead = (file: string | undefined, error: unknown): Failure =>
  new Failure(exitCodeOf(error), `cannot read ${showName(file ?? '-')}: ${showReason(error)}`)

export const cannotWrite = (file: string, error: unknown): Failure =>
  new Failure(exitCodeOf(error), `cannot write ${showName(file)}: ${showReason(error)}`)

/** All bytes of a file or of standard input. */
export const readAll = async (file: string | undefined): Promise<Uint8Array> => {
  const chunks: Array<Uint8Array> = []
  for await (const chunk of chunksOf(file)) {
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
