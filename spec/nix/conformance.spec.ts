import { expect } from 'chai'
import { runOn } from '../../conformance/daemon/index.js'
import { startNixDaemon } from '../support/nix-daemon.js'
import { describeReleases, type NixRelease } from '../support/nix-releases.js'
import { projectPath } from '../support/shared.js'

const confOf = ({ version }: NixRelease): string =>
  `fsync-metadata = false\n${
    version === '2.3' ? `build-hook = ${projectPath('spec/support/decline-hook.sh')}` : 'builders ='
  }`

const patience = (): Promise<void> => new Promise(() => undefined)

describeReleases('conformance of daemons', (release) => {
  it('finds what is known, and nothing else', async () => {
    const { bin, version } = release
    const daemon = await startNixDaemon({ conf: confOf(release), ...(bin === undefined ? {} : { bin }) })
    try {
      const { facts, results, stopped } = await runOn({
        target: daemon.socket,
        storeDir: daemon.storeDir,
        level: 'build',
        ways: 1,
        patience,
        pause: patience,
      })
      expect(facts.release?.name).to.equal(version)
      expect(results.filter(({ verdict }) => verdict === 'failed')).to.deep.equal([])
      expect(stopped).to.equal(null)
      expect(results.filter(({ verdict }) => verdict === 'passed').length).to.be.above(200)
    } finally {
      await daemon.stop()
    }
  })
})
