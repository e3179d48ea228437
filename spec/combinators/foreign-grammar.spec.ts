import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { none, type Option, some } from 'fp-ts/lib/Option.js'
import {
  allOf,
  anyOf,
  before,
  bool32,
  byProtocol,
  enumOf,
  escapedText,
  feature,
  framed,
  type Grammar,
  imap,
  intUpTo,
  isGrammar,
  lazy,
  limited,
  listOf,
  literal,
  lowBits,
  mapOf,
  named,
  nodeName,
  not,
  openEnumOf,
  optional,
  optionalByTag,
  optionalEnumOf,
  type Protocol,
  paddedBytes,
  pure,
  rawBytes,
  refine,
  setOf,
  since,
  size,
  strictBool,
  struct,
  summarised,
  type TextFormat,
  type TypeOf,
  tagged,
  text,
  tuple,
  u8,
  u32,
  u63,
  u64,
  until,
  utf8,
  versioned,
} from '../../combinators/index.js'
import { compile } from '../../interpreters/index.js'
import { rightOf } from '../support/either.js'
import { refusedAs } from '../support/issues.js'
import { concat, int, padded } from '../support/wire.js'

/** The lamps of a house, in an invented protocol: every combinator, and nothing of Nix. */

type Colour = string & { readonly colour: unique symbol }

