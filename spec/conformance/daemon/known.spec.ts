import { expect } from 'chai'
import { known } from '../../../conformance/daemon/known.js'
import { releases } from '../../../grammar/releases.js'

const storeDir = '/nix/store'
const hash = '7zd3jr00barlahmin37ml4l4ik7bnq9n'

/** The known deviation for a reply to a request with an invalid store path. */
const knownText = (name: string, text: string, id = '7.HasSubstitutes@1.21.path-text-a-rule') =>
  known(
    { release: releases.find((each) => each.name === name), storeDir },
    { id, text },
    { outcome: 'answered' },
  )

describe('the known deviations of releases', () => {
  it('include what they accept: the byte after the hash, dots, and everything that 2.3 accepts', () => {
    const behind = `${storeDir}/${hash}_name`
    const dots = `${storeDir}/${hash}-..`
    const capitals = `${storeDir}/${hash.toUpperCase()}-name`
    const readBy = (text: string) =>
      releases.filter(({ name }) => knownText(name, text) !== null).map(({ name }) => name)
    expect(readBy(behind)).to.deep.equal(['2.3', '2.8', '2.26', '2.34', '2.35'])
    expect(readBy(dots)).to.deep.equal(['2.3', '2.8'])
    expect(readBy(capitals)).to.deep.equal(['2.3'])
  })

  it('do not excuse a text that every release has to reject', () => {
    for (const text of [
      '',
      'name',
      `/other/store/${hash}-name`,
      `${storeDir}/${hash}-name/file`,
      `${storeDir}/short-name`,
      `${storeDir}/../${hash}-name`,
    ]) {
      for (const { name } of releases) {
        expect(knownText(name, text), `${name}: ${text}`).to.equal(null)
      }
    }
  })

  it('do not apply to another operation', () => {
    const output = `sha256:${'0'.repeat(64)}!a b`
    expect(knownText('2.26', output, '7.QueryRealisation@1.38.output-text-a-rule')).not.to.equal(null)
    expect(knownText('2.26', output)).to.equal(null)
    const release = releases.find(({ name }) => name === '2.8')
    const id = '7.FindRoots@1.34.a-rule'
    expect(known({ release, storeDir }, { id }, { outcome: 'answered' })).to.equal(null)
    expect(
      known({ release: undefined, storeDir }, { id: '4.after.AddSignatures' }, { outcome: 'crashes' }),
    ).to.equal(null)
  })
})
