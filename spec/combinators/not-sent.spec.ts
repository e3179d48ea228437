import { expect } from 'chai'
import { either as E, option as O } from 'fp-ts'
import {
  bytesOf,
  flagsOf,
  type Grammar,
  imap,
  listOf,
  literal,
  mapOf,
  optional,
  optionalByTag,
  refine,
  setOf,
  since,
  struct,
  type TypeOf,
  tuple,
  u8,
  u64,
  utf8,
  versioned,
  withBytes,
} from '../../combinators/index.js'
import {
  compile,
  dissect,
  fromJson,
  printJson,
  renderDissection,
  toJson,
  toJsonAsItIs,
  toJsonSchema,
  toMarkdown,
} from '../../interpreters/index.js'
import { describeLaws } from '../../laws/index.js'
import { issueOf, rightOf } from '../support/either.js'

/** Unix time. */
const Moment = imap(
  u64,
  (seconds) =>
    seconds < 2n ** 33n ? E.right(new Date(Number(seconds) * 1000)) : E.left('a time before 2242'),
  (date: Date) =>
    date.getTime() >= 0 ? E.right(BigInt(date.getTime() / 1000)) : E.left('a time since 1970'),
  { nearest: (seconds) => seconds % 2n ** 33n },
)

const Unique = imap(
  setOf(u8),
  (items) => E.right(new Set(items)),
  (items: ReadonlySet<number>) => E.right([...items]),
)

const none = new Uint8Array(0)
const one = { value: 1, bytes: bytesOf('0100000000000000') }

/** A field, its constant where it is not sent, the view of that, and another value. */
const fields: ReadonlyArray<readonly [string, Grammar<unknown>, unknown, string, unknown]> = (
  [
    ['a date', Moment, new Date(5000), '5', new Date(6000)],
    ['a set of the language', Unique, new Set([1, 2]), '[1,2]', new Set([1, 3])],
    ['a value with bytes', withBytes(u8), one, '1', { ...one, value: 2 }],
    [
      'such values inside',
      mapOf(utf8, tuple(withBytes(u8))),
      new Map([['a', [one]]]),
      '{"a":[1]}',
      new Map(),
    ],
    ['an option', optionalByTag(u8, u64), O.some(5n), '5', O.none],
    ['an option of an option', optionalByTag(u8, optionalByTag(u8, u64)), O.some(O.none), '[null]', O.none],
    [
      'flags',
      flagsOf(u8, { a: 1, b: 2 }),
      { a: true, b: false },
      '{"a":true,"b":false}',
      { a: true, b: true },
    ],
    ['a map', mapOf(u64, u8), new Map([[1n, 2]]), '[[1,2]]', new Map()],
  ] as const
).map(([what, grammar, value, shown, other]) => [what, grammar as Grammar<unknown>, value, shown, other])

const parts = (value: unknown) => ({ always: 7, later: value })

