import { expect } from 'chai'
import { DerivedPath, type OutputsSpec, type SingleDerivedPath, type StorePath } from '../../types/index.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { processorTime } from '../support/processor-time.js'
import { describeWithShared } from '../support/shared.js'
import { goldenJson, goldenStrings } from './golden.js'
import { guardsAgainstEverythingElse, obeysTheLaws } from './laws.js'
import { issueOf, read, refuses } from './outcomes.js'
import { derivedPaths, legacyDerivedPaths } from './values.js'

const base = 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q'
const foo = `/nix/store/${base}-foo`
const drv = `/nix/store/${base}-bar.drv`

const legacy = DerivedPath.under({ version: '1.29' })
const opaque = (path: string) => ({ _tag: 'Opaque', path: path as StorePath }) as const
const names = (...given: ReadonlyArray<string>) => ({ _tag: 'Names', names: given }) as unknown as OutputsSpec
const all: OutputsSpec = { _tag: 'All' }
const built = (drvPath: SingleDerivedPath, outputs: OutputsSpec) =>
  ({ _tag: 'Built', drvPath, outputs }) as const
const single = (drvPath: SingleDerivedPath, output: string) =>
  ({ _tag: 'Built', drvPath, output }) as unknown as SingleDerivedPath

const nested = (levels: number): DerivedPath => {
  let drvPath: SingleDerivedPath = opaque(drv)
  for (let level = 1; level < levels; level++) drvPath = single(drvPath, 'out')
  return built(drvPath, all)
}

/** A golden JSON value has base names and a list of outputs, in which `*` stands for all. */
const inJson = (value: DerivedPath): unknown => {
  const name = (path: string) => path.slice('/nix/store/'.length)
  if (value._tag === 'Opaque') return name(value.path)
  const drvPath = value.drvPath._tag === 'Opaque' ? name(value.drvPath.path) : undefined
  return { drvPath, outputs: value.outputs._tag === 'All' ? ['*'] : value.outputs.names }
}

