import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import {
  bounds,
  bytesOf,
  framed,
  type Grammar,
  imap,
  lazy,
  limited,
  listOf,
  listToEnd,
  literal,
  mapOf,
  named,
  optionalByTag,
  pure,
  rawBytes,
  refine,
  restBytes,
  setOf,
  since,
  struct,
  tagged,
  tuple,
  u8,
  u64,
  until,
  utf8,
  versioned,
} from '../../combinators/index.js'
import type { Limits } from '../../combinators/limits.js'
import { TolerantReading } from '../../interpreters/dissect/tolerant.js'
import { compile, dissect, toJsonSchema, toMalformed, toMarkdown } from '../../interpreters/index.js'
import { describeLaws } from '../../laws/index.js'
import { FramedReader, MockReader, MockWriter, NixReader } from '../../stream/index.js'
import { bothWays, refusal, shownAs, unwritable } from '../support/both-ways.js'
import { cut } from '../support/chunks.js'
import { issueOf, rightOf } from '../support/either.js'
import { concat } from '../support/wire.js'

const Note = struct('Note', { kind: u8, text: restBytes })
const Names = struct('Names', { kind: u8, names: listToEnd(utf8) })
const Lines = named('Lines', framed(listToEnd(struct('Line', { number: u8, text: utf8 }))))
const Message = tagged('is', u8, {
  Note: [0, { text: restBytes }],
  Names: [1, { names: listToEnd(utf8) }],
  Ping: [2, { time: u64 }],
})

/** A grammar as a caller without types may have it. */
const untyped = (grammar: unknown): Grammar<never> => grammar as Grammar<never>

const inChunks = <A>(grammar: Grammar<A>, hex: string, size: number, limits: Partial<Limits> = {}) =>
  new NixReader(cut(bytesOf(hex), [size]), { limits }).readValue(grammar)()

/** All ways to break a message, each with the expected and the found issue. */
const malformed = <A>(grammar: Grammar<A>, value: NoInfer<A>) =>
  [...toMalformed(grammar).from(value)].map(({ rule, bytes, profile, issue }) => {
    const read = compile(grammar, {}, { profile }).decode(bytes)
    const found = read._tag === 'Left' ? [read.left._tag, read.left.offset] : 'a value'
    return { rule, expected: [issue.tag, issue.offset], found }
  })

describe('listToEnd', () => {
  it('has no count, and ends with the message', () => {
    bothWays(listToEnd(u8), [], '')
    bothWays(listToEnd(u64), [29801n, 10n], '6974000000000000 0a00000000000000')
    bothWays(
      Names,
      { kind: 7, names: ['a', ''] },
      '0700000000000000 0100000000000000 6100000000000000 0000000000000000',
    )
    bothWays(optionalByTag(u8, listToEnd(u8)), { _tag: 'None' }, '0000000000000000')
    bothWays(Message, { is: 'Names', names: [] }, '0100000000000000')
    expect(bounds(listToEnd(u8).node)).to.deep.equal({ min: 0, max: Number.POSITIVE_INFINITY })
  })

  it('ends in frames with the frames', () => {
    bothWays(
      struct('Framed', { lines: Lines, after: u8 }),
      { lines: [{ number: 1, text: 'a' }], after: 2 },
      '1800000000000000 0100000000000000 0100000000000000 6100000000000000 0000000000000000 0200000000000000',
    )
    expect(
      refusal(framed(listToEnd(u8)), '0900000000000000 010000000000000002 0000000000000000'),
    ).to.deep.equal(['FramesEnd', 16, '8 bytes before the end frame'])
  })

  it('reports missing bytes if the message ends in an item', () => {
    const issue = issueOf(
      compile(Names).decode(bytesOf('0700000000000000 0000000000000000 0200000000000000 61')),
    )
    expect(issue).to.deep.include({
      _tag: 'UnexpectedEnd',
      offset: 16,
      path: ['names', 1],
      expected: '16 bytes',
      missing: 7,
    })
  })

  it('keeps the limits of collections and messages', async () => {
    const items = '01'.padEnd(16, '0').repeat(3)
    for (const size of [1, 8, 24]) {
      for (const [limits, tag, offset] of [
        [{ collection: 2 }, 'LimitExceeded', 16],
        [{ message: 20 }, 'LimitExceeded', 16],
        [{ message: 16 }, 'LimitExceeded', 16],
      ] as const) {
        const whole = issueOf(compile(listToEnd(u8), {}, { limits }).decode(bytesOf(items)))
        expect(whole).to.deep.include({ _tag: tag, offset, path: [2] })
        expect(issueOf(await inChunks(listToEnd(u8), items, size, limits))).to.deep.equal(whole)
      }
      expect(await inChunks(listToEnd(u8), items, size, { message: 24, collection: 3 })).to.deep.equal(
        right([1, 1, 1]),
      )
    }
    const { encode } = compile(listToEnd(u8), {}, { limits: { collection: 2 } })
    expect(issueOf(encode([1, 2, 3]))).to.deep.include({ _tag: 'LimitExceeded', limit: 'collection' })
    expect(unwritable(listToEnd(u8), { length: 1 })).to.equal('Unrepresentable')
  })

  it('reads no item of a stream twice', async () => {
    let seen = 0
    const Counted = imap(
      u8,
      (value) => {
        seen++
        return right(value)
      },
      right,
    )
    const many = '01'.padEnd(16, '0').repeat(500)
    expect(rightOf(await inChunks(listToEnd(Counted), many, 1)).length).to.equal(500)
    expect(seen).to.equal(500)
  })
})

