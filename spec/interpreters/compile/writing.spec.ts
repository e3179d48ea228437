import { expect } from 'chai'
import { left, right } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import {
  escapedText,
  type Grammar,
  type Issue,
  imap,
  lazy,
  listOf,
  lowBits,
  mapOf,
  optionalByOpenTag,
  optionalByTag,
  optionalEnumOf,
  type Protocol,
  rawBytes,
  setOf,
  since,
  size,
  struct,
  tagged,
  tuple,
  u8,
  u32,
  u64,
  utf8,
  versioned,
} from '../../../combinators/index.js'
import * as G from '../../../grammar/index.js'
import { type Codec, compile } from '../../../interpreters/index.js'
import type * as T from '../../../types/index.js'
import { edgesOf } from '../../support/conversation-edges.js'
import { damaged } from '../../support/damaged.js'
import { signature, storePath } from '../../support/edge-values.js'
import { issueOf, rightOf } from '../../support/either.js'
import { allGrammars, type ValueOf } from '../../support/grammars.js'
import { refusedAs } from '../../support/issues.js'
import { allProtocols, realisationsByPath } from '../../support/protocols.js'
import { concat, int, padded, wrong } from '../../support/wire.js'

/** What a program without types, or one with casts, may hand over. */
const anything: ReadonlyArray<unknown> = [
  undefined,
  null,
  true,
  0,
  -1,
  1.37,
  Number.NaN,
  2 ** 53,
  1n,
  -1n,
  2n ** 64n,
  '',
  '1.37',
  '\ud800',
  Symbol('value'),
  () => 0,
  {},
  Object.create(null),
  [],
  [undefined],
  // A hole in an array is neither a value nor an item.
  Object.assign([], { 2: 1n }),
  new Map(),
  new Map([[undefined, undefined]]),
  new Map([['out', undefined]]),
  new Map([['out', { _tag: 'Hash' }]]),
  new Map([['out', { _tag: 'Path' }]]),
  new Set(),
  new Date(0),
  new Uint8Array(3),
  new Uint16Array(4),
  ...['None', 'Some', 'Opaque', 'Built', 'Hash', 'Path', 'CAFixed', 'Impure', 'Trusted', 'Text', 7].map(
    (_tag) => ({ _tag }),
  ),
  { _tag: Object.create(null) },
  { _tag: Symbol('tag') },
  { _tag: 'Some', value: undefined },
  { _tag: 'Some', value: 'None' },
  { _tag: 'Built', drvPath: {}, outputs: {} },
  { _tag: 'Built', drvPath: { _tag: 'Opaque' }, outputs: { _tag: 'Names', names: 7 } },
  { _tag: 'Hash', text: { _tag: 'Some', value: 7 } },
  { _tag: 'CAFixed', algorithm: 'sha256', digest: 7 },
  { type: 'Int' },
  { type: Symbol('type') },
]

/** What stands in for a part of a value. */
const nothings: ReadonlyArray<unknown> = [undefined, null, 7, {}, Symbol('part'), { _tag: 'Some' }]

const newest = allProtocols.slice(-2)
const old: Partial<Protocol> = { version: '1.15' }

