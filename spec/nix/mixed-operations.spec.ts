import { expect } from 'chai'
import { type NixDaemon, startNixDaemon } from '../support/nix-daemon.js'
import { describeReleases } from '../support/nix-releases.js'
import { projectPath } from '../support/shared.js'
import { Mixture } from './suite/mixture.js'

/** How many operations; 10,000 before a release, by the environment. */
const count = Number(process.env.MIXED_OPERATIONS ?? 1500)
const seed = Number(process.env.MIXED_SEED ?? 1)

describeReleases('operations of every kind, one after another and at once', ({ version, bin }) => {
  let daemon: NixDaemon
  before(async () => {
    const hook = version === '2.3' ? projectPath('spec/support/decline-hook.sh') : ''
    const conf = `${hook === '' ? 'builders =' : `build-hook = ${hook}`}\nfsync-metadata = false`
    daemon = await startNixDaemon({ conf, ...(bin === undefined ? {} : { bin }) })
  })
  after(() => daemon?.stop())

  it(`each get their own reply, ${count} of them (seed ${seed})`, async () => {
    const mixture = new Mixture(daemon, seed)
    try {
      await mixture.run(count)
    } finally {
      await mixture.close()
    }
    const { done } = mixture
    expect(done.size).to.equal(mixture.kinds.length)
    expect([...done.values()].reduce((sum, each) => sum + each, 0)).to.be.at.least(count)
  })
})
