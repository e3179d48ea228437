import { readFileSync } from 'node:fs'
import { entryNameOf } from '../stream/nar/names.js'
import { Failure } from './failure.js'
import { showName } from './nar/show.js'

/**
 * The words after the command, as bytes. Node puts U+FFFD in place of bytes that are not UTF-8; on Linux, where the
 * system shows the bytes, they are escaped as in the names of an archive.
 */
export const commandWords = (): ReadonlyArray<string> => {
  const words = process.argv.slice(2)
  return words.some((word) => word.includes('\ufffd')) ? exact(words) : words
}

/** Collects the values of an option that may be given several times. */
export const gather = (text: string, before: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...before,
  text,
]

/**
 * Ends the command if a text has escaped bytes where Node accepts only text: for sockets, and for shell commands.
 */
export const expectText = (word: string, option: string): void => {
  if (!word.isWellFormed()) {
    throw new Failure(2, `${option} must be UTF-8: ${showName(word)}`)
  }
}

const exact = (words: ReadonlyArray<string>): ReadonlyArray<string> => {
  const raw = wordsOf(commandLine()).slice(-words.length)
  const isSame =
    raw.length === words.length && raw.every((bytes, i) => bare(bytes.toString()) === bare(words[i]!))
  return isSame ? raw.map(entryNameOf) : words
}

/** The words of the command line, each followed by NUL. */
const commandLine = (): Buffer => {
  try {
    return readFileSync('/proc/self/cmdline')
  } catch {
    return Buffer.alloc(0)
  }
}

const wordsOf = (line: Buffer): ReadonlyArray<Buffer> => {
  const words: Array<Buffer> = []
  for (let at = 0; at < line.length; ) {
    const end = line.indexOf(0, at)
    words.push(line.subarray(at, end === -1 ? line.length : end))
    at = end === -1 ? line.length : end + 1
  }
  return words
}

// Decoders differ in how many U+FFFD they write for invalid bytes.
const bare = (word: string): string => word.replaceAll('\ufffd', '')
