import { type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js'
import { isNone, none, type Option, some } from 'fp-ts/lib/Option.js'
import type { Protocol } from '../combinators/protocol.js'
import { quoted } from '../combinators/show.js'
import { sameStructure } from '../types/equality.js'
import type { FieldIssue } from './text-issue.js'

/** A value that keeps the text it was read from, if that is unusual. */
export interface WithText {
  /** The text as it was read, if it would be written differently. Set it to none when you change a field. */
  readonly text: Option<string>
}

interface Usual<A> {
  readonly parse: (text: string, protocol: Protocol) => Either<FieldIssue, A>
  readonly print: (value: A, protocol: Protocol) => Either<FieldIssue, string>
}

/**
 * Keeps the original text if the printer would write another one, so that it is written again as it was read.
 */
export const keepingText = <A extends object>({ parse, print }: Usual<A>): Usual<A & WithText> => ({
  parse: (text, protocol) => {
    const value = parse(text, protocol)
    if (isLeft(value)) return value
    return map((usual: string) => ({ ...value.right, text: usual === text ? none : some(text) }))(
      print(value.right, protocol),
    )
  },
  print: (value, protocol) => {
    const { text, ...said } = value
    if (isNone(text)) return print(value, protocol)
    const read = parse(text.value, protocol)
    return read._tag === 'Right' && sameStructure(read.right, said)
      ? right(text.value)
      : left({
          position: 0,
          path: ['text'],
          expected: 'none, or a text that says what the value says',
          actual: quoted(text.value),
        })
  },
})
