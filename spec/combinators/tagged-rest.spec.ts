import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import fc from 'fast-check'
import { right } from 'fp-ts/lib/Either.js'
import { dictionaryOf } from '../../cli/dictionary.js'
import {
  bytesOf,
  escapedText,
  framed,
  type Grammar,
  intUpTo,
  lazy,
  limited,
  listOf,
  lowBits,
  mapOf,
  named,
  openEnumOf,
  setOf,
  since,
  struct,
  type TypeOf,
  tagged,
  tuple,
  u8,
  u32,
  u64,
  utf8,
  versioned,
} from '../../combinators/index.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { compile, dissect, fromJson, toJson, toMalformed, toMarkdown } from '../../interpreters/index.js'
import { toJsonAsItIs } from '../../interpreters/json/as-it-is.js'
import { toJsonSchema } from '../../interpreters/json/index.js'
import { describeLaws } from '../../laws/index.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { smallest } from '../support/arbitrary.js'
import { bothWays, refusal, shownAs, unwritable } from '../support/both-ways.js'
import { issueOf } from '../support/either.js'

const Reply = tagged('status', u64, { Ok: [0, {}] }, { Failed: ['code', { message: utf8 }] })
type Reply = TypeOf<typeof Reply>

/** Like a reply of the serve protocol: 0 and a result, or a status, an error message and times. */
const Fault = struct('Fault', { message: utf8, times: listOf(u32, { length: 2 }) })
const Build = tagged(
  'status',
  intUpTo(14),
  { Built: [0, { outputs: u8 }], Cached: [1, {}] },
  { Failed: ['code', Fault] },
)
const Line = tagged(
  'word',
  utf8,
  { Bye: ['bye', {}], Say: ['say', { text: utf8 }] },
  { Other: ['command', {}] },
)

