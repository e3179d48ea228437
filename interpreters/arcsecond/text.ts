import { isLeft, right } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import { decodeEscaped } from '../../bytes/escaped.js'
import { decodeUtf8 } from '../../bytes/utf8.js'
import type { TextNode } from '../../combinators/node.js'
import { show } from '../../combinators/show.js'
import { parserOf, type TextFormat } from '../../combinators/text-format.js'
import * as words from '../../combinators/words.js'
import { ownLimit, readPadded } from './leaves.js'
import { done, type Reader, reader, refuse, refuseText, type Settings, type State } from './state.js'

/** Reads a text. The format's `parse` always decides: there is no shortcut by the pattern here. */
export const textReader = (node: TextNode, grammar: string, settings: Settings): Reader => {
  const limit = ownLimit(node.limit, settings)
  const { encoding, format } = node
  return reader((state) =>
    readPadded(state, grammar, limit, (content, start, next) => {
      if (node.optional && content.length === 0) {
        return done(state, none, next)
      }
      const finish = (value: unknown): State => done(state, node.optional ? some(value) : value, next)
      const text = encoding === 'escaped' ? right(decodeEscaped(content)) : decodeUtf8(content)
      if (isLeft(text)) {
        const actual = words.byteInHex(content[text.left]!)
        return refuseText(state, 'NotUtf8', text.left, {
          grammar,
          offset: start,
          expected: words.utf8,
          actual,
        })
      }
      return format === null
        ? finish(text.right)
        : readFormat(state, format, grammar, settings, text.right, start, finish)
    }),
  )
}

const readFormat = (
  state: State,
  format: TextFormat<unknown>,
  grammar: string,
  { protocol, canonical }: Settings,
  text: string,
  offset: number,
  finish: (value: unknown) => State,
): State => {
  const parsed = parserOf(format, canonical)(text, protocol)
  if (isLeft(parsed)) {
    const { position, expected, actual } = parsed.left
    return refuseText(state, 'InvalidText', position, { grammar, offset, expected, actual })
  }
  if (canonical) {
    const printed = format.print(parsed.right, protocol)
    if (isLeft(printed) || printed.right !== text) {
      const expected = isLeft(printed) ? printed.left.expected : show(printed.right)
      return refuse(state, 'NotCanonical', { grammar, offset, expected, actual: show(text) })
    }
  }
  return finish(parsed.right)
}
