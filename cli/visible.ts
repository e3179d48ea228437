import { stringify } from 'lossless-json'
import { clip, escapeUnseen } from '../combinators/show.js'

// Only colours and styles, with a bounded length so that no text is scanned twice.
const colour = '\\x1b\\[[0-9;:]{0,32}m'
// Control characters, characters that are invisible or change the direction of text, and lone surrogates.
const hidden = '[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{DI}]'

const hiddenOrColour = new RegExp(`${colour}|${hidden}`, 'gu')
const hiddenNotLines = new RegExp(`${colour}|\\r\\n|(?![\\n\\t])${hidden}`, 'gu')
const plainLine = /^[ -~]*$/
const plainLines = /^[\n\t -~]*$/

const isColour = (found: string): boolean => found.length > 2 && found.startsWith('\x1b')

const escaped = (character: string): string => `\\u{${character.codePointAt(0)!.toString(16)}}`

/**
 * Untrusted text on one line: without its colours, and with escapes such as `\u{9b}` for control and invisible
 * characters. A longer text is cut to `most` characters.
 */
export const visible = (text: string, most: number = Number.POSITIVE_INFINITY): string => {
  const part = clip(text, most)
  return plainLine.test(part)
    ? part
    : part.replace(hiddenOrColour, (found) => (isColour(found) ? '' : escaped(found)))
}

/** The same for several lines. With `colours` they are kept; colours that are left on end with the text. */
export const visibleLines = (text: string, coloured: boolean): string => {
  if (plainLines.test(text)) {
    return text
  }
  const open = new Set<number>()
  const shown = text.replace(hiddenNotLines, (found) => {
    if (found === '\r\n') {
      return '\n'
    }
    if (!isColour(found)) {
      return escaped(found)
    }
    if (coloured) {
      turn(open, found.slice(2, -1))
    }
    return coloured ? found : ''
  })
  return open.size === 0 ? shown : `${shown}\x1b[0m`
}

// A colour by number: the numbers after it are its parameters.
const byNumber: ReadonlySet<number> = new Set([38, 48, 58])

/** Tracks the active colours: which number turns off which one, or 0 if only that does. */
const turn = (open: Set<number>, numbers: string): void => {
  for (const number of numbers.split(';').map(Number)) {
    if (number === 0) {
      open.clear()
    } else if (within(number, 22, 29) || number === 39 || number === 49) {
      open.delete(number)
    } else {
      open.add(endOf(number))
      if (byNumber.has(number)) {
        return
      }
    }
  }
}

const within = (number: number, first: number, last: number): boolean => number >= first && number <= last

const endOf = (number: number): number => {
  if (within(number, 1, 9)) {
    return number === 1 ? 22 : number === 6 ? 25 : 20 + number
  }
  if (within(number, 30, 37) || within(number, 90, 97)) {
    return 39
  }
  return within(number, 40, 47) || within(number, 100, 107) ? 49 : 0
}

/** JSON that is safe on a terminal and in a file: on one line, or indented. */
export const jsonText = (value: unknown, indent = 0): string =>
  visibleJson(stringify(value, null, indent) ?? 'null')

/** The same for a text that is JSON already. */
export const visibleJson = (json: string): string => escapeUnseen(json)
