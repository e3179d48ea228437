import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import fc from 'fast-check'
import type { Ord } from 'fp-ts/lib/Ord.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import type { Show } from 'fp-ts/lib/Show.js'
import * as t from 'io-ts'
import { listOf, setOf, text } from '../../combinators/index.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { compile } from '../../interpreters/index.js'
import * as types from '../../types/index.js'
import {
  type Base16Digest,
  BaseStorePath,
  type ContentAddress,
  DerivedPath,
  type HashAlgorithm,
  type NARHash,
  type OutputName,
  Signature,
  StorePath,
  type StorePathName,
  showTextIssue,
  TextType,
} from '../../types/index.js'
import { rightOf } from '../support/either.js'
import { holdsEq, holdsOrd } from '../support/fp-ts-laws.js'
import { issueOf, read } from './outcomes.js'

const textTypes = Object.values(types).flatMap((each) =>
  each instanceof TextType ? [each as TextType<unknown>] : [],
)

const path = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo'

describe('TextType', () => {
  it('is an io-ts codec, and composes with others', () => {
    const Info = t.type({ path: StorePath, signatures: t.array(Signature) })
    const input = { path: `${path}/`, signatures: ['k:AAAA'] }
    expect(Info.decode(input)).to.deep.equal({ _tag: 'Right', right: { path, signatures: ['k:AAAA'] } })
    expect(Info.decode({ ...input, signatures: ['k'] })._tag).to.equal('Left')
    expect(Info.is({ path, signatures: [] })).to.equal(true)
    expect(StorePath).to.be.instanceOf(t.Type)
    expect(StorePath.name).to.equal('StorePath')
  })

  it('reports what it expected, where, and what it got', () => {
    expect(issueOf(StorePath.decode('/nix/store/x')).map(({ message }) => message)).to.deep.equal([
      'expected a hash of 32 nix32 symbols (0-9 a-z without e o t u) at position 12, got the end of the text',
    ])
    expect(issueOf(StorePath.decode(7)).map(({ message }) => message)).to.deep.equal([
      'expected a store path, got number',
    ])
    expect(issueOf(StorePath.decode(null))[0]?.message).to.equal('expected a store path, got null')
    expect(showTextIssue({ position: 3, expected: 'a', actual: '"b"' })).to.equal(
      'expected a at position 3, got "b"',
    )
  })

  it('keeps the rest of its protocol if a part is changed', () => {
    const type = DerivedPath.under({ storeDir: '/gnu/store' }).under({ version: '1.29' })
    expect(type.protocol).to.deep.equal({ version: '1.29', features: [], storeDir: '/gnu/store' })
    expect(type).to.be.instanceOf(TextType)
    expect(DerivedPath.protocol).to.deep.equal({ version: '1.38', features: [], storeDir: '/nix/store' })
  })

  it('checks structured values in its guard by printing them', () => {
    const built = read(DerivedPath, `${path}!a,b`)
    expect(DerivedPath.is(built)).to.equal(true)
    expect(DerivedPath.is({ ...built, outputs: { _tag: 'Names', names: ['b', 'a'] } })).to.equal(false)
    expect(DerivedPath.is({ ...built, outputs: { _tag: 'Names', names: 'ab' } })).to.equal(false)
    expect(DerivedPath.is({ ...built, outputs: null })).to.equal(false)
    expect(DerivedPath.is(`${path}!a,b`)).to.equal(false)
    expect(DerivedPath.is(Object.assign(Object.create({ inherited: true }), built))).to.equal(false)
    const circular: Record<string, unknown> = { _tag: 'Built', output: 'a' }
    circular.drvPath = circular
    expect(DerivedPath.is({ ...built, drvPath: circular })).to.equal(false)
  })

  it('has distinct brands', () => {
    expectTypeOf(StorePath.make('')).not.toEqualTypeOf(BaseStorePath.make(''))
    expectTypeOf<StorePath>().toExtend<string>()
    expectTypeOf<string>().not.toExtend<StorePath>()
    expectTypeOf<StorePath>().not.toExtend<BaseStorePath>()
    expectTypeOf<OutputName>().not.toExtend<StorePathName>()
    expectTypeOf<StorePathName>().not.toExtend<OutputName>()
    expectTypeOf<NARHash>().toExtend<Base16Digest>()
    expectTypeOf<Base16Digest>().not.toExtend<NARHash>()
    expectTypeOf<t.TypeOf<typeof StorePath>>().toEqualTypeOf<StorePath>()
    expectTypeOf<t.OutputOf<typeof DerivedPath>>().toEqualTypeOf<string>()
    expectTypeOf<ContentAddress['algorithm']>().toEqualTypeOf<HashAlgorithm>()

    const bare = (value: StorePath): string => value
    // @ts-expect-error a text is no store path until it was looked at
    expect(bare(path)).to.equal(path)
    // @ts-expect-error a signature is no store path
    expect(bare(read(Signature, 'k:AAAA'))).to.equal('k:AAAA')
    // @ts-expect-error the codec of one brand is not that of another
    const wrong: TextType<BaseStorePath> = StorePath
    expect(wrong.name).to.equal('StorePath')
  })

  it('is a lawful Eq, Ord and Show of its values', () => {
    for (const type of textTypes) {
      const value = fc.constantFrom(...fc.sample(toArbitrary(text(type.format)), { numRuns: 12, seed: 2 }))
      holdsEq(type, value)
      holdsOrd(type, value)
      for (const each of fc.sample(value, { numRuns: 12, seed: 3 })) {
        expect(JSON.parse(type.show(each)), type.name).to.equal(type.encode(each))
      }
    }
    expect(RA.sort(StorePath)([read(StorePath, `${path}b`), read(StorePath, `${path}a`)])).to.deep.equal([
      `${path}a`,
      `${path}b`,
    ])
    expectTypeOf(StorePath).toExtend<Ord<StorePath>>()
    expectTypeOf(StorePath).toExtend<Show<StorePath>>()
  })

  it('orders signatures like a set on the wire', () => {
    const signatures = fc.sample(toArbitrary(text(Signature.format)), { numRuns: 30, seed: 4 })
    const wire = compile(setOf(text(Signature.format))).encode(signatures)
    const written = compile(listOf(text(Signature.format))).decode(rightOf(wire))
    expect([...new Set(signatures)].sort(Signature.compare)).to.deep.equal(rightOf(written))
  })
})
