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
 * Writes to standard output, as fast as it is read. Control characters in a text are escaped; bytes are written
 * unchanged, or to a terminal as text.
 */
export const write = (data: string | Uint8Array): Promise<void> =>
  typeof data === 'string' ? writeRaw([textBytes(data)]) : writeChunks([data])

/** The same for several chunks at once. Their buffers can be reused afterwards. */
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

/** The rest of chunks after that many bytes were written. */
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

/**
 * Writes text to standard output without waiting, or drops it if more than `mostUnread` bytes wait there already.
 */
export const writeOrDrop = (text: () => string, mostUnread: number): void => {
  if (process.stdout.writableLength < mostUnread) {
    process.stdout.write(textBytes(text()))
  }
}

/**
 * Standard input and output for a conversation: bytes without any change, for use instead of the other functions.
 */
export const standardStreams = (): { readonly readable: Readable; readonly writable: Writable } => ({
  readable: process.stdin,
  writable: process.stdout,
})

let watched = false

/**
 * Ends the command when its output is closed, for writes without waiting. Called only when needed: creating
 * `process.stdout` takes time.
 */
export const leaveWhenUnread = (): void => {
  if (!watched) {
    watched = true
    process.stdout.on('error', leave)
  }
}

/** Ends the command: the reader of our output may stop at any time, as `head` does. */
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

/** Prints a message on standard error. */
export const say = (text: string): void => writeError(`nix-wire: ${text}\n`)

/** The same, but only if it is a terminal. */
export const sayToTerminal = (text: string): void => {
  if (isTerminalAt(2)) {
    writeError(`${text}\n`)
  }
}

/**
 * The number of columns of standard output. Creating `process.stdout` takes longer than printing a page of help.
 */
export const outputWidth = (): number => (isTerminal() ? (process.stdout.columns ?? 80) : 80)

/** Whether standard error is a terminal, where a line can be overwritten. */
export const showsStatus = (): boolean => isTerminalAt(2)

/** Shows a line that the next one overwrites; an empty one removes it. */
export const showStatus = (line: string): void => {
  process.stderr.write(`\r\x1b[K${visibleLines(line, coloured(2))}`)
}

/** The longest such line: one that wraps could not be overwritten. */
export const statusWidth = (): number => Math.max(20, (process.stderr.columns ?? 80) - 1)
