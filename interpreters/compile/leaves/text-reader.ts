import { isLeft } from 'fp-ts/lib/Either.js'
import { decodeEscaped } from '../../../bytes/escaped.js'
import { strings } from '../../../bytes/strings.js'
import { validUpTo } from '../../../bytes/utf8.js'
import type { TextNode } from '../../../combinators/node.js'
import type { Protocol } from '../../../combinators/protocol.js'
import { parserOf, type TextFormat } from '../../../combinators/text-format.js'
import * as words from '../../../combinators/words.js'
import { refuse, refuseText, show } from '../fault.js'
import type { Input } from '../input.js'

/** Reads the content `[start, end)` of a text whose length and padding are read already. */
export type ReadContent = (input: Input, start: number, end: number) => unknown

/** Makes a string of ASCII bytes. */
export type MakeString = (input: Input, start: number, end: number) => string

export const copied: MakeString = ({ bytes }, start, end) => strings.fromAscii(bytes, start, end)

/** A slice of the string of the whole message, if there is one. */
export const sliced: MakeString = (input, start, end) =>
  input.text === null ? copied(input, start, end) : input.text.substring(start, end)

/** From about this length on, the check of the native decoder is faster than a loop. */
export const longText = 130

/** Zeros follow up to a whole number of words, so whole words may be read. */
const isAscii = ({ view }: Input, start: number, end: number): boolean => {
  let bits = 0
  for (let at = start; at < end; at += 4) {
    bits |= view.getUint32(at, true)
  }
  return (bits & 0x80808080) === 0
}

/** Moves back to a rejected primitive. Returns the offset of its content. */
const backTo = (input: Input, start: number): number => {
  input.pos = start - 8
  return input.base + start
}

const utf8Of = (input: Input, start: number, end: number): string => {
  const { bytes } = input
  const text = strings.fromUtf8(bytes, start, end)
  if (text === null) {
    const bad = validUpTo(bytes, start, end)
    const actual = words.byteInHex(bytes[bad]!)
    return refuseText(input, 'NotUtf8', backTo(input, start), bad - start, words.utf8, actual)
  }
  return text
}

const escapedOf = ({ bytes }: Input, start: number, end: number): string => decodeEscaped(bytes, start, end)

const plainReader =
  (ascii: MakeString, decide: MakeString): MakeString =>
  (input, start, end) =>
    end - start < longText && isAscii(input, start, end)
      ? ascii(input, start, end)
      : decide(input, start, end)

/** The slow way: the format decides, and reports where a text is invalid. */
const parseContent = (
  format: TextFormat<unknown>,
  decide: MakeString,
  protocol: Protocol,
  canonical: boolean,
): ReadContent => {
  const readText = plainReader(copied, decide)
  const { print, quick } = format
  const parse = parserOf(format, canonical)
  return (input, start, end) => {
    const text = readText(input, start, end)
    const plain = quick?.parse(text)
    if (plain !== undefined) {
      return plain
    }
    const parsed = parse(text, protocol)
    if (isLeft(parsed)) {
      const { position, expected, actual } = parsed.left
      return refuseText(input, 'InvalidText', backTo(input, start), position, expected, actual)
    }
    if (canonical) {
      const printed = print(parsed.right, protocol)
      if (isLeft(printed) || printed.right !== text) {
        const expected = isLeft(printed) ? printed.left.expected : show(printed.right)
        refuse(input, 'NotCanonical', backTo(input, start), expected, show(text))
      }
    }
    return parsed.right
  }
}

/** Reads the content of any text; a text that a recogniser accepts does not come here. */
export const contentReader = (
  { encoding, format }: TextNode,
  ascii: MakeString,
  protocol: Protocol,
  canonical: boolean,
): ReadContent => {
  const decide = encoding === 'utf8' ? utf8Of : escapedOf
  return format === null ? plainReader(ascii, decide) : parseContent(format, decide, protocol, canonical)
}
