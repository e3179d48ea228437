import { expect } from 'chai'
import type { ProtocolVersion } from '../../../combinators/version.js'
import type { StorePath } from '../../../types/index.js'
import type { NixDaemon } from '../../support/nix-daemon.js'
import type { Given, LeftOut } from './at-version.js'
import { describeCrowd } from './crowd.js'
import { type Derivations, derivationsFor } from './derivations.js'
import { describeVersion } from './describe-version.js'
import { Claims, lines, pathInfos, type Scene, sceneOf, sorted } from './scene.js'

/**
 * Everything our client can ask, against one release of the real daemon: at every version of the protocol it
 * accepts, and compared with what the real commands say.
 */
export const describeDaemon = (
  title: string,
  start: () => Promise<NixDaemon>,
  versions: ReadonlyArray<ProtocolVersion>,
  leftOut: LeftOut = {},
): void => {
  describe(title, () => {
    let scene: Scene
    let derivations: ReadonlyMap<ProtocolVersion, Derivations>
    let rest: Planted
    const claims = new Claims()

    before(async () => {
      scene = await sceneOf(await start())
      derivations = await derivationsFor(scene, versions)
      rest = await plant(scene, versions.at(-1)!)
    })

    after(() => scene?.daemon.stop())

    for (const [name, reason] of Object.entries(leftOut)) {
      it(`leaves out ${name}: ${reason}`)
    }

    for (const version of versions) {
      describe(`protocol ${version}`, () => {
        const given = () => ({ scene, claims, derivations: derivations.get(version)!, ...rest })
        describeVersion(version, given, leftOut)
      })
    }

    describe('agrees with the real commands', () => {
      it('about all that was added, built, signed and logged', () => claims.check(scene))

      it('about what refers to a path', async () => {
        const client = await scene.connect(versions.at(-1)!)
        const referrers = await client.promises.queryReferrers({ path: rest.leaf })
        await client.close()
        const printed = lines(await scene.nix('nix-store', '-q', '--referrers', rest.leaf))
        expect(sorted(referrers)).to.deep.equal(sorted(printed))
      })

      describeCrowd(() => scene, versions.at(-1)!)
    })
  })
}

type Planted = Omit<Given, 'scene' | 'derivations' | 'claims'>

/** Two paths, of which one refers to the other, and what the real command says of them. */
const plant = async (scene: Scene, version: ProtocolVersion): Promise<Planted> => {
  const client = await scene.connect(version)
  const add = (name: string, text: string, references: ReadonlyArray<StorePath>) =>
    client.promises.addTextToStore({ name, text, references })
  const leaf = await add('leaf', 'leaf', [])
  const branch = await add('branch', `see ${leaf}`, [leaf])
  await client.close()
  return { leaf, branch, infos: await pathInfos(scene, leaf, branch) }
}
