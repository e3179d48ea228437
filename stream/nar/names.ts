import { expectBytes } from '../../bytes/byte-array.js'
import { decodeEscaped, escapedBytes } from '../../bytes/escaped.js'
import { strings } from '../../bytes/strings.js'
import { expectText } from '../../combinators/expect.js'
import { quoted } from '../../combinators/show.js'

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
  expectText('a name', name)
  const bytes = escapedBytes(name)
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
export const entryNameOf = (bytes: Uint8Array): string => {
  expectBytes('the bytes of a name', bytes)
  return decodeEscaped(bytes)
}

/** @internal The text of `bytes[start, end)`; `ascii` where no byte is 0x80 or above. */
export const textAt = (bytes: Uint8Array, start: number, end: number, ascii: boolean): string =>
  ascii ? strings.fromAscii(bytes, start, end) : decodeEscaped(bytes, start, end)
