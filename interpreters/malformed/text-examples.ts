import { isRight } from 'fp-ts/lib/Either.js'
import type { Protocol } from '../../combinators/protocol.js'
import { parserOf, type TextFormat, type TextPiece } from '../../combinators/text-format.js'
import { generator } from './random.js'
import { textOf, textTree } from './text-tree.js'

/**
 * How a decoder judges a text: it reads it, it reads it but would write it differently, it reads it without being
 * strict, or it rejects it.
 */
export const judge = (
  format: TextFormat<unknown>,
  text: string,
  protocol: Protocol,
): 'canonical' | 'normalised' | 'lax' | 'refused' => {
  const parsed = format.parse(text, protocol)
  if (!isRight(parsed)) {
    return 'refused'
  }
  if (!isRight(parserOf(format, true)(text, protocol))) {
    return 'lax'
  }
  const printed = format.print(parsed.right, protocol)
  return isRight(printed) && printed.right === text ? 'canonical' : 'normalised'
}

const pieceExample = (piece: TextPiece, protocol: Protocol, length: number): string => {
  switch (piece._tag) {
    case 'literal':
      return piece.text
    case 'storeDir':
      return protocol.storeDir
    case 'chars':
      return piece.alphabet[0]!.repeat(Math.max(piece.min, Math.min(length, piece.max)))
    case 'unless':
      return ''
    case 'oneOf':
      return piece.texts[0] ?? ''
    case 'base64':
      return 'AA=='
  }
}

/** A text of a pattern, with about as many characters in each part as `length` says. */
export const patternExample = (
  pattern: ReadonlyArray<TextPiece>,
  protocol: Protocol,
  length: number,
): string => pattern.map((piece) => pieceExample(piece, protocol, length)).join('')

/** The number of examples for texts without a pattern. */
const fewTexts = 6

const known = new WeakMap<TextFormat<unknown>, Map<string, ReadonlyArray<string>>>()

/**
 * Texts of a format: a short and a longer one made from its pattern, or a few that its generator makes; none if it has
 * neither.
 */
export const examplesOf = (format: TextFormat<unknown>, protocol: Protocol): ReadonlyArray<string> => {
  const ofFormat = known.get(format) ?? new Map<string, ReadonlyArray<string>>()
  known.set(format, ofFormat)
  // Once the protocol is decided, a format depends only on the store directory.
  const found = ofFormat.get(protocol.storeDir) ?? made(format, protocol)
  ofFormat.set(protocol.storeDir, found)
  return found
}

const made = (format: TextFormat<unknown>, protocol: Protocol): ReadonlyArray<string> => {
  const { pattern, texts } = format
  const all =
    pattern !== undefined
      ? [1, 8].map((length) => patternExample(pattern, protocol, length))
      : texts !== undefined
        ? Array.from({ length: fewTexts }, (_, i) =>
            textOf(textTree(texts, protocol), protocol, generator(i)),
          )
        : []
  return [...new Set(all)].filter((text) => judge(format, text, protocol) === 'canonical')
}
