import { quoted } from '../../combinators/show.js'

/** A value in the words of an issue, cut where it is long. */
export const showValue = (value: unknown): string => {
  if (typeof value === 'string') {
    return quoted(value)
  }
  if (typeof value !== 'object' || value === null) {
    return String(value)
  }
  if (Array.isArray(value)) {
    return `an array of ${value.length}`
  }
  return value instanceof Uint8Array
    ? `${value.length} bytes`
    : `an object${'_tag' in value ? ` (${String(value._tag)})` : ''}`
}

/** A byte in the words of an issue. */
export const showByte = (byte: number): string => `0x${byte.toString(16)}`