describe('DerivedPath', () => {
  describeWithShared('golden files', () => {
    for (const version of ['1.29', '1.30'] as const) {
      it(`reads derived-path-${version}.bin as its JSON, and writes it again`, () => {
        const type = DerivedPath.under({ version })
        const texts = goldenStrings(`derived-path-${version}`)
        const values = texts.map((text) => read(type, text))
        expect(values.map(inJson)).to.deep.equal(goldenJson(`derived-path-${version}`))
        expect(values.map((value) => type.encode(value))).to.deep.equal(texts)
      })
    }
  })

  describe('since 1.30', () => {
    obeysTheLaws(DerivedPath.format, derivedPaths)
    obeysTheLaws(DerivedPath.format, derivedPaths, nixProtocol({ version: '1.30' }))
    guardsAgainstEverythingElse(DerivedPath)

    it('reads paths, all outputs, named outputs and nested ones', () => {
      expect(read(DerivedPath, drv)).to.deep.equal(opaque(drv))
      expect(read(DerivedPath, `${drv}!*`)).to.deep.equal(built(opaque(drv), all))
      expect(read(DerivedPath, `${foo}!*`)).to.deep.equal(built(opaque(foo), all))
      expect(read(DerivedPath, `${drv}!x!y!a,b`)).to.deep.equal(
        built(single(single(opaque(drv), 'x'), 'y'), names('a', 'b')),
      )
    })

    it('sorts names by their bytes and keeps each once', () => {
      expect(read(DerivedPath, `${drv}!b,a,B,b,.a,a`)).to.deep.equal(
        built(opaque(drv), names('.a', 'B', 'a', 'b')),
      )
    })

    it('normalises the store path', () => {
      expect(DerivedPath.encode(read(DerivedPath, `/nix//store/${base}-bar.drv/!x`))).to.equal(`${drv}!x`)
    })

    refuses(DerivedPath, [
      ['', 0, 'an absolute path'],
      [`${drv}!`, 52, 'a character of a name'],
      [`${drv}!a,,b`, 54, 'a character of a name'],
      [`${drv}!,a`, 52, 'a character of a name'],
      [`${drv}!a,`, 54, 'a character of a name'],
      [`${drv}!*,a`, 52, 'a character of a name'],
      [`${drv}!a,*`, 54, 'a character of a name'],
      [`${drv}!a,..`, 54, 'a name other than'],
      [`${drv}!*!a`, 52, 'a character of a name'],
      [`${drv}!!a`, 52, 'a character of a name'],
      [`${drv}!a,b!c`, 53, 'at most 211'],
      [`${drv}^a`, 51, 'at most 211'],
      [`${foo}/bin!a`, 48, 'nothing below'],
      [`${drv}!a, b`, 54, 'a character of a name'],
      [`!a`, 0, 'an absolute path'],
    ])

    it('reports the whole text in an issue', () => {
      expect(issueOf(DerivedPath.make(`${drv}!a,,b`)).actual).to.equal('",b"')
      expect(issueOf(DerivedPath.make(`/nix/store/${base}!out`)).actual).to.equal('"!out"')
    })

    it('counts positions in bytes', () => {
      const type = DerivedPath.under({ storeDir: '/naïve' })
      expect(issueOf(type.make(`/naïve/${base}-x!a!b,!`)).position).to.equal(46)
    })

    it('nests 64 levels deep and no deeper', () => {
      const deepest = `${drv}${'!out'.repeat(63)}!*`
      expect(read(DerivedPath, deepest)).to.deep.equal(nested(64))
      expect(DerivedPath.encode(nested(64))).to.equal(deepest)
      expect(issueOf(DerivedPath.make(`${drv}${'!out'.repeat(64)}!*`))).to.deep.include({
        position: 51 + 64 * 4,
        expected: 'at most 64 levels of derivations',
      })
      expect(() => DerivedPath.encode(nested(65))).to.throw(TypeError, 'at most 64 levels')
      expect(() => DerivedPath.encode(nested(100_000))).to.throw(TypeError, 'at most 64 levels')
      expect(DerivedPath.is(nested(100_000))).to.equal(false)
      expect(issueOf(DerivedPath.make(`${drv}${'!'.repeat(1_000_000)}`)).expected).to.include('64 levels')
    })

    it('prints sorted names only, each once and at least one', () => {
      const refusal = (...given: ReadonlyArray<string>) =>
        issueOf(DerivedPath.format.print(built(opaque(drv), names(...given)), DerivedPath.protocol)).expected
      expect(refusal()).to.equal('at least one output name')
      expect(refusal('b', 'a')).to.equal('output names in order, each once, after "b"')
      expect(refusal('a', 'a')).to.equal('output names in order, each once, after "a"')
      expect(refusal('a', '*')).to.include('a character of a name')
      expect(refusal('a,b')).to.include('at most 211')
    })
  })

  describe('before 1.30', () => {
    obeysTheLaws(DerivedPath.format, legacyDerivedPaths, nixProtocol({ version: '1.29' }))

    it('takes a derivation alone for all its outputs', () => {
      expect(read(legacy, foo)).to.deep.equal(opaque(foo))
      expect(read(legacy, drv)).to.deep.equal(built(opaque(drv), all))
      expect(legacy.encode(built(opaque(drv), all))).to.equal(drv)
    })

    it('skips empty names', () => {
      expect(read(legacy, `${drv}!b,,a,`)).to.deep.equal(built(opaque(drv), names('a', 'b')))
      expect(read(legacy, `${drv}!`)).to.deep.equal(built(opaque(drv), all))
      expect(read(legacy, `${foo}!,,`)).to.deep.equal(opaque(foo))
      expect(read(legacy, `${foo}!out`)).to.deep.equal(built(opaque(foo), names('out')))
    })

    refuses(legacy, [
      [`${drv}!*`, 52, 'a character of a name'],
      [`${drv}!x!a`, 53, 'at most 211'],
      [`${drv}!a,,b c`, 56, 'at most 211'],
      ['!a', 0, 'an absolute path'],
    ])

    it('has no text for a derivation itself, for nested ones, and for all outputs of a path that is not a derivation', () => {
      const refusal = (value: DerivedPath) =>
        issueOf(DerivedPath.format.print(value, legacy.protocol)).expected
      expect(refusal(opaque(drv))).to.equal('a path that does not end in .drv (before protocol 1.30)')
      expect(refusal(built(single(opaque(drv), 'x'), all))).to.equal(
        'a derivation that is a store path (before protocol 1.30)',
      )
      expect(refusal(built(opaque(foo), all))).to.equal(
        'a derivation, whose path ends in .drv (before protocol 1.30)',
      )
      expect(refusal(built(opaque(foo), names('b', 'a')))).to.include('output names in order')
      expect(refusal(built(opaque('/x'), all))).to.equal('a path in /nix/store')
    })
  })

  it('changes its rules between 1.29 and 1.30', () => {
    expect(read(DerivedPath.under({ version: '1.9' }), drv)._tag).to.equal('Built')
    expect(read(DerivedPath.under({ version: '1.29' }), drv)._tag).to.equal('Built')
    expect(read(DerivedPath.under({ version: '1.30' }), drv)._tag).to.equal('Opaque')
  })

  it('reads long lists in proportional time', () => {
    const time = processorTime(() => {
      for (const type of [DerivedPath, legacy]) {
        const same = read(type, `${drv}!${'a,'.repeat(500_000)}a`)
        expect(same).to.deep.equal(built(opaque(drv), names('a')))
        const distinct = Array.from({ length: 50_000 }, (_, i) => i.toString(36).padStart(4, '0'))
        expect(read(type, `${drv}!${distinct.join(',')}`)).to.deep.equal(
          built(opaque(drv), names(...distinct)),
        )
      }
      expect(read(legacy, `${drv}!${','.repeat(1_000_000)}`)).to.deep.equal(built(opaque(drv), all))
    })
    expect(time).to.be.lessThan(15_000)
  })
})
