const longest = 60

/** A value in the words of an issue, cut where it is long. */
export const show = (value: unknown): string => {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > longest ? `${value.slice(0, longest)}…` : value)
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
