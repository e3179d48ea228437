import { quoted } from '../../combinators/show.js'
import { paddingOf } from '../../interpreters/compile/leaves/padded.js'
import { escapeBytes, strings, unescapeBytes } from '../../interpreters/compile/strings.js'

/**
 * The bytes of an entry name or a link's target, as events have it.
 *
 * ```ts
 * import { entryNameBytes } from 'nix-wire/stream'
 *
 * entryNameBytes('a\udcff') // => new Uint8Array([0x61, 0xff])
 * ```
 *
 * @throws RangeError for a text that stands for no bytes: one with other lone surrogates, or with escapes that
 * would be read back as a character.
 */
export const entryNameBytes = (name: string): Uint8Array => {
  const bytes = nameBytes(name)
  if (bytes === null) {
    throw new RangeError(`no bytes are written so: ${quoted(name)}`)
  }
  return bytes
}

/**
 * The text that stands for the bytes of a name, whatever they are.
 *
 * ```ts
 * import { entryNameOf } from 'nix-wire/stream'
 *
 * entryNameOf(new Uint8Array([0x61, 0xff])) // => 'a\udcff'
 * ```
 */
export const entryNameOf = (bytes: Uint8Array): string =>
  strings.fromUtf8(bytes, 0, bytes.length) ?? escapeBytes(bytes, 0, bytes.length)

/** @internal The bytes of a text; null where no bytes are written so. */
export const nameBytes = (name: string): Uint8Array | null => {
  if (!name.isWellFormed()) {
    return unescapeBytes(name)
  }
  const bytes = new Uint8Array(strings.byteLength(name))
  strings.write(bytes, name, 0)
  return bytes
}

/** @internal The text of `bytes[start, end)`; `ascii` where no byte is 0x80 or above. */
export const textAt = (bytes: Uint8Array, start: number, end: number, ascii: boolean): string =>
  ascii
    ? strings.fromAscii(bytes, start, end)
    : (strings.fromUtf8(bytes, start, end) ?? escapeBytes(bytes, start, end))

/** @internal How many bytes padded content of this length takes, its length included. */
export const paddedSize = (length: number): number => 8 + length + paddingOf(length)
