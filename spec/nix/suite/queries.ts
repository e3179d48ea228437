import { expect } from 'chai'
import { isSome, none, some } from 'fp-ts/lib/Option.js'
import type { AtVersion } from './at-version.js'
import { built, outputsOf } from './derivations.js'
import { infoAt, isAbove, sorted } from './scene.js'

/** What can be asked. */
export const describeQueries = (at: AtVersion): void => {
  it('queries paths', async () => {
    const { leaf, branch, infos, scene } = at.given()
    const missing = at.ownPath('missing')
    expect(await at.daemon.isValidPath({ path: leaf })).to.equal(true)
    expect(await at.daemon.isValidPath({ path: missing })).to.equal(false)
    for (const path of [leaf, branch]) {
      const info = await at.daemon.queryPathInfo({ path })
      const expected = infos.get(path)
      expect(expected, path).not.to.equal(undefined)
      expect(isSome(info) && infoAt(at.version, info.value)).to.deep.equal(infoAt(at.version, expected!))
    }
    expect(await at.daemon.queryPathInfo({ path: missing })).to.deep.equal(none)
    expect(await at.daemon.queryReferrers({ path: leaf })).to.include(branch)
    const all = await at.daemon.queryAllValidPaths()
    expect(all).to.include.members([leaf, branch])
    expect(await at.daemon.queryDeriver({ path: leaf })).to.deep.equal(none)
    if (at.has('QueryPathHash')) {
      expect(await at.daemon.queryPathHash({ path: leaf })).to.equal(infos.get(leaf)?.narHash)
    }
    if (at.has('QueryReferences')) {
      expect(await at.daemon.queryReferences({ path: branch })).to.deep.equal([leaf])
    }
    if (at.has('QueryPathFromHashPart')) {
      const hashPart = leaf.slice(scene.daemon.storeDir.length + 1).slice(0, 32)
      expect(await at.daemon.queryPathFromHashPart({ hashPart })).to.deep.equal(some(leaf))
      expect(await at.daemon.queryPathFromHashPart({ hashPart: '0'.repeat(32) })).to.deep.equal(none)
    }
    if (at.has('QueryValidPaths')) {
      const asked = { paths: [leaf, missing, branch], substitute: false }
      expect(sorted(await at.daemon.queryValidPaths(asked))).to.deep.equal(sorted([leaf, branch]))
    }
  })

  it('queries substitutes, of which there are none here', async () => {
    const missing = at.ownPath('missing')
    expect(await at.daemon.querySubstitutablePathInfo({ path: missing })).to.deep.equal(none)
    if (at.has('HasSubstitutes')) {
      expect(await at.daemon.hasSubstitutes({ path: missing })).to.equal(false)
    }
    if (at.has('QuerySubstitutablePaths')) {
      expect(await at.daemon.querySubstitutablePaths({ paths: [missing] })).to.deep.equal([])
    }
    if (at.has('QuerySubstitutablePathInfos')) {
      const paths = new Map([[missing, none]])
      expect(await at.daemon.querySubstitutablePathInfos({ paths })).to.deep.equal(new Map())
    }
    if (at.has('QueryMissing')) {
      const { plain } = at.given().derivations
      const asked = [built(plain), { _tag: 'Opaque', path: missing } as const]
      const answer = await at.daemon.queryMissing({ paths: asked })
      expect([answer.willBuild, answer.unknown]).to.deep.equal([[plain.path], [missing]])
      const lost = { ...plain, path: at.ownPath('lost.drv') }
      const { unknown } = await at.daemon.queryMissing({ paths: [built(lost, 'out')] })
      // Nix 2.3 repeats the request; later ones name the derivation.
      const isLater = isAbove(at.given().scene.release, '2.3')
      expect(unknown).to.deep.equal([isLater ? lost.path : built(lost, 'out')])
    }
  })

  it('queries the outputs of derivations', async () => {
    const { many, plain } = at.given().derivations
    const outputs = outputsOf(many)
    expect(outputs.size).to.equal(2)
    const { path } = many
    expect(sorted(await at.daemon.queryDerivationOutputs({ path }))).to.deep.equal(
      sorted([...outputs.values()]),
    )
    expect(sorted(await at.daemon.queryDerivationOutputNames({ path }))).to.deep.equal(['dev', 'out'])
    if (at.has('QueryDerivationOutputMap')) {
      const expected = new Map([...outputs].map(([name, output]) => [name, some(output)]))
      expect(await at.daemon.queryDerivationOutputMap({ path })).to.deep.equal(expected)
    }
    if (at.has('QueryValidDerivers')) {
      const [output] = outputsOf(plain).values()
      expect(await at.daemon.queryValidDerivers({ path: output! })).to.deep.equal([plain.path])
    }
  })
}
