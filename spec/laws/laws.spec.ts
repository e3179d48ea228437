import { expect } from 'chai'
import fc from 'fast-check'
import { left, right } from 'fp-ts/lib/Either.js'
import { featureSetsOf, protocolsOf, versionsOf } from '../../combinators/deciding.js'
import {
  allOf,
  anyOf,
  before,
  bool32,
  bool64,
  byProtocol,
  compile,
  enumOf,
  escapedText,
  feature,
  framed,
  type Grammar,
  i64,
  imap,
  intUpTo,
  lazy,
  limited,
  listOf,
  literal,
  lowBits,
  mapOf,
  named,
  not,
  openEnumOf,
  optional,
  optionalByOpenTag,
  optionalByTag,
  optionalEnumOf,
  paddedBytes,
  rawBytes,
  refine,
  setOf,
  since,
  size,
  strictBool,
  struct,
  tagged,
  text,
  tuple,
  u8,
  u32,
  u64,
  until,
  utf8,
  versioned,
  withBytes,
} from '../../index.js'
import { checkLaws, describeLaws, type SubjectOf, supply } from '../../laws/index.js'
import { DerivedPath, StorePathName } from '../../types/index.js'

/** A protocol that is not that of Nix, with every combinator in it. */
interface Expression {
  readonly operands: ReadonlyArray<Expression>
  readonly operator: 'Plus' | 'Times' | number
}
const Expression: Grammar<Expression> = struct('Expression', {
  operator: openEnumOf(u8, { Plus: 0, Times: 1 }),
  operands: listOf(
    lazy(() => Expression),
    { count: u8 },
  ),
})

const Even = named(
  'Even',
  refine(intUpTo(100), 'an even number', (n) => n % 2 === 0),
)

const Header = struct('Header', {
  magic: literal(u64, 0x6c6f7265n),
  flags: literal(u32, 0, { ignored: true }),
  version: lowBits(16),
  kind: rawBytes(3),
  nothing: rawBytes(0),
})

const Everything = struct('Everything', {
  header: Header,
  pair: tuple(bool32, strictBool, literal(u8, 7), limited(20, paddedBytes)),
  text: escapedText,
  name: optional(text(StorePathName.format)),
  size,
  even: Even,
  kelvin: imap(
    u64,
    (n) => right(n - 273n),
    (n: bigint) => right(n + 273n),
  ),
  maybe: optionalByTag(u8, setOf(tuple(u8, utf8))),
  sizeOrTag: optionalByOpenTag(u32, u64),
  noteOrTag: optionalByOpenTag(u8, utf8),
  trust: optionalEnumOf(u8, 0, { Trusted: 1, NotTrusted: 2 }),
  colour: enumOf(u8, { Red: 1, Green: 5 }),
  shape: tagged('kind', utf8, { Point: ['.', {}], Circle: ['o', { radius: u32 }] }),
  expression: Expression,
  extra: versioned(allOf(since('1.20'), feature('extra')), mapOf(utf8, u64), new Map()),
  form: byProtocol(
    [[feature('wide'), u64]],
    named(
      'Narrow',
      imap(
        u8,
        (n) => right(BigInt(n)),
        (n: bigint) => right(Number(n)),
      ),
    ),
  ),
  words: until(utf8, { next: 'next', end: 'end' }, u64),
  first: mapOf(tuple(u8, bool64), u8, { duplicates: 'first' }),
  content: framed(listOf(utf8)),
})

describe('the law kit on grammars of all kinds', () => {
  describeLaws(Everything, { versions: ['1.19', '1.20'], runs: 60 })
  describeLaws(Expression, { runs: 200 })
  describeLaws(framed(struct('Inner', { a: u64, b: framed(utf8) })), { runs: 200 })
  describeLaws(setOf(mapOf(optional(text(StorePathName.format)), setOf(escapedText))), { runs: 100 })
})

