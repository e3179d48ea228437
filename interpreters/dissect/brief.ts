import { ownJson } from '../../bytes/equal.js'
import { escapeUnseen, quoted } from '../../combinators/show.js'
import type { Part } from './tree.js'

/** What a part is to the part around it, where that is not plain. */
export const roleNote = ({ role }: Part): string =>
  role === 'value' || role === 'key' ? '' : role === 'fixed' ? ' (fixed)' : ` (${role})`

/** A text with an escape in the place of each hidden character. */
export const visible = escapeUnseen

/** A value on one line; what is long is cut, and nothing in it moves a cursor or turns a text around. */
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
