import type { TextPiece } from '../../combinators/text-format.js'

/** What cannot stand between backticks on a line is written as its number. */
const code = (text: string): string =>
  `\`${text.replace(
    /[^ -_a-~]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )}\``

/** An alphabet in the range notation: `0-9a-f`. */
const ranges = (alphabet: string): string => {
  const codes = [...new Set([...alphabet].map((character) => character.charCodeAt(0)))].sort((a, b) => a - b)
  let text = ''
  for (let i = 0; i < codes.length; ) {
    let last = i
    while (codes[last + 1] === codes[last]! + 1) {
      last++
    }
    const [from, to] = [codes[i]!, codes[last]!].map((each) => String.fromCharCode(each))
    text += last - i > 1 ? `${from}-${to}` : String.fromCharCode(...codes.slice(i, last + 1))
    i = last + 1
  }
  return text
}

const count = (min: number, max: number): string =>
  min === max ? `${min}` : max < 65536 ? `${min} to ${max}` : `${min} or more`

const piece = (each: TextPiece): string => {
  switch (each._tag) {
    case 'literal':
      return code(each.text)
    case 'storeDir':
      return 'the store directory'
    case 'chars':
      return `${count(each.min, each.max)} characters of ${code(ranges(each.alphabet))}`
    case 'unless':
      return `what follows is not ${each.whole.map(code).join(' or ')} and does not begin with ${each.starts
        .map(code)
        .join(' or ')}`
    case 'oneOf':
      return `one of ${each.texts.map(code).join(', ')}`
    case 'base64':
      return 'base64 of at least one byte'
  }
}

/** A text's pattern as a list, from left to right. */
export const pattern = (pieces: ReadonlyArray<TextPiece>): ReadonlyArray<string> =>
  pieces.map((each, i) => `${i + 1}. ${piece(each)}`)
