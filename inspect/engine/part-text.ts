import type { Part } from '../../interpreters/dissect/index.js'

const decoder = new TextDecoder()

/** Whether a text occurs in the names or values of a part and its parts. The text is in lower case. */
export const partMentions = (part: Part, text: string): boolean => {
  const next: Array<Part> = [part]
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    if (ownTexts(at).some((own) => own.toLowerCase().includes(text))) {
      return true
    }
    for (const inner of at.parts) {
      next.push(inner)
    }
  }
  return false
}

const ownTexts = ({ path, grammar, parts, value, bytes }: Part): ReadonlyArray<string> => {
  const names = [String(path.at(-1) ?? ''), grammar]
  if (typeof value !== 'object') {
    return value === undefined ? names : [...names, String(value)]
  }
  // The decoded text, so that a search finds it as it was sent.
  return parts.length > 0 || value instanceof Uint8Array ? names : [...names, decoder.decode(bytes)]
}
