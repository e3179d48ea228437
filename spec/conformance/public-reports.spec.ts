import { expect } from 'chai'
import { vectorReports } from '../../conformance/index.js'
import { vectorFlags } from '../../vectors/index.js'

describe('public reports of mistakes', () => {
  it('are addresses, and belong to existing flags', () => {
    expect(Object.keys(vectorFlags)).to.include.members(Object.keys(vectorReports))
    for (const address of Object.values(vectorReports).flat()) {
      expect(address).to.match(/^https:\/\/github\.com\/[\w-]+\/[\w-]+\/(pull|issues)\/\d+$/)
    }
  })
})
