import { writevSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { coloured } from './colours.js'
import { isTerminalAt } from './is-terminal.js'
import { showReason } from './nar/show.js'
import { visibleLines } from './visible.js'

// Only this file writes to standard output or standard error.

/** Whether standard output is a terminal. */
export const isTerminal = (): boolean => isTerminalAt(1)

/**
 * Writes to standard output, as fast as it is read there. A text has no character in it that a terminal acts on; bytes
 * are written as they are, and to a terminal as the text that they are.
 */
export const write = (data: string | Uint8Array): Promise<void> =>
  typeof data === 'string' ? writeRaw([textBytes(data)]) : writeChunks([data])

/** The same, of several chunks at once. Their memory can be used again when it is done. */
export const writeChunks = (chunks: ReadonlyArray<Uint8Array>): Promise<void> =>
  writeRaw(isTerminal() ? chunks.map(readable) : chunks)

const textBytes = (text: string): Uint8Array => Buffer.from(visibleLines(text, coloured(1)))

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

const readable = (chunk: Uint8Array): Uint8Array =>
  Buffer.from(visibleLines(decoder.decode(chunk, { stream: true }), false))

const writeRaw = async (chunks: ReadonlyArray<Uint8Array>): Promise<void> => {
  let left = chunks
  try {
    while (left.length > 0) {
      left = behind(left, writevSync(1, left))
    }
  } catch (error) {
    // Another process that shares the pipe has made it non-blocking.
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

/** Writes text to standard output without waiting; nothing where more than `mostUnread` bytes wait there already. */
export const writeOrDrop = (text: () => string, mostUnread: number): void => {
  if (process.stdout.writableLength < mostUnread) {
    process.stdout.write(textBytes(text()))
  }
}

/** Standard input and output for a conversation: bytes as they are, and none of the functions beside this. */
export const standardStreams = (): { readonly readable: Readable; readonly writable: Writable } => ({
  readable: process.stdin,
  writable: process.stdout,
})

let watched = false

/** For what writes without waiting. Not before it is needed: making `process.stdout` takes its time. */
export const leaveWhenUnread = (): void => {
  if (!watched) {
    watched = true
    process.stdout.on('error', leave)
  }
}

/** The reader of our output may stop at any time, as `head` does. */
const leave = (error: NodeJS.ErrnoException): never => {
  if (error.code === 'EPIPE') {
    process.exit(0)
  }
  say(`cannot write to standard output: ${showReason(error)}`)
  process.exit(1)
}

/** Writes text to standard error. */
export const writeError = (text: string): void => {
  process.stderr.write(visibleLines(text, coloured(2)))
}

/** Tells something on standard error. */
export const say = (text: string): void => writeError(`nix-wire: ${text}\n`)

/** The same, only for a person who looks on. */
export const sayToTerminal = (text: string): void => {
  if (isTerminalAt(2)) {
    writeError(`${text}\n`)
  }
}

/** How many columns a line of standard output may take. Making `process.stdout` takes longer than a page of help. */
export const outputWidth = (): number => (isTerminal() ? (process.stdout.columns ?? 80) : 80)

/** Whether standard error is a terminal, where a line can be written over. */
export const showsStatus = (): boolean => isTerminalAt(2)

/** A line that the next one takes the place of; an empty one is gone. */
export const showStatus = (line: string): void => {
  process.stderr.write(`\r\x1b[K${visibleLines(line, coloured(2))}`)
}

/** How long such a line may be: one that is wrapped could not be written over. */
export const statusWidth = (): number => Math.max(20, (process.stderr.columns ?? 80) - 1)
