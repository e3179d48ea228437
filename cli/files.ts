import { constants, createReadStream, openSync, readFileSync, statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { treePathOf } from '../stream/nar/tree-path.js'
import { exitCodeOf, Failure } from './failure.js'
import { apart, isTerminalAt } from './is-terminal.js'
import { showName, showReason } from './nar/show.js'
import { sayToTerminal } from './terminal.js'

/** The chunks of a file, or of standard input where it is `-` or not given. An abort ends a wait for more. */
export async function* chunksOf(
  file: string | undefined,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  let stop = () => {}
  try {
    const small = file === undefined || file === '-' ? null : smallAt(file)
    if (small !== null) {
      yield small
      return
    }
    const source = file === undefined || file === '-' ? standardInput() : openedAt(file)
    stop = () => source.destroy()
    signal?.addEventListener('abort', stop)
    yield* source as AsyncIterable<Uint8Array>
  } catch (error) {
    throw cannotRead(file, error)
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

/**
 * The size of one chunk of a stream. Reading such a file takes less time than loading the modules of streams.
 */
const smallest = 65536

/** The bytes of a small file; null for anything else. */
const smallAt = (file: string): Uint8Array | null => {
  const path = treePathOf(file)
  const stats = statSync(path, { throwIfNoEntry: false, ...apart })
  // Files of /proc have a size of 0.
  return stats?.isFile() && stats.size > 0n && stats.size <= smallest ? readFileSync(path) : null
}

const standardInput = (): Readable => {
  if (isTerminalAt(0)) {
    sayToTerminal('nix-wire: reading what you type; Ctrl-D on a line of its own ends it')
  }
  return process.stdin
}

/**
 * Opens a path for reading. Reading a named pipe or a terminal blocks a thread that cannot be cancelled, and the
 * process could not end; so they are read like sockets. A pipe without a writer can be opened so only on Linux.
 */
const openedAt = (file: string): Readable => {
  const path = treePathOf(file)
  const stats = process.platform === 'linux' ? statSync(path, { throwIfNoEntry: false, ...apart }) : undefined
  if (stats?.isFIFO() !== true && stats?.isCharacterDevice() !== true) {
    return createReadStream(path)
  }
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  if (stats.isFIFO()) {
    const { Socket } = process.getBuiltinModule('node:net')
    return new Socket({ fd, readable: true, writable: false })
  }
  const { isatty, ReadStream } = process.getBuiltinModule('node:tty')
  return isatty(fd) ? new ReadStream(fd) : createReadStream(path, { fd })
}

export const cannotRead = (file: string | undefined, error: unknown): Failure =>
  new Failure(exitCodeOf(error), `cannot read ${showName(file ?? '-')}: ${reasonOf(error)}`)

/** The reason of an error of the system, in plain words for the common ones. */
const reasonOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const words = reasons.get(code)
  return words === undefined ? showReason(error) : `${words} (${code})`
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EISDIR', 'it is a directory'],
  ['ENOTDIR', 'a part of the path is not a directory'],
  ['EACCES', 'permission denied'],
])

export const cannotWrite = (file: string, error: unknown): Failure =>
  new Failure(exitCodeOf(error), `cannot write ${showName(file)}: ${showReason(error)}`)

/** All bytes of a file or of standard input. */
export const readAll = (file: string | undefined): Promise<Uint8Array> => collected(chunksOf(file))

/** All bytes of some chunks. */
export const collected = async (source: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
  const chunks: Array<Uint8Array> = []
  for await (const chunk of source) {
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
