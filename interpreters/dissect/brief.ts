import { ownJson } from '../../bytes/equal.js'
import { escapeUnseen, quoted } from '../../combinators/show.js'
import type { Part } from './tree.js'

/** The role of a part in the part around it, if it is not a plain value. */
export const roleNote = ({ role }: Part): string =>
  role === 'value' || role === 'key' ? '' : role === 'fixed' ? ' (fixed)' : ` (${role})`

/** A text with escapes for hidden characters. */
export const visible = escapeUnseen

/** A value on one line, cut if it is long, without control characters. */
export const brief = (value: unknown): string => {
  if (typeof value === 'string') {
    return quoted(value)
  }
  if (typeof value !== 'object' || value === null) {
    return String(value)
  }
  if (value instanceof Uint8Array) {
    return `${value.length} bytes`
  }
  if (value instanceof Map || value instanceof Set) {
    return briefFields([...value])
  }
  if ('_tag' in value && value._tag === 'None') {
    return 'none'
  }
  const own = ownJson(value)
  if (own !== undefined) {
    return brief(own)
  }
  return '_tag' in value && value._tag === 'Some' && 'value' in value
    ? brief(value.value)
    : briefFields(value)
}

const briefFields = (value: object): string => {
  const text = Array.isArray(value)
    ? `[${value.map(brief).join(', ')}]`
    : `{ ${Object.entries(value)
        .map(([key, each]) => `${key}: ${brief(each)}`)
        .join(', ')} }`
  return text.length > 90 ? `${text.slice(0, 90)}…` : text
}
