import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { bytesOf, type Grammar, type Protocol } from '../../combinators/index.js'
import { compile, fromJson, type Json, toJson } from '../../interpreters/index.js'
import { issueOf } from './either.js'

/** A value and its bytes, written by hand as hex digits. */
export const bothWays = <A>(
  grammar: Grammar<A>,
  value: NoInfer<A>,
  hex: string,
  given: Partial<Protocol> = {},
): void => {
  for (const profile of ['compatible', 'canonical'] as const) {
    const codec = compile(grammar, given, { profile })
    expect(codec.encode(value)).to.deep.equal(right(bytesOf(hex)))
    expect(codec.decode(bytesOf(hex))).to.deep.equal(right(value))
  }
}

/** A value and its JSON form. */
export const shownAs = <A>(grammar: Grammar<A>, value: NoInfer<A>, json: Json): void => {
  expect(toJson(grammar, {}, value)).to.deep.equal(right(json))
  expect(fromJson(grammar, {}, json)).to.deep.equal(right(value))
}

/** The issue of the compatible profile: its tag, its byte, and what was expected. */
export const refusal = <A>(grammar: Grammar<A>, hex: string) => {
  const { _tag, offset, expected } = issueOf(compile(grammar).decode(bytesOf(hex)))
  return [_tag, offset, expected] as const
}

/** The tag of the issue of an invalid value of the grammar. */
export const unwritable = <A>(grammar: Grammar<A>, value: unknown): string =>
  issueOf(compile(grammar).encode(value as A))._tag