describe('a field that is not sent', () => {
  for (const [what, grammar, value, shown, other] of fields) {
    const S = struct('S', { always: u8, later: versioned(since('1.2'), grammar, value) })
    const [old, current] = [{ version: '1.1' }, { version: '1.2' }] as const

    it(`shows ${what} as one that is sent`, () => {
      for (const given of [old, current]) {
        const json = rightOf(toJson(S, given, parts(value)))
        expect(printJson(json, 0)).to.equal(`{"always":7,"later":${shown}}`)
        expect(toJsonAsItIs(S, given, parts(value))).to.deep.equal(json)
        const back = rightOf(fromJson(S, given, json))
        expect(rightOf(compile(S, given).encode(back))).to.deep.equal(
          rightOf(compile(S, given).encode(parts(value))),
        )
      }
      const { properties } = toJsonSchema(S, old) as { readonly properties: { readonly later: unknown } }
      expect(properties.later).to.deep.equal({ const: JSON.parse(shown) })
    })

    it(`rejects ${what} other than its constant`, () => {
      expect(compile(S, old).encode(parts(value))._tag).to.equal('Right')
      expect(issueOf(compile(S, old).encode(parts(other)))).to.deep.include({
        _tag: 'Unrepresentable',
        path: ['later'],
      })
      expect(issueOf(toJson(S, old, parts(other)))._tag).to.equal('Unrepresentable')
      expect(compile(S, current).encode(parts(other))._tag).to.equal('Right')
    })
  }

  it('may have other bytes than its constant', () => {
    const S = struct('S', { later: versioned(since('1.2'), withBytes(u8), one) })
    const codec = compile(S, { version: '1.1' })
    expect(rightOf(codec.encode({ later: { value: 1, bytes: none } }))).to.deep.equal(none)
    for (const stranger of [null, 7, {}, { value: {} }]) {
      const issue = issueOf(codec.encode({ later: stranger } as never))
      expect(issue._tag, String(stranger)).to.equal('Unrepresentable')
    }
  })

  it('is compared with its constant beside bytes too, if a part of it is not sent either', () => {
    const later = withBytes(versioned(since('1.2'), u8, 7))
    const codec = compile(versioned(since('1.3'), later, { value: 7, bytes: none }), { version: '1.1' })
    expect(rightOf(codec.encode({ value: 7, bytes: none }))).to.deep.equal(none)
    expect(issueOf(codec.encode({ value: 8, bytes: none }))._tag).to.equal('Unrepresentable')
  })

  describeLaws(
    struct('S', {
      at: versioned(since('1.2'), Moment, new Date(0)),
      mark: versioned(since('1.3'), listOf(withBytes(u8)), [one]),
    }),
    { runs: 30 },
  )
})

describe('a date', () => {
  const S = struct('S', {
    magic: literal(Moment, new Date(5000)),
    at: versioned(since('1.2'), Moment, new Date(0)),
  })
  const wire = bytesOf('0500000000000000 0600000000000000')

  it('is a constant', () => {
    const codec = compile(S, { version: '1.2' })
    expect(rightOf(codec.decode(wire))).to.deep.equal({ at: new Date(6000) })
    expect(issueOf(codec.decode(bytesOf('0600000000000000 0600000000000000')))).to.deep.include({
      _tag: 'UnexpectedValue',
      offset: 0,
    })
  })

  it('is shown in a dissection and on the page', () => {
    expect(renderDissection(dissect(S, { version: '1.2' }, wire)).join('\n')).to.contain(
      'at: u64 = "1970-01-01T00:00:06.000Z"',
    )
    expect(toMarkdown('S', S)).to.contain(
      '- at :: `u64` (0 to 2^64−1) (defaults to `1970-01-01T00:00:00.000Z`)',
    )
  })
})

describe('the page of a grammar', () => {
  it('says that an absent text is empty, however the grammar rejects the empty text', () => {
    const note = optional(refine(utf8, 'a text that is not empty', (text) => text.length > 0))
    const plain = optional(
      imap(
        utf8,
        (text) => (text === '' ? E.left('some text') : E.right(text)),
        (text: string) => E.right(text),
      ),
    )
    expect(toMarkdown('S', struct('S', { note, plain }))).to.contain(
      '- note :: `utf8` (padded UTF-8) (empty if absent): a text that is not empty\n' +
        '- plain :: `utf8` (padded UTF-8) (empty if absent)',
    )
  })

  it('shows the default beside bytes as the value alone', () => {
    const S = struct('S', { later: versioned(since('1.2'), withBytes(u8), one) })
    expect(toMarkdown('S', S)).to.contain('(kept with its bytes) (defaults to 1)')
  })
})

describe('an issue', () => {
  it('shows the text in an option', () => {
    const note = optional(refine(utf8, 'a text that is not empty', (text) => text.length > 0))
    const value: TypeOf<typeof note> = O.some('')
    expect(issueOf(compile(note).encode(value))).to.deep.include({
      expected: 'a text that is not empty',
      actual: 'some ""',
    })
  })
})
