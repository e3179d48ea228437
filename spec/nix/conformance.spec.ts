import { expect } from 'chai'
import { type Result, runOn } from '../../conformance/daemon/index.js'
import { startNixDaemon } from '../support/nix-daemon.js'
import { describeReleases, type NixRelease } from '../support/nix-releases.js'
import { projectPath } from '../support/shared.js'

const confOf = ({ version }: NixRelease): string =>
  `fsync-metadata = false\n${
    version === '2.3' ? `build-hook = ${projectPath('spec/support/decline-hook.sh')}` : 'builders ='
  }`

const patience = (): Promise<void> => new Promise(() => undefined)

const failing = (results: ReadonlyArray<Result>) =>
  results
    .filter(({ verdict }) => verdict === 'failed')
    .map(({ id, outcome, detail }) => ({ id, outcome, detail }))

/** What is tried on a daemon that does not trust its client: what is refused to it, and what would be if it were less. */
const ofUntrusted = [
  '4.untrusted',
  ...['AddSignatures', 'AddToStoreNar', 'BuildDerivation', 'ImportPaths'].map((name) => `3.${name}@`),
]

describeReleases('the conformance test of daemons', (release) => {
  it('passes for untrusted clients, whose forbidden operations have no effect', async () => {
    const { bin } = release
    const other = bin === undefined ? {} : { bin }
    const daemon = await startNixDaemon({ conf: confOf(release), trusted: false, ...other })
    try {
      const { results } = await runOn({
        target: daemon.socket,
        storeDir: daemon.storeDir,
        level: 'build',
        // Those below 1.35 do not say so.
        trusts: false,
        only: ofUntrusted,
        patience,
        pause: patience,
      })
      expect(failing(results)).to.deep.equal([])
      expect(
        results.filter(({ id, verdict }) => id.startsWith('4.') && verdict === 'passed').map(({ id }) => id),
      ).to.include.members(
        ['AddToStoreNar', 'BuildDerivation', 'BuildPaths', 'FindRoots', 'QueryPathInfo', 'VerifyStore'].map(
          (name) => `4.untrusted.${name}`,
        ),
      )
    } finally {
      await daemon.stop()
    }
  })

  it('finds the known deviations, and no other', async () => {
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
      expect(failing(results)).to.deep.equal([])
      expect(stopped).to.equal(null)
      expect(results.filter(({ verdict }) => verdict === 'passed').length).to.be.above(200)
    } finally {
      await daemon.stop()
    }
  })
})
