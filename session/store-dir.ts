import { joined } from '../bytes/joined.js'
import type { Side } from './events.js'

const slash = 0x2f
const dash = 0x2d
const hashLength = 32
const longest = 1024

/** Digits of nix32: digits and lower-case letters without e, o, t and u. */
const isDigit = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) ||
  (byte >= 0x61 && byte <= 0x7a && byte !== 0x65 && byte !== 0x6f && byte !== 0x74 && byte !== 0x75)

/**
 * The store directory of the first store path that is a text by itself in bytes of the protocol: after a length, `/`, a
 * directory, `/`, 32 digits, `-`. Null if there is none.
 */
export const storeDirIn = (bytes: Uint8Array): string | null => {
  let run = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (isDigit(byte)) {
      run++
      continue
    }
    const end = at - hashLength - 1
    if (byte === dash && run === hashLength && bytes[end] === slash) {
      const dir = textBefore(bytes, end)
      if (isDirectory(dir)) {
        return dir
      }
    }
    run = 0
  }
  return null
}

/** The printable text that ends at `end` and begins after a zero byte; empty if it does not. */
const textBefore = (bytes: Uint8Array, end: number): string => {
  let start = end
  while (start > 0 && end - start < longest && bytes[start - 1]! > 0x20 && bytes[start - 1]! < 0x7f) {
    start--
  }
  return bytes[start - 1] === 0 ? String.fromCharCode(...bytes.subarray(start, end)) : ''
}

const isDirectory = (text: string): boolean =>
  text.startsWith('/') &&
  text
    .slice(1)
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..')

// A client that names store paths has named one by then.
const mostBeforePath = 65536

// Longer than a store path, so that one cut in two is found.
const overlap = 2048

/** Looks for the first store path of a connection on both sides. */
export class StoreDirSearch {
  readonly #tails = { client: new Uint8Array(0), server: new Uint8Array(0) }
  readonly #arrived = { client: 0, server: 0 }

  /** Whether a side has sent so many bytes that no path is to be expected. */
  get isOver(): boolean {
    return Math.max(this.#arrived.client, this.#arrived.server) > mostBeforePath
  }

  /** Takes the next bytes of a side: returns the store directory, or null as long as there is no path. */
  push(side: Side, bytes: Uint8Array): string | null {
    const tail = joined([this.#tails[side], bytes])
    this.#tails[side] = tail.slice(Math.max(0, tail.length - overlap))
    this.#arrived[side] += bytes.length
    return storeDirIn(tail)
  }
}