describe('a codec rejects, when writing,', () => {
  it('anything of another type, as an issue and never an exception, and does not change it', () => {
    for (const [name, grammar] of allGrammars) {
      for (const given of newest) {
        const codec = compile(grammar, given)
        const [value] = edgesOf(name, given).slice(-1)
        const bytes = codec.encode(value)
        for (const each of [...anything, ...nothings.flatMap((by) => [...damaged(value, by)])]) {
          const written = codec.encode(each)
          // A value that is accepted nevertheless must be valid: a reader accepts it.
          if (written._tag === 'Right') {
            expect(codec.decode(written.right), name).to.have.property('_tag', 'Right')
          }
        }
        expect(codec.encode(value)).to.deep.equal(bytes)
      }
    }
  })

  it('integers out of the range of their type, and numbers that are not integers', () => {
    const range = (grammar: Grammar<number> | Grammar<bigint>, value: number | bigint) =>
      refusedAs(compile(tuple(u64, grammar as Grammar<unknown>)).encode([0n, value]), 'OutOfRange', 8, [1])
    for (const value of [-1n, 2n ** 64n]) range(G.UInt64, value)
    for (const value of [-1n, 2n ** 63n]) range(G.Int64, value)
    for (const value of [-1, 256, 1.5]) range(G.UInt8, value)
    for (const value of [-1, 2 ** 32, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) range(G.Int, value)
    for (const value of [-1, 2 ** 53]) range(G.Size, value)
    for (const value of [-1, 256]) range(lowBits(8), value)
    refusedAs(compile(G.UInt64).encode(wrong(1)), 'Unrepresentable', 0)
    refusedAs(compile(G.Int).encode(wrong(1n)), 'Unrepresentable', 0)
  })

  it('unknown names and cases', () => {
    for (const grammar of [G.BuildMode, G.Verbosity, G.OptTrusted]) {
      refusedAs(compile(listOf(grammar as Grammar<unknown>)).encode(['Sideways']), 'Unrepresentable', 8, [0])
    }
    refusedAs(compile(G.OptTrusted).encode(some(wrong('None'))), 'Unrepresentable', 0)
    refusedAs(compile(G.OptTrusted).encode(wrong({ _tag: 'Trusted' })), 'Unrepresentable', 0)
    refusedAs(compile(listOf(G.Field)).encode([wrong({ type: 'Float' })]), 'Unrepresentable', 8, [0, 'type'])
    refusedAs(compile(listOf(G.Field)).encode([wrong(null)]), 'Unrepresentable', 8, [0, 'type'])
    refusedAs(compile(G.Field).encode(wrong({ type: 'Int' })), 'Unrepresentable', 8, ['value'])
  })

  it('numbers of an open enumeration that have a name', () => {
    const issue = refusedAs(compile(listOf(G.Verbosity)).encode([9, 0]), 'Unrepresentable', 16, [1])
    expect(issue.expected).to.include('"Error"')
    refusedAs(compile(G.ActivityType).encode(100), 'Unrepresentable', 0)
    refusedAs(compile(G.Verbosity).encode(2 ** 32), 'OutOfRange', 0)
  })

  it('texts that could not be read back', () => {
    const escaped = compile(tuple(u64, escapedText))
    for (const text of ['\ud800', 'a\udc00', '\udcc3\udca9', 'x\udcf0\udc9f\udca6\udc8a', '\udfff']) {
      refusedAs(escaped.encode([0n, text]), 'Unrepresentable', 8, [1])
    }
    for (const text of ['\ud800', '\udcff', `${'x'.repeat(2000)}\udfff`]) {
      refusedAs(compile(utf8).encode(text), 'Unrepresentable', 0)
    }
  })

  it('branded texts that got their brand by a cast', () => {
    for (const [name, grammar] of allGrammars) {
      const [value] = edgesOf(name, compile(grammar).protocol).slice(-1)
      if (typeof value === 'string' && grammar.node._tag === 'text' && grammar.node.format !== null) {
        // A file's path and a key's name may contain anything.
        const isFree = name === 'Path' || name === 'Signature'
        for (const text of isFree ? [] : [`${value}\n`, '\u0161'.repeat(32), `\ufeff${value}`]) {
          refusedAs(compile(grammar).encode(text), 'InvalidText', 8)
        }
      }
    }
    refusedAs(compile(G.Path).encode(wrong('tmp')), 'InvalidText', 8)
    expect(compile(G.Signature).encode('k')).to.deep.equal(right(padded('k')))
    refusedAs(compile(G.Signature, {}, { profile: 'canonical' }).encode('k'), 'InvalidText', 8)
    refusedAs(compile(G.Signature).encode(signature('k:AAAA\n')), 'NotCanonical', 8)
    const upper = 'F'.repeat(64) as string as T.NARHash
    refusedAs(compile(G.NARHash).encode(upper), 'NotCanonical', 8)
    refusedAs(compile(G.StorePath).encode(wrong('/nix/store//x')), 'InvalidText', 8)
    refusedAs(compile(G.OptStorePath).encode(some(wrong(''))), 'InvalidText', 8)
  })

  it('bytes of another length than the wire has', () => {
    refusedAs(compile(tuple(u64, rawBytes(3))).encode([0n, new Uint8Array(4)]), 'Unrepresentable', 8, [1])
    refusedAs(compile(rawBytes(3)).encode(wrong([1, 2, 3])), 'Unrepresentable', 0)
  })

  it('duplicate set members and map keys, and names the second', () => {
    refusedAs(compile(tuple(u64, setOf(u64))).encode([0n, [3n, 1n, 3n]]), 'DuplicateKey', 16, [1, 2])
    refusedAs(compile(setOf(utf8)).encode(['a', 'a']), 'DuplicateKey', 8, [1])
    const pair = tuple(u64, u64)
    const twice = new Map([
      [[1n, 2n] as const, 0n],
      [[1n, 2n] as const, 1n],
    ])
    expect(issueOf(compile(mapOf(pair, u64)).encode(twice))).to.include({ _tag: 'DuplicateKey', offset: 8 })
    // The same set in another order is the same set.
    refusedAs(
      compile(setOf(setOf(u64))).encode([
        [2n, 1n],
        [1n, 2n],
      ]),
      'DuplicateKey',
      8,
      [1],
    )
  })

  it('tuples of another length', () => {
    refusedAs(compile(tuple(u64, u64)).encode(wrong([1n])), 'Unrepresentable', 0)
    refusedAs(compile(listOf(tuple(u64))).encode([wrong([1n, 2n])]), 'Unrepresentable', 8, [0])
  })

  it('a hole in an array, with its index', () => {
    const holed = [1n, 2n, 3n]
    delete holed[1]
    refusedAs(compile(listOf(u64)).encode(holed), 'Unrepresentable', 16, [1])
  })

  it('more than a reader with the same limits accepts', () => {
    const limits = { string: 8, collection: 2 }
    const text = compile(tuple(u64, utf8), {}, { limits })
    expect(text.encode([0n, '12345678'])._tag).to.equal('Right')
    for (const each of ['123456789', 'ääääx', '大大大']) {
      expect(refusedAs(text.encode([0n, each]), 'LimitExceeded', 8, [1])).to.include({
        limit: 'string',
        maximum: 8,
      })
    }
    refusedAs(compile(G.Bytes, {}, { limits }).encode(new Uint8Array(9)), 'LimitExceeded', 0)
    refusedAs(compile(G.Text, {}, { limits }).encode('1234567\udcff\udcff'), 'LimitExceeded', 0)
    refusedAs(compile(listOf(u64), {}, { limits }).encode([1n, 2n, 3n]), 'LimitExceeded', 0)
    refusedAs(compile(listOf(u64, { count: u8 })).encode(Array(256).fill(0n)), 'LimitExceeded', 0)
    refusedAs(
      compile(mapOf(u64, u64), {}, { limits }).encode(new Map([1n, 2n, 3n].map((key) => [key, key]))),
      'LimitExceeded',
      0,
    )
  })
})

describe('a field that the protocol does not send', () => {
  const info = (changed: Partial<ValueOf<'UnkeyedValidPathInfo'>>) => ({
    ...(edgesOf('UnkeyedValidPathInfo', compile(u64, old).protocol)[0] as ValueOf<'UnkeyedValidPathInfo'>),
    ...changed,
  })
  const codec = compile(G.UnkeyedValidPathInfo, old)

  it('is rejected if it differs from its default', () => {
    const at = codec.size(info({}))
    refusedAs(codec.encode(info({ ultimate: true })), 'Unrepresentable', at, ['ultimate'])
    refusedAs(codec.encode(info({ signatures: [signature('k:AAAA')] })), 'Unrepresentable', at, [
      'signatures',
    ])
    refusedAs(codec.encode(info({ ca: some(wrong({})) })), 'Unrepresentable', at, ['ca'])
    refusedAs(codec.encode(wrong({ ...info({}), ca: undefined })), 'Unrepresentable', at, ['ca'])
    expect(codec.encode(info({}))._tag).to.equal('Right')
  })

  it('is rejected so for every gated field of the grammar', () => {
    const refused = <N extends 'BuildResult' | 'Error' | 'ClientHandshakeInfo' | 'SubstitutablePathInfo'>(
      name: N,
      grammar: Grammar<ValueOf<N>>,
      version: Protocol['version'],
      changed: Partial<ValueOf<N>>,
    ) => {
      const before = compile(grammar, { version })
      const [value] = edgesOf(name, before.protocol) as ReadonlyArray<ValueOf<N>>
      const issue = issueOf(before.encode({ ...(value as ValueOf<N>), ...changed }))
      expect([issue._tag, issue.path]).to.deep.equal(['Unrepresentable', Object.keys(changed)])
    }
    refused('BuildResult', G.BuildResult, '1.28', { timesBuilt: 1 })
    refused('BuildResult', G.BuildResult, '1.28', { isNonDeterministic: true })
    refused('BuildResult', G.BuildResult, '1.28', { startTime: 1n })
    refused('BuildResult', G.BuildResult, '1.28', { stopTime: 1n })
    refused('BuildResult', G.BuildResult, '1.36', { cpuUser: some(0n) })
    refused('BuildResult', G.BuildResult, '1.36', { cpuSystem: some(0n) })
    refused('Error', G.Error, '1.26', { exitStatus: 2 })
    refused('Error', G.Error, '1.25', { level: 'Warn' })
    refused('Error', G.Error, '1.25', { traces: [{ hint: '' }] })
    refused('ClientHandshakeInfo', G.ClientHandshakeInfo, '1.32', { daemonNixVersion: some('2.3') })
    refused('ClientHandshakeInfo', G.ClientHandshakeInfo, '1.34', { remoteTrustsUs: some('Trusted') })
    refused('ClientHandshakeInfo', G.ClientHandshakeInfo, '1.33', { daemonNixVersion: none })
    refused('SubstitutablePathInfo', G.SubstitutablePathInfo, '1.6', { narSize: 1n })
  })

  it('may have a default of any shape', () => {
    const Deep = struct('Deep', {
      a: versioned(since('1.30'), mapOf(utf8, listOf(u64)), new Map([['x', [1n]]])),
      end: u64,
    })
    const before = compile(Deep, { version: '1.29' })
    expect(before.encode({ a: new Map([['x', [1n]]]), end: 7n })).to.deep.equal(right(int(7)))
    refusedAs(before.encode({ a: new Map([['x', [2n]]]), end: 7n }), 'Unrepresentable', 0, ['a'])
    refusedAs(before.encode({ a: new Map(), end: 7n }), 'Unrepresentable', 0, ['a'])
  })
})

describe('a codec rejects values that have a form only under another protocol:', () => {
  const drv: T.OpaquePath = { _tag: 'Opaque', path: storePath('x.drv') }
  const refusedBelow = (value: T.DerivedPath) => {
    refusedAs(compile(G.DerivedPath, { version: '1.29' }).encode(value), 'Unrepresentable', 0)
    expect(compile(G.DerivedPath, { version: '1.30' }).encode(value)._tag).to.equal('Right')
    const inside = compile(G.KeyedBuildResult, { version: '1.29' })
    const [keyed] = edgesOf('KeyedBuildResult', inside.protocol) as ReadonlyArray<ValueOf<'KeyedBuildResult'>>
    refusedAs(
      inside.encode({ ...(keyed as ValueOf<'KeyedBuildResult'>), path: value }),
      'Unrepresentable',
      0,
      ['path'],
    )
  }

  it('a derivation itself before 1.30', () => {
    refusedBelow(drv)
  })

  it('outputs of an output before 1.30', () => {
    const single: T.SingleDerivedPath = { _tag: 'Built', drvPath: drv, output: wrong('out') }
    refusedBelow({ _tag: 'Built', drvPath: single, outputs: { _tag: 'All' } })
  })

  it('all outputs of a path that is not a derivation before 1.30', () => {
    refusedBelow({
      _tag: 'Built',
      drvPath: { _tag: 'Opaque', path: storePath('x') },
      outputs: { _tag: 'All' },
    })
  })

  it('outputs, realisations and built outputs in the form of the other feature set', () => {
    const byPath: Partial<Protocol> = { features: [realisationsByPath] }
    const other = (
      name: 'DrvOutput' | 'Realisation',
      grammar: Grammar<unknown>,
      codec: Codec<unknown>,
      from: Partial<Protocol>,
    ) => {
      for (const value of edgesOf(name, compile(grammar, from).protocol)) {
        refusedAs(codec.encode(value), 'Unrepresentable', 0)
      }
    }
    const [output, realisation] = [G.DrvOutput as Grammar<unknown>, G.Realisation as Grammar<unknown>]
    other('DrvOutput', output, compile(output), byPath)
    other('DrvOutput', output, compile(output, byPath), {})
    other('Realisation', realisation, compile(realisation), byPath)
    other('Realisation', realisation, compile(realisation, byPath), {})
    const results = (given: Partial<Protocol>) => {
      const all = edgesOf('BuildResult', compile(G.BuildResult, given).protocol)
      return (all as ReadonlyArray<ValueOf<'BuildResult'>>).filter(
        ({ builtOutputs }) => builtOutputs.size > 0,
      )
    }
    const refused = (from: Partial<Protocol>, to: Partial<Protocol>) => {
      expect(results(from)).to.have.length.above(0)
      for (const value of results(from)) {
        const issue: Issue = issueOf(compile(G.BuildResult, to).encode(value))
        expect([issue._tag, issue.path]).to.deep.equal(['Unrepresentable', ['builtOutputs']])
      }
    }
    refused(byPath, {})
    refused({}, byPath)
    refused({ version: '1.28' }, { version: '1.27' })
  })

  it('an output under the name of another', () => {
    const codec = compile(G.BuildResult)
    const [result] = edgesOf('BuildResult', codec.protocol).slice(-1) as ReadonlyArray<ValueOf<'BuildResult'>>
    const [built] = [...(result?.builtOutputs.values() ?? [])]
    const moved = new Map([['elsewhere', built]]) as unknown as ValueOf<'BuildResult'>['builtOutputs']
    const issue = issueOf(codec.encode({ ...(result as ValueOf<'BuildResult'>), builtOutputs: moved }))
    expect([issue._tag, issue.path]).to.deep.equal(['Unrepresentable', ['builtOutputs']])
  })
})

describe("an encoder's output", () => {
  it('has sets in ascending order, whatever order the value has', () => {
    expect(compile(setOf(u64)).encode([3n, 1n, 2n])).to.deep.equal(
      right(concat(int(3), int(1), int(2), int(3))),
    )
    const map = new Map([
      ['b', 1n],
      ['', 2n],
      ['a', 3n],
    ])
    expect(compile(mapOf(utf8, u64)).encode(map)).to.deep.equal(
      right(concat(int(3), padded(''), int(2), padded('a'), int(3), padded('b'), int(1))),
    )
    // As bytes, not as UTF-16 units.
    expect(compile(setOf(utf8)).encode(['🦊', '\uffff'])).to.deep.equal(
      right(concat(int(2), padded('\uffff'), padded('🦊'))),
    )
    expect(compile(setOf(escapedText)).encode(['\udcff', 'é', '\udc80'])).to.deep.equal(
      right(concat(int(3), padded(new Uint8Array([0x80])), padded('é'), padded(new Uint8Array([0xff])))),
    )
    const signatures = ['k:++++', 'k2:AA==', 'k:AAAA', 'k.2:AA=='].map(signature)
    expect(compile(setOf(G.Signature)).encode(signatures)).to.deep.equal(
      right(concat(int(4), ...['k:AAAA', 'k:++++', 'k.2:AA==', 'k2:AA=='].map(padded))),
    )
  })

  it('has sets in ascending order inside sets and as keys', () => {
    const sets = compile(setOf(setOf(u64)), {}, { profile: 'canonical' })
    const written = rightOf(
      sets.encode([
        [2n, 1n],
        [3n, 1n],
      ]),
    )
    expect(written).to.deep.equal(concat(int(2), int(2), int(1), int(2), int(2), int(1), int(3)))
    expect(sets.decode(written)).to.deep.equal(
      right([
        [1n, 2n],
        [1n, 3n],
      ]),
    )
    const keyed = compile(mapOf(setOf(u64), u64), {}, { profile: 'canonical' })
    const map = new Map([
      [[2n, 1n], 0n],
      [[3n, 1n], 1n],
    ])
    expect(keyed.decode(rightOf(keyed.encode(map)))._tag).to.equal('Right')
  })

  it('orders unions, options, enumerations, tuples and bytes as on the wire', () => {
    const canonical = <A>(grammar: Grammar<A>, values: ReadonlyArray<NoInfer<A>>) => {
      const codec = compile(setOf(grammar), {}, { profile: 'canonical' })
      for (let i = 0; i < values.length; i++) {
        const turned = [...values.slice(i), ...values.slice(0, i)]
        expect(codec.decode(rightOf(codec.encode(turned)))).to.deep.equal(right(values))
      }
    }
    canonical(G.OptTrusted, [none, some('Trusted'), some('NotTrusted')])
    canonical(G.Verbosity, ['Error', 'Vomit', 8, 9])
    canonical(optionalByTag(u8, u64), [none, some(0n), some(7n)])
    canonical(optionalByOpenTag(u32, u64), [none, some(0n), some(7n), 2, 3])
    canonical(G.Field, [
      { type: 'Int', value: 0n },
      { type: 'Int', value: 9n },
      { type: 'String', value: 'a' },
    ])
    canonical(tuple(u64, G.Bytes), [
      [0n, new Uint8Array([2])],
      [1n, new Uint8Array([])],
      [1n, new Uint8Array([1])],
      [1n, new Uint8Array([1, 0])],
    ])
    canonical(mapOf(u64, u64), [new Map(), new Map([[1n, 1n]]), new Map([[1n, 2n]]), new Map([[2n, 0n]])])
    canonical(G.OptStorePath, [none, some(storePath('a')), some(storePath('b'))])
    canonical(G.ContentAddress, [])
    const negated = imap(
      u64,
      (n) => right<string, bigint>(-n),
      (n) => (n > 0n ? left('a negative number') : right(-n)),
    )
    canonical(negated, [0n, -1n, -2n])
    const Names = optionalEnumOf(u8, 0, { Some: 1, Other: 2 })
    canonical(Names, [none, some('Some'), some('Other')])
    const Tree: Grammar<Tree> = struct('Tree', { label: size, children: listOf(lazy(() => Tree)) })
    canonical(Tree, [
      { label: 0, children: [] },
      { label: 0, children: [{ label: 1, children: [] }] },
      { label: 1, children: [] },
    ])
    canonical(tagged('is', utf8, { B: ['a', {}], A: ['b', { n: u64 }] }), [
      { is: 'B' },
      { is: 'A', n: 0n },
      { is: 'A', n: 1n },
    ])
  })

  it('belongs to the caller', () => {
    const codec = compile(G.Bytes)
    const first = rightOf(codec.encode(new Uint8Array([1])))
    rightOf(codec.encode(new Uint8Array([2])))
    expect(first).to.deep.equal(padded(new Uint8Array([1])))
    expect(first.byteLength).to.equal(first.buffer.byteLength)
  })

  it('has a size if it can be written, and otherwise an exception that says why not', () => {
    expect(compile(G.Int).size(7)).to.equal(8)
    expect(() => compile(G.Int).size(-1)).to.throw(RangeError, 'OutOfRange')
  })
})

interface Tree {
  readonly label: number
  readonly children: ReadonlyArray<Tree>
}
