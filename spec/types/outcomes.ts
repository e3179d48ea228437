import { expect } from 'chai'
import type { Either } from 'fp-ts/lib/Either.js'
import type { TextIssue } from '../../combinators/text-format.js'
import type { TextType } from '../../types/text-type.js'

/** The value of an outcome that has to be one. */
export const rightOf = <E, A>(outcome: Either<E, A>): A => {
  if (outcome._tag === 'Right') return outcome.right
  throw new Error(`refused: ${JSON.stringify(outcome.left)}`)
}

/** The value a text has to stand for. */
export const read = <A>(type: TextType<A>, text: string): A => rightOf(type.make(text))

/** The issue of an outcome that has to be one. */
export const issueOf = <E, A>(outcome: Either<E, A>): E => {
  if (outcome._tag === 'Left') return outcome.left
  throw new Error(`accepted: ${JSON.stringify(outcome.right)}`)
}

/** A table of texts to be refused: text, position, and a part of what was expected. */
export type Refusals = ReadonlyArray<readonly [text: string, position: number, expected: string]>

const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}… (${text.length})` : text)

/** One test for each text that must be refused, with its position and reason. */
export const refuses = <A>(type: TextType<A>, refusals: Refusals): void => {
  for (const [text, position, expected] of refusals) {
    it(`rejects ${JSON.stringify(shown(text))} at ${position}`, () => {
      const issue: TextIssue = issueOf(type.make(text))
      expect(issue.expected).to.include(expected)
      expect(issue.position).to.equal(position)
    })
  }
}
