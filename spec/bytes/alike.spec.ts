import { expect } from 'chai'
import { alike, didYouMean } from '../../bytes/alike.js'

describe('alike', () => {
  const known = ['NotUtf8', 'NonZeroPadding', 'info.references', 'info.references[]', 'Bool', 'Bool64']

  it('finds the nearest words first, whatever their case', () => {
    expect(alike('Bool6', known)).to.deep.equal(['Bool', 'Bool64'])
    expect(alike('notutf', known)).to.deep.equal(['NotUtf8'])
  })

  it('finds words that have the given one in them', () => {
    expect(alike('references', known)).to.deep.equal(['info.references', 'info.references[]'])
  })

  it('finds nothing for a word like none, or for one that is very long', () => {
    expect(alike('nonsense', known)).to.deep.equal([])
    expect(alike('x'.repeat(100_000), known)).to.deep.equal([])
  })

  it('asks once for all', () => {
    expect(didYouMean('Bool6', known)).to.equal(' (did you mean Bool or Bool64?)')
    expect(didYouMean('nonsense', known)).to.equal('')
  })
})
