/** Whether a text occurs in any text or number of a value, at any depth. The text is in lower case. */
export const valueMentions = (value: unknown, text: string): boolean => {
  const next: Array<unknown> = [value]
  while (next.length > 0) {
    const at = next.pop()
    if (typeof at === 'object' && at !== null) {
      for (const inner of partsOf(at)) {
        next.push(inner)
      }
    } else if (at !== undefined && at !== null && String(at).toLowerCase().includes(text)) {
      return true
    }
  }
  return false
}

const partsOf = (value: object): Iterable<unknown> =>
  value instanceof Uint8Array
    ? []
    : value instanceof Map || value instanceof Set || Array.isArray(value)
      ? value
      : Object.values(value)
