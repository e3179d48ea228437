const longest = 60

/** What moves a cursor, reverses the order of letters or does not show at all, beyond what JSON escapes. */
const unseen = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu

const escaped = (characters: string): string =>
  [...Array(characters.length).keys()]
    .map((i) => `\\u${characters.charCodeAt(i).toString(16).padStart(4, '0')}`)
    .join('')

/** A text as one word of JSON that is safe on a terminal, cut where it is longer than `most`. */
export const quoted = (text: string, most: number = longest): string =>
  JSON.stringify(text.length > most ? `${text.slice(0, most)}…` : text).replace(unseen, escaped)

/** A value in the words of an issue, cut where it is long. */
export const show = (value: unknown): string => {
  switch (typeof value) {
    case 'string':
      return quoted(value)
    case 'bigint':
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(value)
    case 'object':
      return value === null ? 'null' : showObject(value)
    case 'symbol':
    case 'function':
      return `a ${typeof value}`
  }
}

const showObject = (value: object): string => {
  if (Array.isArray(value)) {
    return `an array of ${value.length}`
  }
  if (value instanceof Uint8Array) {
    return `${value.length} bytes`
  }
  return `an object${'_tag' in value && typeof value._tag === 'string' ? ` (${value._tag})` : ''}`
}
