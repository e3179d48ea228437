import { quoted } from '../../combinators/show.js'

// How the parser's messages begin, and what was expected in the words of our issues.
const wanted: ReadonlyArray<readonly [message: RegExp, expected: string]> = [
  [/^Comma/, 'a comma, or the end of the array or object'],
  [/^Colon/, 'a colon after the key'],
  [/^Array item or end/, 'an item, or the end of the array'],
  [/^Quoted object key or end/, 'a key in double quotes, or the end of the object'],
  [/^Quoted object key/, 'a key in double quotes'],
  [/^Expected end of input/, 'the end of the text'],
  [/^Invalid number/, 'a digit'],
  [/^End of string/, 'the double quote that ends a string'],
  [/^Invalid character/, 'an escape in place of a control character'],
  [/^Invalid escape/, 'an escape of JSON'],
  [/^Invalid unicode/, 'four hex digits after \\u'],
]

// The number of characters of the text that are shown.
const shown = 24

/**
 * What was expected where a text is not JSON, and what is there, from the message of the parser, which has the
 * position.
 */
export const brokenText = (
  text: string,
  message: string,
): { readonly offset: number; readonly expected: string; readonly actual: string } => {
  const offset = Number(/position ([0-9]+)$/.exec(message)?.[1] ?? 0)
  const key = /^Duplicate key '(.*)' encountered/s.exec(message)?.[1]
  if (key !== undefined) {
    return { offset, expected: 'each key once in its object', actual: `${quoted(key, shown)} again` }
  }
  return {
    offset,
    expected: wanted.find(([each]) => each.test(message))?.[1] ?? 'a JSON value',
    actual: offset < text.length ? quoted(text.slice(offset), shown) : 'the end of the text',
  }
}
