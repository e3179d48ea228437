import { createReadStream, writevSync } from 'node:fs'
import { treePathOf } from '../stream/nar/tree-path.js'
import { Failure } from './failure.js'
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
  new Failure(2, `cannot read ${showName(file ?? '-')}: ${showReason(error)}`)

export const cannotWrite = (file: string, error: unknown): Failure =>
  new Failure(2, `cannot write ${showName(file)}: ${showReason(error)}`)

/** All bytes of a file or of standard input. */
export const readAll = async (file: string | undefined): Promise<Uint8Array> => {
  const chunks: Array<Uint8Array> = []
  for await (const chunk of chunksOf(file)) {
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Writes to standard output, as fast as it is read there. */
export const write = (data: string | Uint8Array): Promise<void> =>
  writeChunks([typeof data === 'string' ? Buffer.from(data) : data])

/** The same, of several chunks at once. When it is done nobody looks at their memory any more. */
export const writeChunks = async (chunks: ReadonlyArray<Uint8Array>): Promise<void> => {
  let left = chunks
  try {
    while (left.length > 0) {
      left = behind(left, writevSync(1, left))
    }
  } catch (error) {
    // Somebody else who has the same pipe wants no call to wait.
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') {
      leave(error as NodeJS.ErrnoException)
    }
    leaveWhenUnread()
    await Promise.all(left.map(passed))
  }
}

/** What is left of chunks of which so many bytes have been written. */
const behind = (chunks: ReadonlyArray<Uint8Array>, written: number): ReadonlyArray<Uint8Array> => {
  let at = 0
  let count = written
  for (; at < chunks.length && count >= chunks[at]!.length; at++) {
    count -= chunks[at]!.length
  }
  return at === chunks.length ? [] : [chunks[at]!.subarray(count), ...chunks.slice(at + 1)]
}

const passed = (chunk: Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    process.stdout.write(chunk, () => resolve())
  })

let watched = false

/** For what writes to `process.stdout` itself. Not before it is needed: making that stream takes its time. */
export const leaveWhenUnread = (): void => {
  if (!watched) {
    watched = true
    process.stdout.on('error', leave)
  }
}

/** Whoever reads our output may stop at any time, as `head` does. */
const leave = (error: NodeJS.ErrnoException): never => {
  if (error.code === 'EPIPE') {
    process.exit(0)
  }
  process.stderr.write(`nix-wire: cannot write to standard output: ${showReason(error)}\n`)
  process.exit(1)
}