describe('the protocols under which the laws are run', () => {
  const Info = struct('Info', {
    a: versioned(since('1.16'), bool64, false),
    b: versioned(feature('f'), bool64, false),
  })
  const versions = ['1.14', '1.15', '1.16', '1.38'] as const

  it('are one for each outcome of the gates', () => {
    const protocols = protocolsOf(Info.node, versions, [[], ['f'], ['other']], '/s', 'a test')
    expect(protocols.map(({ version, features }) => [version, features])).to.deep.equal([
      ['1.14', []],
      ['1.16', []],
      ['1.14', ['f']],
      ['1.16', ['f']],
    ])
    expect(protocols[0]?.storeDir).to.equal('/s')
  })

  it('are one for each outcome of the gates of a text format', () => {
    const protocols = protocolsOf(
      text(DerivedPath.format).node,
      ['1.14', '1.29', '1.30', '1.38'],
      [[]],
      '/s',
      'a test',
    )
    expect(protocols.map(({ version }) => version)).to.deep.equal(['1.14', '1.30'])
  })

  it('include the versions that the grammar names, and those before them', () => {
    expect(versionsOf(u64.node)).to.deep.equal([])
    expect(versionsOf(Info.node)).to.deep.equal(['1.15', '1.16'])
    expect(versionsOf(text(DerivedPath.format).node)).to.deep.equal(['1.29', '1.30'])
    const edges = struct('Edges', {
      a: versioned(before('0.0'), u8, 0),
      b: versioned(not(anyOf(since('2.0'), since('1.255'))), u8, 0),
    })
    expect(versionsOf(edges.node)).to.deep.equal(['0.0', '1.254', '1.255', '2.0'])
  })

  it('include the features that the grammar names', () => {
    expect(featureSetsOf(u64.node)).to.deep.equal([[]])
    expect(featureSetsOf(Info.node)).to.deep.equal([[], ['f']])
    expect(featureSetsOf(Everything.node)).to.deep.equal([[], ['extra'], ['wide'], ['extra', 'wide']])
  })
})

describe('checkLaws', () => {
  const stripped: SubjectOf<string> = (grammar, given, settings) => {
    const codec = compile(grammar, given, settings)
    return {
      decode: (bytes) => codec.decode(bytes),
      decodeAt: (bytes, at) => codec.decodeAt(bytes, at),
      encode: (value) => codec.encode(value.replace(/^\ufeff/, '')),
      size: (value) => codec.size(value),
    }
  }

  it('reports the smallest input it found, and finds it again with the same seed', async () => {
    const [failure] = await checkLaws(utf8, { subject: stripped, runs: 500 })
    expect(failure).to.deep.include({
      law: 'an encoded value is decoded as the same value, in both profiles',
      protocol: { features: [] },
      message: 'the decoded value is "", not "\ufeff"',
      counterexample: ['\ufeff'],
    })
    const again = await checkLaws(utf8, { subject: stripped, runs: 500, seed: failure?.seed ?? 0 })
    expect(again[0]).to.deep.equal(failure)
  })

  it('accepts your own values', async () => {
    const wrongOnOne: SubjectOf<string> = (grammar, given, settings) => {
      const codec = compile(grammar, given, settings)
      const swapped = (value: string) => (value === 'from elsewhere' ? 'another' : value)
      return {
        decode: (bytes) => codec.decode(bytes),
        decodeAt: (bytes, at) => codec.decodeAt(bytes, at),
        encode: (value) => codec.encode(swapped(value)),
        size: (value) => codec.size(swapped(value)),
      }
    }
    const values = () => fc.constant('from elsewhere')
    expect(await checkLaws(utf8, { subject: wrongOnOne, runs: 5 })).to.deep.equal([])
    const found = await checkLaws(utf8, { subject: wrongOnOne, values, runs: 5 })
    expect(found[0]?.counterexample).to.deep.equal(['from elsewhere'])
    const Rare = refine(u64, 'one number in many', (n) => n === 0x6e697863n)
    const failures = await checkLaws(Rare, { given: [supply(Rare, fc.constant(0x6e697863n))], runs: 5 })
    expect(failures).to.deep.equal([])
  })

  it('accepts a constant whose view shows it in another form, beside bytes too', async () => {
    const Below = withBytes(
      struct('Below', { least: literal(i64, -2n), more: refine(u8, 'odd', (n) => n % 2 === 1) }),
    )
    expect(await checkLaws(Below, { runs: 5 })).to.deep.equal([])
  })

  it('accepts two keys whose view reads more than it writes', async () => {
    const Short = imap(
      u8,
      (n) => right(String(n)),
      (digits: string) => (/^(0|[1-9][0-9]?)$/.test(digits) ? right(Number(digits)) : left('two digits')),
      { nearest: (n) => n % 100 },
    )
    expect(await checkLaws(mapOf(Short, u8), { runs: 300, seed: 1 })).to.deep.equal([])
  })

  it('finds nothing in a correct grammar', async () => {
    expect(await checkLaws(Everything, { versions: ['1.38'], runs: 5 })).to.deep.equal([])
  })
})

describe('describeLaws', () => {
  it('requires a test suite', () => {
    const { it: test } = globalThis
    try {
      Object.assign(globalThis, { it: undefined })
      expect(() => describeLaws(u64)).to.throw(TypeError, 'checkLaws')
    } finally {
      Object.assign(globalThis, { it: test })
    }
  })
})
