/** The most characters of a quoted text, name or tag. */
const longestQuote = 60

/**
 * The most characters of a text that people compare with another: enough for any digest and most file names.
 */
export const longestName = 400

/** The most characters of `expected` and of `actual`, in every issue; an ellipsis may follow. */
export const longestWording = 1000

// Counting the digits takes longer for larger numbers, so it stops here.
const largest = 10n ** 40n

/** A text cut to a length, before anything else is done with it. */
export const clip = (text: string, most: number = longestWording): string =>
  text.length > most ? `${text.slice(0, most)}…` : text

/**
 * Characters that move a cursor, reverse the order of letters or are invisible, in addition to those that JSON escapes.
 */
const unseen = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{DI}]/gu

const escaped = (characters: string): string =>
  [...Array(characters.length).keys()]
    .map((i) => `\\u${characters.charCodeAt(i).toString(16).padStart(4, '0')}`)
    .join('')

/** JSON with the same meaning whose texts are safe on a terminal. */
export const escapeUnseen = (json: string): string =>
  /[^\0-~]/.test(json) ? json.replace(unseen, escaped) : json

/** An untrusted text within our own, without quotation marks: safe on a terminal and on one line. */
export const unquoted = (text: string): string =>
  escapeUnseen(text.replace(/[\p{Cc}\p{Cs}]/gu, (character) => JSON.stringify(character).slice(1, -1)))

/** A text as one JSON string that is safe on a terminal, cut to `most` characters. */
export const quoted = (text: string, most: number = longestQuote): string =>
  escapeUnseen(JSON.stringify(clip(text, most)))

/** A value in the text of an issue, cut if it is long. Takes the same time for any value. */
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

/** A thrown value, in one line. */
export const messageOf = (thrown: unknown): string => {
  try {
    const text = thrown instanceof Error ? String(thrown.message) : String(thrown)
    return clip(text === '[object Object]' ? show(thrown) : text)
  } catch {
    return 'something that cannot be read'
  }
}

/** Only its kind: the contents may be endless. */
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

/** `one of "Normal", "Repair"`: the first few of the words. */
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