/** `#` and six hex digits; capitals are read too, and become small. */
const colourFormat: TextFormat<Colour> = {
  name: 'Colour',
  summary: 'a colour such as #00ff00',
  value: 'text',
  pattern: [
    { _tag: 'literal', text: '#' },
    { _tag: 'chars', alphabet: '0123456789abcdef', min: 6, max: 6 },
  ],
  parse: (given) => {
    const at = [...given].findIndex((character, i) => !(i === 0 ? /#/ : /[0-9a-fA-F]/).test(character))
    if (at < 0 && given.length === 7) return right(given.toLowerCase() as Colour)
    const position = at < 0 ? Math.min(given.length, 7) : at
    return left({ position, expected: '# and six hex digits', actual: given.slice(position) || 'the end' })
  },
  print: (colour) => right(colour),
}
const Colour = text(colourFormat)

const Percent = intUpTo(100)

const Fade = imap(
  u32,
  (millis): Either<string, { readonly seconds: number }> => right({ seconds: millis / 1000 }),
  ({ seconds }) => (seconds >= 0 ? right(Math.round(seconds * 1000)) : left('no time before now')),
)

const Command = tagged('do', u8, {
  Off: [0, {}],
  On: [1, { level: Percent, fade: Fade }],
  Paint: [2, { colour: Colour, unused: literal(u64, 0n) }],
})

interface Group {
  readonly title: string
  readonly lamps: ReadonlyArray<number>
  readonly groups: ReadonlyArray<Group>
}
const Group: Grammar<Group> = struct('Group', {
  title: limited(40, utf8),
  lamps: setOf(u8, { count: u8 }),
  groups: listOf(lazy(() => Group)),
})

const House = summarised(
  'a house and its lamps',
  struct('House', {
    magic: literal(rawBytes(3), new Uint8Array([0x6c, 0x69, 0x74])),
    id: u64,
    owner: escapedText,
    accent: optional(Colour),
    phase: optionalEnumOf(u8, 9, { Day: 0, Night: 1 }),
    mode: openEnumOf(u32, { Auto: 0, Manual: 1 }),
    unit: enumOf(u8, { Lumen: 0, Lux: 1 }),
    built: optionalByTag(u8, u63),
    root: Group,
    names: mapOf(size, utf8, { duplicates: 'first' }),
    commands: until(u64, { next: 1n, end: 0n }, Command),
    firmware: framed(limited(4096, paddedBytes)),
    place: tuple(u8, literal(u8, 7), bool32),
    secure: versioned(allOf(since('2.3'), not(feature('open'))), strictBool, false),
    version: lowBits(8),
    power: byProtocol([[anyOf(feature('watts'), before('2.0')), u64]], named('Milliwatts', u64)),
    pin: refine(u32, 'a pin of four digits', (pin) => pin < 10_000),
    constant: pure('always' as const),
  }),
)
type House = TypeOf<typeof House>

const house: House = {
  id: 2n ** 53n + 1n,
  owner: 'A\udcff',
  accent: some('#00ff7f' as Colour),
  phase: some('Night'),
  mode: 77,
  unit: 'Lux',
  built: none,
  root: { title: 'all', lamps: [1, 2], groups: [{ title: '', lamps: [], groups: [] }] },
  names: new Map([[1, 'hall']]),
  commands: [
    { do: 'Off' },
    { do: 'On', level: 100, fade: { seconds: 1.5 } },
    { do: 'Paint', colour: '#000000' as Colour },
  ],
  firmware: new Uint8Array([1, 2, 3]),
  place: [3, true],
  secure: true,
  version: 255,
  power: 60n,
  pin: 9999,
  constant: 'always',
}

/** Written by hand, from the words above. */
const wire = concat(
  new Uint8Array([0x6c, 0x69, 0x74]),
  int(2n ** 53n + 1n),
  padded(new Uint8Array([0x41, 0xff])),
  padded('#00ff7f'),
  int(1),
  int(77),
  int(1),
  int(0),
  concat(padded('all'), int(2), int(1), int(2), int(1), padded(''), int(0), int(0)),
  concat(int(1), int(1), padded('hall')),
  concat(
    int(1),
    int(0),
    int(1),
    int(1),
    int(100),
    int(1500),
    int(1),
    int(2),
    padded('#000000'),
    int(0),
    int(0),
  ),
  concat(int(16), padded(new Uint8Array([1, 2, 3])), int(0)),
  concat(int(3), int(7), int(1)),
  int(1),
  int(255),
  int(60),
  int(9999),
)

const given: Partial<Protocol> = { version: '2.3', features: [] }

describe('a grammar of another protocol', () => {
  it('is read and written, in both profiles, with and without generated code, and at any offset', () => {
    for (const profile of ['compatible', 'canonical'] as const) {
      for (const evaluate of [true, false]) {
        const codec = compile(House, given, { profile, evaluate })
        expect(codec.encode(house)).to.deep.equal(right(wire))
        expect(codec.decode(wire)).to.deep.equal(right(house))
        expect(codec.decodeAt(concat(new Uint8Array(5), wire, new Uint8Array(2)), 5)).to.deep.equal(
          right({ value: house, next: 5 + wire.length }),
        )
        expect(codec.size(house)).to.equal(wire.length)
      }
    }
  })

  it('orders the fields of its values as on the wire', () => {
    for (const evaluate of [true, false]) {
      const read = rightOf(compile(House, given, { evaluate }).decode(wire))
      expect(Object.keys(read)).to.deep.equal(Object.keys(house))
      expect(Object.getPrototypeOf(read)).to.equal(Object.prototype)
    }
  })

  it('follows the protocol', () => {
    const open = compile(House, { version: '2.3', features: ['open'] })
    refusedAs(open.encode(house), 'Unrepresentable', wire.length - 32, ['secure'])
    expect(rightOf(open.encode({ ...house, secure: false }))).to.have.lengthOf(wire.length - 8)
    expect(
      rightOf(compile(House, { version: '2.2', features: [] }).encode({ ...house, secure: false })),
    ).to.have.lengthOf(wire.length - 8)
  })

  it('reports issues in its own words', () => {
    const codec = compile(House, given)
    refusedAs(codec.decode(wire.with(0, 1)), 'UnexpectedValue', 0, ['magic'])
    const pin = concat(wire.subarray(0, -8), int(10_000))
    const issue = refusedAs(codec.decode(pin), 'InvalidValue', wire.length - 8, ['pin'])
    expect(issue.expected).to.equal('a pin of four digits')
    refusedAs(codec.encode({ ...house, pin: 10_000 }), 'Unrepresentable', wire.length - 8, ['pin'])
    refusedAs(codec.encode({ ...house, constant: 'never' as 'always' }), 'Unrepresentable', wire.length, [
      'constant',
    ])
    const on = { do: 'On', level: 101, fade: { seconds: 0 } } as const
    const level = refusedAs(codec.encode({ ...house, commands: [on] }), 'OutOfRange', 3 + 8 * 24, [
      'commands',
      0,
      'level',
    ])
    expect(level.expected).to.include('100')
    const fade = { do: 'On', level: 1, fade: { seconds: -1 } } as const
    refusedAs(codec.encode({ ...house, commands: [fade] }), 'Unrepresentable', 3 + 8 * 25, [
      'commands',
      0,
      'fade',
    ])
    const title = { ...house.root, title: 'x'.repeat(41) }
    refusedAs(codec.encode({ ...house, root: title }), 'LimitExceeded', 3 + 8 * 9, ['root', 'title'])
  })

  it('normalises its own text format, or rejects the text', () => {
    const [compatible, canonical] = [compile(Colour), compile(Colour, {}, { profile: 'canonical' })]
    expect(compatible.decode(padded('#00FF7f'))).to.deep.equal(right('#00ff7f'))
    refusedAs(canonical.decode(padded('#00FF7f')), 'NotCanonical', 8)
    expect(refusedAs(compatible.decode(padded('#00gf7f')), 'InvalidText', 8)).to.include({ position: 3 })
    expect(refusedAs(compatible.decode(padded('#00')), 'InvalidText', 8)).to.include({ position: 3 })
  })
})

describe('the type of a grammar', () => {
  it('describes its values: plain readonly objects', () => {
    expectTypeOf<House>().toEqualTypeOf<{
      readonly id: bigint
      readonly owner: string
      readonly accent: Option<Colour>
      readonly phase: Option<'Day' | 'Night'>
      readonly mode: number | 'Auto' | 'Manual'
      readonly unit: 'Lumen' | 'Lux'
      readonly built: Option<bigint>
      readonly root: Group
      readonly names: ReadonlyMap<number, string>
      readonly commands: ReadonlyArray<
        | { readonly do: 'Off' }
        | { readonly do: 'On'; readonly level: number; readonly fade: { readonly seconds: number } }
        | { readonly do: 'Paint'; readonly colour: Colour }
      >
      readonly firmware: Uint8Array
      readonly place: readonly [number, boolean]
      readonly secure: boolean
      readonly version: number
      readonly power: bigint
      readonly pin: number
      readonly constant: 'always'
    }>()
    expectTypeOf(compile(House, given).decode).returns.toEqualTypeOf<
      ReturnType<ReturnType<typeof compile<House>>['decode']>
    >()
    expect(isGrammar(House)).to.equal(true)
    expect(nodeName(House.node)).to.equal('House')
  })
})
