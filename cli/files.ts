import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { Failure } from './failure.js'

/** The chunks of a file, or of standard input where it is `-` or not given. */
export async function* chunksOf(file: string | undefined): AsyncGenerator<Uint8Array, void, void> {
  const source = file === undefined || file === '-' ? process.stdin : createReadStream(file)
  try {
    yield* source as AsyncIterable<Uint8Array>
  } catch (error) {
    throw new Failure(
      2,
      `cannot read ${file ?? '-'}: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

/** All bytes of a file or of standard input. */
export const readAll = async (file: string | undefined): Promise<Uint8Array> => {
  const chunks: Array<Uint8Array> = []
  for await (const chunk of chunksOf(file)) {
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Writes to standard output, as fast as it is read there. */
export const write = async (data: string | Uint8Array): Promise<void> => {
  if (!process.stdout.write(data)) {
    await once(process.stdout, 'drain')
  }
}