describe('restBytes', () => {
  it('are all bytes that are left, unchanged', () => {
    bothWays(restBytes, new Uint8Array(0), '')
    bothWays(Note, { kind: 1, text: bytesOf('746561') }, '0100000000000000 746561')
    bothWays(Message, { is: 'Note', text: bytesOf('ff') }, '0000000000000000 ff')
    bothWays(
      tagged('status', u64, { Ok: [0, {}] }, { Failed: ['code', { why: restBytes }] }),
      { status: 'Failed', code: 9n, why: bytesOf('ff') },
      '0900000000000000 ff',
    )
    bothWays(
      struct('Framed', { data: framed(restBytes), after: u8 }),
      { data: bytesOf('746561'), after: 2 },
      '0300000000000000 746561 0000000000000000 0200000000000000',
    )
    expect(unwritable(restBytes, 'tea')).to.equal('Unrepresentable')
    expect(bounds(Note.node)).to.deep.equal({ min: 8, max: Number.POSITIVE_INFINITY })
  })

  it('are a copy', () => {
    const wire = bytesOf('0100000000000000 746561')
    const { text } = rightOf(compile(Note).decode(wire))
    wire.fill(0)
    expect(text).to.deep.equal(bytesOf('746561'))
  })

  it('start at any offset, and leave nothing', () => {
    expect(compile(restBytes).decodeAt(bytesOf('00 746561'), 1)).to.deep.equal(
      right({ value: bytesOf('746561'), next: 4 }),
    )
  })

  it('may be a constant, or be ignored', () => {
    const Magic = struct('Magic', { kind: u8, end: literal(restBytes, bytesOf('6f6b')) })
    bothWays(Magic, { kind: 1 }, '0100000000000000 6f6b')
    expect(refusal(Magic, '0100000000000000 6f')[0]).to.equal('UnexpectedValue')
    const Open = struct('Open', { kind: u8, more: literal(restBytes, new Uint8Array(0), { ignored: true }) })
    bothWays(Open, { kind: 1 }, '0100000000000000')
    expect(compile(Open).decode(bytesOf('0100000000000000 616263'))).to.deep.equal(right({ kind: 1 }))
  })

  it('keep the limits of texts and messages, and their own limit, in any chunks', async () => {
    for (const size of [1, 3, 64]) {
      for (const [grammar, limits, offset, expected] of [
        [Note, { string: 2 }, 8, 'at most 2 (the string limit)'],
        [Note, { message: 10 }, 8, 'at most 10 (the message limit)'],
        [struct('Short', { kind: u8, text: limited(2, restBytes) }), {}, 8, 'at most 2 (the string limit)'],
      ] as const) {
        const hex = '0100000000000000 746561 746561'
        const whole = issueOf(compile(grammar, {}, { limits }).decode(bytesOf(hex)))
        expect(whole).to.deep.include({ _tag: 'LimitExceeded', offset, path: ['text'], expected })
        expect(issueOf(await inChunks(grammar, hex, size, limits))).to.deep.equal(whole)
        const dissected = dissect(grammar, {}, bytesOf(hex), { limits }).result
        expect(issueOf(dissected)).to.deep.equal(whole)
      }
      const exact = await inChunks(Note, '0100000000000000 746561', size, { string: 3, message: 11 })
      expect(rightOf(exact).text.length).to.equal(3)
    }
    expect(issueOf(compile(limited(2, restBytes)).encode(bytesOf('746561')))._tag).to.equal('LimitExceeded')
  })

  it('buffer no more of an endless source than the limit', async () => {
    let sent = 0
    function* endless(): Generator<Uint8Array> {
      for (;;) {
        sent += 1024
        yield new Uint8Array(1024)
      }
    }
    const reader = new NixReader(endless(), { limits: { string: 4096 } })
    expect(issueOf(await reader.readValue(restBytes)())).to.deep.include({
      _tag: 'LimitExceeded',
      maximum: 4096,
    })
    expect(sent).to.be.at.most(6144)
  })
})

