import fc from 'fast-check'
import type { Protocol } from '../../combinators/protocol.js'
import type { TextMaker } from '../../combinators/text-format.js'
import type { Growth } from './growth.js'
import { patternTexts } from './patterns.js'

/** Makes random texts. */
export const textMaker = (given: Protocol, growth: Growth): TextMaker<fc.Arbitrary<string>> => ({
  pattern: (pieces) => patternTexts(pieces, given, growth),
  joined: (...parts) =>
    fc
      .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
      .map((texts) => texts.join('')),
  oneOf: (...texts) => fc.oneof(...texts),
  many: (text, minLength, maxLength, join) => fc.array(text, { minLength, maxLength }).map(join),
  mapped: (text, change) => text.map(change),
})
