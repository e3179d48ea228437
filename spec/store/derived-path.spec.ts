import { expect } from 'chai'
import fc from 'fast-check'
import { either as E, option as O } from 'fp-ts'
import { text } from '../../combinators/index.js'
import { describeLaws } from '../../laws/index.js'
import {
  areOutputsWithin,
  DerivedPathText,
  hasOutput,
  OutputsText,
  selectedOutputs,
  unionOfOutputs,
} from '../../store/index.js'
import { DerivedPath, type OutputName } from '../../types/index.js'
import { issueOf, rightOf } from '../support/either.js'

const drv = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-bar.drv'

describe('a derived path as people write it', () => {
  it('has the same value as on the wire', () => {
    for (const written of [drv, `${drv}^*`, `${drv}^dev,out`, `${drv}^x^y^dev`]) {
      const value = rightOf(DerivedPathText.make(written))
      expect(DerivedPath.encode(value)).to.equal(written.replaceAll('^', '!'))
      expect(DerivedPathText.encode(value)).to.equal(written)
    }
  })

  it('is rejected at its place', () => {
    const position = (written: string) => issueOf(DerivedPathText.make(written)).position
    expect(position(`${drv}!out`)).to.equal(drv.length)
    expect(position(`${drv}^`)).to.equal(drv.length + 1)
    expect(position(`${drv}^a,,b`)).to.equal(drv.length + 3)
    expect(position(`${drv}^*,a`)).to.equal(drv.length + 1)
    expect(position(drv + '^a'.repeat(65))).to.equal(drv.length + 2 * 64)
  })

  describeLaws(text(DerivedPathText.format))
})

describe('outputs', () => {
  const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'out'), { minLength: 1 })
  const specs = fc
    .oneof(
      fc.constant('*'),
      names.map((each) => each.join(',')),
    )
    .map((written) => rightOf(OutputsText.make(written)))
  const all = ['a', 'b', 'c', 'd', 'out'] as unknown as ReadonlyArray<OutputName>
  const count = { numRuns: 200 }

  it('are combined in a union', () => {
    fc.assert(
      fc.property(specs, specs, (a, b) => {
        const both = unionOfOutputs(a, b)
        for (const name of all) {
          expect(hasOutput(both, name)).to.equal(hasOutput(a, name) || hasOutput(b, name))
        }
        expect(OutputsText.is(both)).to.equal(true)
        expect(both).to.deep.equal(unionOfOutputs(b, a))
      }),
      count,
    )
  })

  it('are within others if the union equals those', () => {
    fc.assert(
      fc.property(specs, specs, (a, b) => {
        const union = OutputsText.encode(unionOfOutputs(a, b))
        expect(areOutputsWithin(a, b)).to.equal(union === OutputsText.encode(b))
      }),
      count,
    )
  })

  it('are split off at the last ^', () => {
    expect(selectedOutputs('a^b^out')).to.deep.equal(
      E.right({ of: 'a^b', outputs: O.some({ _tag: 'Names', names: ['out'] }) }),
    )
    expect(issueOf(selectedOutputs('ä#b^'))).to.include({ position: 5 })
  })

  describeLaws(text(OutputsText.format))
})
