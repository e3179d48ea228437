import { expectBytes } from '../../bytes/byte-array.js'
import { decodeEscaped, escapedBytes } from '../../bytes/escaped.js'
import { strings } from '../../bytes/strings.js'
import { expectText } from '../../combinators/expect.js'
import { quoted } from '../../combinators/show.js'

/**
 * The bytes of an entry name or of a link's target in an event.
 *
 * ```ts
 * import { entryNameBytes } from 'nix-wire/stream'
 *
 * entryNameBytes('a\udcff') // => new Uint8Array([0x61, 0xff])
 * ```
 *
 * @throws RangeError for a text that no bytes are read as: one with other lone surrogates, or with a run of them
 * whose bytes are valid UTF-8.
 */
export const entryNameBytes = (name: string): Uint8Array => {
  expectText('a name', name)
  const bytes = escapedBytes(name)
  if (bytes === null) {
    throw new RangeError(`no bytes are read as this name: ${quoted(name)}`)
  }
  return bytes
}

/**
 * The text for the bytes of a name, which can be any bytes.
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

/** @internal The text of `bytes[start, end)`; `ascii` if no byte is 0x80 or above. */
export const textAt = (bytes: Uint8Array, start: number, end: number, ascii: boolean): string =>
  ascii ? strings.fromAscii(bytes, start, end) : decodeEscaped(bytes, start, end)
