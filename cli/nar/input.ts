import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { treePathOf } from '../../stream/nar/tree-path.js'
import { unpacked } from '../compression/unpacked.js'
import { cannotRead, chunksOf } from '../files.js'
import { apart } from '../is-terminal.js'
import { counted, Progress } from './progress.js'

const chunkSize = 256 * 1024

/**
 * The chunks of a file or of standard input, unpacked if they are compressed, with progress on a terminal. Each is
 * valid until the next is requested. An abort ends a wait for more.
 */
export const chunksWithProgress = (
  file: string,
  what: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void> => {
  const stats =
    file === '-' ? fstatSync(0, apart) : statSync(treePathOf(file), { throwIfNoEntry: false, ...apart })
  const isFile = stats?.isFile() === true
  const progress = new Progress(what, isFile ? Number(stats.size) : undefined)
  return unpacked(counted(isFile ? chunksOfFile(file) : chunksOf(file, signal), progress), file)
}

/** Reads synchronously, which is faster for a file. Signals are handled between two chunks. */
async function* chunksOfFile(file: string): AsyncGenerator<Uint8Array, void> {
  const buffer = Buffer.allocUnsafeSlow(chunkSize)
  let fd = 0
  try {
    fd = file === '-' ? 0 : openSync(treePathOf(file), 'r')
    for (let length = read(fd, buffer); length > 0; length = read(fd, buffer)) {
      yield buffer.subarray(0, length)
      await setImmediate()
    }
  } catch (error) {
    throw cannotRead(file, error)
  } finally {
    if (fd !== 0) {
      closeSync(fd)
    }
  }
}

const read = (fd: number, buffer: Buffer): number => readSync(fd, buffer, 0, buffer.length, null)