describe('tagged with a case for every other tag', () => {
  it('reads and writes another tag with its value, and the other cases as before', () => {
    bothWays(Reply, { status: 'Ok' }, '0000000000000000')
    bothWays(
      Reply,
      { status: 'Failed', code: 1n, message: 'no' },
      '0100000000000000 0200000000000000 6e6f 000000000000',
    )
    bothWays(
      Reply,
      { status: 'Failed', code: 2n ** 64n - 1n, message: '' },
      'ffffffffffffffff 0000000000000000',
    )
    bothWays(Build, { status: 'Built', outputs: 3 }, '0000000000000000 0300000000000000')
    bothWays(Build, { status: 'Cached' }, '0100000000000000')
    bothWays(
      Build,
      { status: 'Failed', code: 14, message: 'x', times: [1, 2] },
      '0e00000000000000 0100000000000000 7800000000000000 0100000000000000 0200000000000000',
    )
    bothWays(Line, { word: 'Bye' }, '0300000000000000 6279650000000000')
    bothWays(Line, { word: 'Other', command: 'BYE' }, '0300000000000000 4259450000000000')
    bothWays(Line, { word: 'Other', command: '' }, '0000000000000000')
  })

  it('has its name first, then the tag, then the fields', () => {
    const decoded = compile(Reply).decode(bytesOf('0100000000000000 0000000000000000'))
    expect(Object.keys('right' in decoded ? decoded.right : {})).to.deep.equal(['status', 'code', 'message'])
  })

  it('accepts a tag of which only the low bits count', () => {
    const Low = tagged('is', lowBits(4), { Zero: [0, {}] }, { More: ['bits', {}] })
    expect(compile(Low).decode(bytesOf('f300000000000000'))).to.deep.equal(right({ is: 'More', bits: 3 }))
    expect(compile(Low).decode(bytesOf('f000000000000000'))).to.deep.equal(right({ is: 'Zero' }))
    expect(unwritable(Low, { is: 'More', bits: 16 })).to.equal('OutOfRange')
  })

  it('rejects a tag out of range, and the issues of its fields', () => {
    expect(refusal(Build, '0f00000000000000')).to.deep.equal(['OutOfRange', 0, 'an integer from 0 to 14'])
    const { path } = issueOf(compile(Build).decode(bytesOf('0f00000000000000')))
    expect(path).to.deep.equal(['status'])
    expect(refusal(Reply, '0100000000000000 0100000000000000 ff00000000000000')[0]).to.equal('NotUtf8')
    expect(refusal(Line, '0100000000000000 ff00000000000000')[0]).to.equal('NotUtf8')
    const cut = issueOf(compile(Reply).decode(bytesOf('0100000000000000')))
    expect(cut).to.deep.include({ _tag: 'UnexpectedEnd', offset: 8, path: ['message'] })
  })

  it('rejects the tag of a named case in its place, and names the case', () => {
    for (const evaluate of [true, false]) {
      const codec = compile(Reply, {}, { evaluate })
      expect(issueOf(codec.encode({ status: 'Failed', code: 0n, message: 'no' }))).to.deep.include({
        _tag: 'Unrepresentable',
        offset: 0,
        path: ['code'],
        expected: 'a tag without a name (0 is "Ok")',
        actual: '0',
      })
    }
    const said = issueOf(compile(Line).encode({ word: 'Other', command: 'say' }))
    expect(said).to.deep.include({
      _tag: 'Unrepresentable',
      path: ['command'],
      expected: 'a tag without a name ("say" is "Say")',
    })
  })

  it('rejects an invalid tag or case when writing', () => {
    expect(unwritable(Reply, { status: 'Failed', code: 2n ** 64n, message: '' })).to.equal('OutOfRange')
    expect(unwritable(Reply, { status: 'Failed', code: 7, message: '' })).to.equal('Unrepresentable')
    expect(unwritable(Reply, { status: 'Failed', message: '' })).to.equal('Unrepresentable')
    expect(unwritable(Build, { status: 'Failed', code: -0, message: '', times: [1, 2] })).to.equal(
      'Unrepresentable',
    )
    const { expected, path } = issueOf(compile(Reply).encode({ status: 'No' } as never))
    expect([expected, path]).to.deep.equal(['one of "Ok", "Failed"', ['status']])
  })

  it('reads the tag of a value once', () => {
    let asked = 0
    const value = {
      status: 'Failed',
      get code() {
        return asked++ === 0 ? 7n : 0n
      },
      message: '',
    } as const
    expect(compile(Reply).encode(value)).to.deep.equal(right(bytesOf('0700000000000000 0000000000000000')))
  })

  it('orders its values by tag, then by fields', () => {
    const failed = (code: bigint, message: string): Reply => ({ status: 'Failed', code, message })
    bothWays(
      setOf(Reply),
      [{ status: 'Ok' }, failed(1n, 'b'), failed(2n, ''), failed(2n, 'a')],
      `0400000000000000 0000000000000000 0100000000000000 0100000000000000 6200000000000000
       0200000000000000 0000000000000000 0200000000000000 0100000000000000 6100000000000000`,
    )
    const shuffled = [failed(2n, 'a'), { status: 'Ok' } as const, failed(2n, ''), failed(1n, 'b')]
    const codec = compile(setOf(Reply))
    expect(codec.encode(shuffled)).to.deep.equal(codec.encode([...shuffled].reverse()))
  })

  it('dissects with the tag as a part', () => {
    const value = { status: 'Failed', code: 5n, message: '' }
    const { result, tree } = dissect(Reply, {}, bytesOf('0500000000000000 0000000000000000'))
    expect(result).to.deep.equal(right(value))
    expect(tree?.parts.map((part) => [part.path, part.role, part.grammar, part.value])).to.deep.equal([
      [['status'], 'tag', 'u64', 5n],
      [[], 'value', 'Failed', value],
    ])
  })

  it('is read on after a tag out of range only if the case has no fields', () => {
    const reading = (grammar: Grammar<unknown>) => {
      const { issues, tree } = dissect(tuple(grammar, u8), {}, bytesOf('0f00000000000000 0700000000000000'))
      return [issues.map(({ _tag, path }) => [_tag, path]), tree?.complete]
    }
    const Bare = tagged('is', intUpTo(14), { A: [0, { a: u8 }] }, { B: ['tag', {}] })
    expect(reading(Bare as Grammar<unknown>)).to.deep.equal([[['OutOfRange', [0, 'is']]], true])
    expect(reading(Build as Grammar<unknown>)).to.deep.equal([[['OutOfRange', [0, 'status']]], false])
  })

  it('shows in JSON with its tag', () => {
    shownAs(Reply, { status: 'Failed', code: 7n, message: 'x' }, { status: 'Failed', code: 7n, message: 'x' })
    shownAs(Line, { word: 'Other', command: 'x' }, { word: 'Other', command: 'x' })
    const taken = { status: 'Failed', code: 0n, message: 'x' } as const
    for (const found of [toJson(Reply, {}, taken), fromJson(Reply, {}, taken)]) {
      expect(issueOf(found)).to.deep.include({
        _tag: 'Unrepresentable',
        path: ['code'],
        expected: 'a tag without a name (0 is "Ok")',
      })
    }
    expect(issueOf(fromJson(Reply, {}, { status: 'No' }))).to.deep.include({
      path: ['status'],
      expected: 'one of "Ok", "Failed"',
    })
    expect(issueOf(fromJson(Reply, {}, { status: 'Failed', message: '' })).path).to.deep.equal(['code'])
    expect(toJsonAsItIs(Reply, {}, { ...taken, message: 5 } as never)).to.deep.equal({
      ...taken,
      message: 5n,
    })
    const { oneOf } = toJsonSchema(Line) as { readonly oneOf: ReadonlyArray<unknown> }
    expect(oneOf[2]).to.deep.equal({
      type: 'object',
      properties: { word: { const: 'Other' }, command: { type: 'string', not: { enum: ['bye', 'say'] } } },
      required: ['word', 'command'],
      additionalProperties: false,
    })
  })

  it('is described on a page, by itself and inside another', () => {
    expect(toMarkdown('Reply', Reply).split('\n')).to.include.members([
      '- status :: `u64` (0 to 2^64−1)',
      '#### If status is Ok (0)',
      '#### If status is any other (Failed, which keeps it as code)',
      '- message :: `utf8` (padded UTF-8)',
    ])
    expect(toMarkdown('Log', struct('Log', { lines: listOf(Line) }))).to.include(
      '  - `say` (Say): these fields\n    - text :: `utf8` (padded UTF-8)\n' +
        '  - any other (Other, which keeps it as command): nothing',
    )
  })

  it('is often generated with tags beside those of the cases, and never with one of theirs', () => {
    const tags = fc
      .sample(toArbitrary(Build), { numRuns: 500, seed: 1 })
      .flatMap((value) => (value.status === 'Failed' ? [value.code] : []))
    expect(tags).to.include.members([2, 14])
    expect(tags.filter((tag) => tag < 2)).to.deep.equal([])
    expect(Math.max(...tags)).to.equal(14)
    const codes = fc
      .sample(toArbitrary(Reply), { numRuns: 500, seed: 1 })
      .flatMap((value) => (value.status === 'Failed' ? [value.code] : []))
    expect(codes)
      .to.include.members([1n, 2n ** 64n - 1n])
      .and.not.include.members([0n])
    const words = fc
      .sample(toArbitrary(Line), { numRuns: 500, seed: 1 })
      .flatMap((value) => (value.word === 'Other' ? [value.command] : []))
    expect(words).to.include.members(['', 'byex', 'by', 'SAY'])
    expect(words.filter((word) => word === 'bye' || word === 'say')).to.deep.equal([])
    expect(smallest(Reply, ({ status }) => status === 'Ok')).to.deep.equal({
      status: 'Failed',
      code: 1n,
      message: '',
    })
  })

  it('has no rule against other tags, and all other rules', () => {
    const tags = (grammar: Grammar<unknown>) => toMalformed(grammar).rules.map(({ tag }) => tag)
    for (const grammar of [Reply, Build, Line]) {
      expect(tags(grammar as Grammar<unknown>)).not.to.include('UnknownTag')
    }
    const rules = toMalformed(Build).rules
    expect(rules.map(({ name }) => name)).to.include.members([
      'status tag: at most 14',
      '(Failed).times[0]: at most 4294967295',
    ])
  })

  it('is in a dictionary with a tag that no named case has', () => {
    expect(dictionaryOf(Build, nixProtocol())).to.include('tag_Failed="\\x0e\\x00')
  })

  it('requires names and keys that are free', () => {
    const refused = (kind: ErrorConstructor, message: string, build: () => unknown) =>
      expect(build).to.throw(kind, message)
    const cases = { A: [0, { a: u8 }] } as const
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, 'already a case A', () => tagged('is', u8, cases, { A: ['tag', {}] }))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, 'one case for all other tags, not 0', () => tagged('is', u8, cases, {}))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, 'not 2', () => tagged('is', u8, cases, { B: ['b', {}], C: ['c', {}] }))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, 'as is: that name is already used', () => tagged('is', u8, cases, { B: ['is', {}] }))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, 'as b: that name is', () => tagged('is', u8, cases, { B: ['b', { b: u8 }] }))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, 'cannot have a field is', () => tagged('is', u8, cases, { B: ['b', { is: u8 }] }))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, 'key 7', () => tagged('is', u8, cases, { B: ['7', {}] }))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, 'must be a string', () => tagged('is', u8, cases, { B: [7, {}] }))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, 'must be an array', () => tagged('is', u8, cases, { B: {} }))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, 'not a struct: give it a field', () => tagged('is', u8, cases, { B: ['b', utf8] }))
    refused(TypeError, 'each of the 2 possible tags has a case', () =>
      tagged('is', intUpTo(1), { A: [0, {}], B: [1, {}] }, { C: ['c', {}] }),
    )
    refused(TypeError, 'each of the 2 possible tags has a case', () => openEnumOf(lowBits(1), { A: 0, B: 1 }))
  })

  it('has the type of its tag, and of its fields', () => {
    expectTypeOf<Reply>().toEqualTypeOf<
      | { readonly status: 'Ok' }
      | { readonly status: 'Failed'; readonly code: bigint; readonly message: string }
    >()
    expectTypeOf<Extract<TypeOf<typeof Build>, { status: 'Failed' }>>().toEqualTypeOf<{
      readonly status: 'Failed'
      readonly code: number
      readonly message: string
      readonly times: ReadonlyArray<number>
    }>()
    expectTypeOf<Extract<TypeOf<typeof Line>, { word: 'Other' }>['command']>().toEqualTypeOf<string>()
    // @ts-expect-error a tag of another type
    expect(unwritable(Reply, { status: 'Failed', code: 1, message: '' } satisfies Reply)).to.be.a('string')
    // @ts-expect-error a field is missing
    expect(unwritable(Reply, { status: 'Failed', code: 1n } satisfies Reply)).to.be.a('string')
    // @ts-expect-error only the case of other tags keeps its tag
    expect(compile(Reply).encode({ status: 'Ok', code: 0n })._tag).to.equal('Right')
  })

  type Tree =
    | { readonly is: 'Leaf' }
    | { readonly is: 'Fork'; readonly size: number; readonly left: Tree; readonly right: Tree }
  const Tree: Grammar<Tree> = tagged(
    'is',
    u8,
    { Leaf: [7, {}] },
    { Fork: ['size', { left: lazy(() => Tree), right: lazy(() => Tree) }] },
  )

  describeLaws(
    struct('All', {
      reply: Reply,
      builds: setOf(Build),
      lines: mapOf(Line, Reply),
      short: tagged('w', limited(2, escapedText), { A: ['a', {}], E: ['', { b: u8 }] }, { X: ['x', {}] }),
      low: tagged('l', lowBits(3), { A: [7, {}] }, { B: ['b', { set: setOf(utf8) }] }),
      open: setOf(openEnumOf(lowBits(3), { A: 7, B: 0 })),
      gated: tagged('g', u8, {}, { B: ['b', { late: versioned(since('1.2'), u64, 0n) }] }),
      framed: framed(Reply),
    }),
    { runs: 150 },
  )
  describeLaws(named('Tree', Tree), { runs: 100 })
})
