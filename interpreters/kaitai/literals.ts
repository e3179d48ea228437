import { firstMagic } from '../../combinators/words.js'

/** A text in the syntax of Kaitai Struct expressions. */
export const textLiteral = (text: string): string =>
  `"${text.replace(/["\\]|[^ -~]/g, (unit) =>
    unit === '"' || unit === '\\' ? `\\${unit}` : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )}"`

export const intLiteral = (value: bigint): string =>
  value < firstMagic ? `${value}` : `0x${value.toString(16)}`

export const bytesLiteral = (bytes: Uint8Array): string =>
  bytes.length === 0 ? '[].as<bytes>' : `[${Array.from(bytes).join(', ')}]`
