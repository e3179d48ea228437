/** The most characters of what is quoted: a text, a name, a tag. */
const longestQuote = 60

/** The most of a text that is to be compared with another: room for any digest and most names of files. */
export const longestName = 400

/** The most characters of `expected` and of `actual`, in every issue; an ellipsis may follow. */
export const longestWording = 1000

// Counting the digits takes longer for larger numbers, so it stops here.
const largest = 10n ** 40n

/** A text cut where it is long, before anything else is done with it. */
export const clip = (text: string, most: number = longestWording): string =>
  text.length > most ? `${text.slice(0, most)}…` : text

/** What moves a cursor, reverses the order of letters or does not show at all, beyond what JSON escapes. */
const unseen = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{DI}]/gu

const escaped = (characters: string): string =>
  [...Array(characters.length).keys()]
    .map((i) => `\\u${characters.charCodeAt(i).toString(16).padStart(4, '0')}`)
    .join('')

/** JSON whose texts are safe on a terminal, and which means the same. */
export const escapeUnseen = (json: string): string =>
  /[^\0-~]/.test(json) ? json.replace(unseen, escaped) : json

/** A text of others among ours, without quotation marks: safe on a terminal and on one line. */
export const unquoted = (text: string): string =>
  escapeUnseen(text.replace(/[\p{Cc}\p{Cs}]/gu, (character) => JSON.stringify(character).slice(1, -1)))

/** A text as one word of JSON that is safe on a terminal, cut where it is longer than `most`. */
export const quoted = (text: string, most: number = longestQuote): string =>
  escapeUnseen(JSON.stringify(clip(text, most)))

/** A value in the words of an issue, cut where it is long. Takes the same time for any value. */
export const show = (value: unknown): string => {
  switch (typeof value) {
    case 'string':
      return quoted(value)
    case 'bigint':
      return value > largest
        ? 'an integer above 10^40'
        : value < -largest
          ? 'an integer below -10^40'
          : `${value}`
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

/** What was thrown, in one line. */
export const messageOf = (thrown: unknown): string => {
  try {
    return clip(thrown instanceof Error ? String(thrown.message) : String(thrown))
  } catch {
    return 'something that cannot be read'
  }
}

/** Not more than its kind: there may be no end to what is in it. */
const showObject = (value: object): string => {
  try {
    if (Array.isArray(value)) {
      return `an array of ${value.length}`
    }
    if (value instanceof Uint8Array) {
      return `${value.length} bytes`
    }
    const tag = '_tag' in value ? value._tag : undefined
    if (tag === 'Some' && 'value' in value && typeof value.value !== 'object') {
      return `some ${show(value.value)}`
    }
    return typeof tag === 'string' ? `an object (${clip(tag, longestQuote)})` : 'an object'
  } catch {
    return 'an object that cannot be read'
  }
}

const mostNames = 16

/** `one of "Normal", "Repair"`: the first few of what there is. */
export const oneOf = <A>(choices: Iterable<A>, word: (choice: A) => string): string => {
  const words: Array<string> = []
  for (const choice of choices) {
    if (words.length === mostNames) {
      return `one of ${words.join(', ')} …`
    }
    words.push(word(choice))
  }
  return `one of ${words.join(', ')}`
}
