import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import { left, right } from 'fp-ts/lib/Either.js'
import { none, type Option, some } from 'fp-ts/lib/Option.js'
import {
  escapedText,
  type Grammar,
  imap,
  limited,
  named,
  optional,
  optionalByTag,
  refine,
  setOf,
  struct,
  text,
  u8,
  utf8,
} from '../../combinators/index.js'
import { toJsonAsItIs, toJsonSchema, toMarkdown } from '../../interpreters/index.js'
import { describeLaws } from '../../laws/index.js'
import { StorePathName } from '../../types/index.js'
import { bothWays, refusal, shownAs, unwritable } from '../support/both-ways.js'

const Filled = refine(utf8, 'a text that is not empty', (value) => value.length > 0)
const Note = optional(Filled)

/** Two views, one on another: a text of digits, and the number that it is. */
const Digits = refine(escapedText, 'digits', (value) => /^(0|[1-9][0-9]{0,8})$/.test(value))
const Count = named(
  'Count',
  imap(
    Digits,
    (digits) => right({ count: Number(digits) }),
    ({ count }) => right(String(count)),
    {},
  ),
)

/** A view of a text with a format, which is never empty. */
const Upper = imap(
  text(StorePathName.format),
  (name) => right({ name }),
  ({ name }) => (name.length < 4 ? right(name) : left('a short name')),
)

const [empty, a] = ['0000000000000000', '0100000000000000 6100000000000000']

describe('optional', () => {
  it('accepts a text that a refine or an imap keeps from being empty', () => {
    bothWays(Note, none, empty)
    bothWays(Note, some('a'), a)
    bothWays(optional(Count), none, empty)
    bothWays(optional(Count), some({ count: 7 }), '0100000000000000 3700000000000000')
    bothWays(optional(Upper), none, empty)
    bothWays(optional(limited(1, Filled)), some('a'), a)
    expectTypeOf(Note).toEqualTypeOf<Grammar<Option<string>>>()
  })

  it('reports the issues of the text inside', () => {
    expect(refusal(optional(Count), a)).to.deep.equal(['InvalidValue', 8, 'digits'])
    expect(refusal(optional(limited(1, Filled)), '0200000000000000 6161000000000000')[0]).to.equal(
      'LimitExceeded',
    )
    for (const value of [some(''), some(7), 'a', '', null, undefined, {}, { _tag: 'Some' }]) {
      expect(unwritable(Note, value)).to.equal('Unrepresentable')
    }
    expect(unwritable(optional(Upper), some({ name: 'long' }))).to.equal('Unrepresentable')
  })

  it('shows an absent text as null', () => {
    shownAs(Note, none, null)
    shownAs(Note, some('a'), 'a')
    shownAs(optional(Upper), none, null)
    shownAs(optionalByTag(u8, Note), some(none), [null])
    shownAs(optionalByTag(u8, Note), some(some('a')), ['a'])
    expect(toJsonSchema(Note)).to.deep.include({ anyOf: [{ type: 'string' }, { type: 'null' }] })
    expect(toJsonAsItIs(Note, {}, some('a'))).to.equal('a')
    expect(toJsonAsItIs(Note, {}, 'as it came' as never)).to.equal('as it came')
    expect(toMarkdown('Note', Note)).to.include('The empty string stands for an absent value.')
  })

  it('comes first in sets if it is absent', () => {
    bothWays(setOf(Note), [none, some('a')], `0200000000000000 ${empty} ${a}`)
  })

  it('names the alternative if an absent text would look like an empty one', () => {
    for (const grammar of [utf8, escapedText, refine(utf8, 'a short text', (value) => value.length < 9)]) {
      expect(() => optional(grammar)).to.throw(TypeError, /reject the empty one.*or use optionalByTag/)
    }
    // @ts-expect-error the compiler refuses it too
    expect(() => optional(struct('S', { a: utf8 }))).to.throw(TypeError, 'for S there is optionalByTag')
  })

  describeLaws(
    struct('Optional', { note: Note, count: optional(Count), upper: optional(Upper), set: setOf(Note) }),
  )
})