describe('a grammar that reads to the end', () => {
  it('is read from a stream up to its end, after what came before', async () => {
    const reader = new NixReader(cut(bytesOf('0500000000000000 0100000000000000 746561'), [5]))
    expect(await reader.readValue(u8)()).to.deep.equal(right(5))
    expect(await reader.readValue(Note)()).to.deep.equal(right({ kind: 1, text: bytesOf('746561') }))
    expect(reader.offset).to.equal(19)
    expect(rightOf(await reader.tryReadValue(Note)())._tag).to.equal('None')
    expect(await reader.readValue(restBytes)()).to.deep.equal(right(new Uint8Array(0)))
  })

  it('ends with the frames that are read as a stream', async () => {
    const outer = new NixReader(
      cut(bytesOf('0500000000000000 0100000000 0600000000000000 000000 746561 0000000000000000 07'), [3]),
    )
    const frames = new FramedReader(outer)
    const inside = new NixReader(frames)
    expect(await inside.readValue(Note)()).to.deep.equal(right({ kind: 1, text: bytesOf('746561') }))
    expect(rightOf(await outer.readSome()())).to.deep.equal({ _tag: 'Some', value: bytesOf('07') })
  })

  it('is read on after an issue in it', () => {
    const wire = bytesOf(
      '0700000000000000 0100000000000000 6101000000000000 0100000000000000 6200000000000000',
    )
    for (const size of [1, 7, 64]) {
      const reading = new TolerantReading(Names, {})
      let there: Uint8Array = new Uint8Array(0)
      for (const chunk of cut(wire, [size])) {
        there = concat(there, chunk)
        expect(reading.next(there, false)).to.equal(null)
        there = there.subarray(reading.taken)
      }
      expect(reading.next(there, true)).to.deep.equal(right({ kind: 7, names: ['a', 'b'] }))
      expect(reading.takeIssues().map(({ _tag, offset }) => [_tag, offset])).to.deep.equal([
        ['NonZeroPadding', 17],
      ])
    }
    const bytes = new TolerantReading(Note, {})
    expect(bytes.next(bytesOf('0100000000000000 74'), false)).to.equal(null)
    expect(bytes.missing).to.equal(1)
    expect(bytes.next(bytesOf('746561'), true)).to.deep.equal(right({ kind: 1, text: bytesOf('746561') }))
  })

  it('reads all that is left from a scripted reader', async () => {
    const mock = new MockReader().number(7n).bytes(bytesOf('61')).bytes(bytesOf('62'))
    expect(await mock.readValue(Names)()).to.deep.equal(right({ kind: 7, names: ['a', 'b'] }))
    const raw = new MockReader().number(7n).raw(bytesOf('61')).raw(bytesOf('62'))
    expect(await raw.readValue(Note)()).to.deep.equal(right({ kind: 7, text: bytesOf('6162') }))
    const other = new MockReader().number(7n).number(1n)
    expect(issueOf(await other.readValue(Names)())).to.deep.include({ _tag: 'SourceFailed' })
    const records = new MockReader().bytes(bytesOf('61')).number(1n)
    const pairs = await records.readValue(listToEnd(tuple(utf8, u8)))()
    expect(pairs).to.deep.equal(right([['a', 1]]))
  })

  it('is written to a scripted writer piece by piece', async () => {
    const mock = new MockWriter().number(7n).slice(bytesOf('61')).slice(bytesOf('62'))
    expect((await mock.writeValue(Names, { kind: 7, names: ['a', 'b'] })())._tag).to.equal('Right')
    mock.done()
    const raw = new MockWriter().number(7n).raw(bytesOf('6162'))
    expect((await raw.writeValue(Note, { kind: 7, text: bytesOf('6162') })())._tag).to.equal('Right')
    raw.done()
    const none = new MockWriter().number(7n)
    expect((await none.writeValue(Note, { kind: 7, text: new Uint8Array(0) })())._tag).to.equal('Right')
    none.done()
  })

  const misplaced: { readonly [mistake: string]: () => unknown } = {
    'the field a of A reads to the end of the message, but the field b comes after it: put it last, or use paddedBytes':
      () => struct('A', { a: restBytes, b: u8 }),
    'the field a of A reads to the end of the message, but the field c comes after it: put it last, or use listOf':
      () => struct('A', { a: listToEnd(u8), b: pure(1), c: versioned(since('1.2'), u8, 0) }),
    'the field a of Case reads to the end of the message, but the field b comes': () =>
      tagged('is', u8, { Case: [0, { a: Note, b: u8 }] }),
    'the item 0 of a tuple reads to the end of the message, but the item 1 comes': () => tuple(restBytes, u8),
    'the item of listOf reads to the end of the message, but another item may come': () => listOf(Note),
    'the item of listOf reads to the end of the message, but another item comes': () =>
      listOf(untyped(Note), { length: 2 }),
    'the item of listToEnd reads to the end of the message, but another item may come': () =>
      listToEnd(Names),
    'the item of setOf reads to the end of the message': () => setOf(Note),
    'the key of mapOf reads to the end of the message, but its value comes': () => mapOf(Note, u8),
    'the value of mapOf reads to the end of the message, but another entry may come': () => mapOf(u8, Note),
    'the item of until reads to the end of the message, but a mark comes': () =>
      until(
        u8,
        { next: 1, end: 0 },
        refine(Note, 'any', () => true),
      ),
    'listToEnd of items that may take no bytes': () => listToEnd(versioned(since('1.2'), u8, 0)),
    'or framed, which has an end': () => listOf(untyped(restBytes)),
  }
  for (const [mistake, build] of Object.entries(misplaced)) {
    it(`is rejected before something else, at once: ${mistake}`, () => {
      expect(build).to.throw(TypeError, mistake)
    })
  }

  it('may be followed by a grammar that never takes bytes', () => {
    bothWays(struct('A', { a: restBytes, b: pure(1) }), { a: bytesOf('61'), b: 1 }, '61')
    bothWays(
      listOf(untyped(Note), { length: 1 }) as Grammar<unknown>,
      [{ kind: 1, text: bytesOf('61') }],
      `${'01'.padEnd(16, '0')}61`,
    )
  })

  it('is found inside lazy when a codec is made', () => {
    const Later: Grammar<{ readonly kind: number; readonly text: Uint8Array }> = lazy(() => Note)
    bothWays(
      struct('Last', { a: u8, b: Later }),
      { a: 1, b: { kind: 2, text: bytesOf('61') } },
      `${'01'.padEnd(16, '0')}${'02'.padEnd(16, '0')}61`,
    )
    bothWays(
      listOf(framed(Later)),
      [{ kind: 2, text: bytesOf('61') }],
      '0100000000000000 0900000000000000 0200000000000000 61 0000000000000000',
    )
    for (const grammar of [struct('First', { a: Later, b: u8 }), listOf(Later), listToEnd(Later)]) {
      for (const evaluate of [true, false]) {
        expect(() => compile(grammar as Grammar<unknown>, {}, { evaluate })).to.throw(
          TypeError,
          'the grammar of lazy (Note) reads to the end of the message, but something comes after it',
        )
      }
    }
  })

  it('may be the end of a recursion', () => {
    type Chain =
      | { readonly is: 'End'; readonly data: Uint8Array }
      | { readonly is: 'Next'; readonly next: Chain }
    const Chain: Grammar<Chain> = tagged('is', u8, {
      End: [0, { data: restBytes }],
      Next: [1, { next: lazy(() => Chain) }],
    })
    bothWays(
      Chain,
      { is: 'Next', next: { is: 'End', data: bytesOf('61') } },
      '0100000000000000 0000000000000000 61',
    )
  })

  it('shows as an array and as base64', () => {
    shownAs(listToEnd(u8), [1, 2], [1n, 2n])
    shownAs(restBytes, bytesOf('746561'), 'dGVh')
    expect(toJsonSchema(listToEnd(u8))).to.deep.include({
      type: 'array',
      items: { type: 'integer', minimum: 0, maximum: 255 },
    })
    expect(toJsonSchema(restBytes)).to.deep.include({ type: 'string', contentEncoding: 'base64' })
  })

  it('is described on a page', () => {
    expect(toMarkdown('Note', Note)).to.include('- text :: bytes to the end of the message or of its frames')
    expect(toMarkdown('Names', Names)).to.include('- names :: List of `utf8`')
    expect(toMarkdown('Names', Names)).to.include('(to the end of the message or of its frames)')
    expect(toMarkdown('Rest', restBytes)).to.include(
      'All bytes to the end of the message or of its frames, without length or padding.',
    )
    expect(toMarkdown('List', listToEnd(u8))).to.include('without a count, in the given order.')
  })

  it('is dissected without a count', () => {
    const { tree } = dissect(Names, {}, bytesOf('0700000000000000 0100000000000000 6100000000000000'))
    expect(
      tree?.parts[1]?.parts.map(({ start, end, role, value }) => [start, end, role, value]),
    ).to.deep.equal([[8, 24, 'value', 'a']])
  })

  it('has no rule against bytes after it', () => {
    const rules = (grammar: Grammar<unknown>) => toMalformed(grammar).rules.map(({ name }) => name)
    expect(rules(restBytes as Grammar<unknown>)).to.deep.equal([])
    expect(rules(Names as Grammar<unknown>)).not.to.include('message: nothing behind it')
    expect(rules(Message as Grammar<unknown>)).to.include('message: nothing behind it')
    expect(rules(Lines as Grammar<unknown>)).to.include('message: nothing behind it')
    expect(rules(Lines as Grammar<unknown>)).not.to.include('message: nothing behind the value in the frames')
  })

  const message = { is: 'Names', names: ['a', 'b'] } as const
  const broken = {
    'bytes in frames': malformed(framed(Message), { is: 'Note', text: bytesOf('61') }),
    'items in frames': malformed(framed(Message), message),
    'none in frames': malformed(framed(Message), { is: 'Ping', time: 1n }),
    items: malformed(Message, message),
    'items of two bytes': malformed(listToEnd(rawBytes(2)), [bytesOf('6161'), bytesOf('6262')]),
    'items of frames': malformed(listToEnd(framed(listToEnd(u8))), [[], [1]]),
    'bytes with a limit': malformed(limited(2, restBytes), bytesOf('61')),
  }
  for (const [name, samples] of Object.entries(broken)) {
    it(`is rejected for each broken rule, for that reason: ${name}`, () => {
      expect(samples).not.to.deep.equal([])
      for (const { rule, expected, found } of samples) {
        expect(found, rule).to.deep.equal(expected)
      }
    })
  }

  it('may have no rules at all', () => {
    expect(malformed(listToEnd(rawBytes(1)), [bytesOf('61'), bytesOf('62')])).to.deep.equal([])
    expect(toMalformed(restBytes).pick(bytesOf('61'), 7)).to.equal(null)
    expect([...toMalformed(restBytes).sample([bytesOf('61')], 7)]).to.deep.equal([])
  })

  const grammars: ReadonlyArray<Grammar<unknown>> = [
    restBytes,
    limited(5, restBytes),
    listToEnd(rawBytes(1)),
    Names,
    Lines,
    Message,
    struct('Inner', { note: framed(Note), names: listToEnd(framed(listToEnd(utf8))) }),
    named(
      'Refined',
      refine(listToEnd(u8), 'at least one item', ({ length }) => length > 0),
    ),
    named('Keys', mapOf(framed(restBytes), listOf(framed(listToEnd(u8))))),
    named('Gated', struct('Gated', { a: utf8, b: versioned(since('1.20'), restBytes, new Uint8Array(0)) })),
    named('Status', tagged('status', u64, { Ok: [0, {}] }, { Failed: ['code', { why: restBytes }] })),
    named('FramedMessage', framed(Message)),
    named('Maps', listToEnd(mapOf(u8, utf8))),
  ].map((grammar) => grammar as Grammar<unknown>)
  for (const grammar of grammars) {
    describeLaws(grammar)
  }
})
