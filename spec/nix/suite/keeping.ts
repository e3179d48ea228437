import { symlinkSync } from 'node:fs'
import { expect } from 'chai'
import { isSome } from 'fp-ts/lib/Option.js'
import { RemoteError } from '../../../daemon/failure.js'
import type { BaseStorePath, Signature, StorePath } from '../../../types/index.js'
import { eventually } from '../../support/waiting.js'
import type { AtVersion } from './at-version.js'
import { outputsOf } from './derivations.js'
import { rejection } from './scene.js'

const wholeStore = { paths: { _tag: 'WholeStore' }, ignoreLiveness: false, maxFreed: 2n ** 64n - 1n } as const

/** What keeps the store in order: signatures, logs, roots, the garbage collector. */
export const describeKeeping = (at: AtVersion): void => {
  it('signs, and keeps logs', async () => {
    const { scene, derivations, claims } = at.given()
    if (at.has('AddSignatures')) {
      const [path] = outputsOf(derivations.plain).values()
      const signature = `key-${at.version}:${Buffer.alloc(64, 7).toString('base64')}` as Signature
      await at.daemon.addSignatures({ path: path!, signatures: [signature] })
      const info = await at.daemon.queryPathInfo({ path: path! })
      expect(isSome(info) && info.value.signatures).to.deep.equal([signature])
      claims.info(path!, { signatures: [signature] })
    }
    if (at.has('AddBuildLog')) {
      const drvPath = derivations.sent.path.slice(scene.daemon.storeDir.length + 1).replace('sent', 'told')
      await at.daemon.addBuildLog({ drvPath: drvPath as BaseStorePath }, [
        Buffer.from(`log of ${at.version}\n`),
      ])
      claims.log(`${scene.daemon.storeDir}/${drvPath}` as StorePath, `log of ${at.version}\n`)
    }
  })

  it('keeps what has a root, and collects the rest', async () => {
    const { scene, leaf, claims } = at.given()
    const add = (name: string, by = at.daemon) =>
      by.addTextToStore({ name: `${name}-${at.version}`, text: name, references: [] })
    const kept = await add('kept')
    await at.daemon.ensurePath({ path: kept })
    await at.daemon.addTempRoot({ path: kept })
    await at.daemon.syncWithGC()
    const link = `${scene.daemon.dir}/root-${at.version}`
    symlinkSync(leaf, link)
    await at.daemon.addIndirectRoot({ link })
    expect((await at.daemon.findRoots()).find((root) => root.link === link)?.path).to.equal(leaf)
    if (at.has('AddPermRoot')) {
      const permanent = `${scene.daemon.dir}/permanent-${at.version}`
      expect(await at.daemon.addPermRoot({ path: leaf, link: permanent })).to.equal(permanent)
    }
    claims.info(kept)

    const live = await at.daemon.collectGarbage({ ...wholeStore, action: 'ReturnLive' })
    expect(live.paths).to.include.members([leaf, kept])
    const other = await scene.connect(at.version)
    // Added paths have a temporary root as long as the connection lasts.
    const lost = await add('lost', other.promises)
    await other.close()
    const deletion = (path: StorePath) => {
      const paths = { _tag: 'SpecificPaths', paths: [path], deleteReferrers: false } as const
      return at.daemon.collectGarbage({ ...wholeStore, action: 'DeleteSpecific', paths })
    }
    const deleted = await eventually(() => deletion(lost))
    expect(deleted.paths).to.deep.equal([lost])
    expect(deleted.bytesFreed > 0n).to.equal(true)
    expect(await at.daemon.isValidPath({ path: lost })).to.equal(false)
    const dead = await at.daemon.collectGarbage({ ...wholeStore, action: 'ReturnDead' })
    expect(dead.paths).not.to.include(leaf)
    expect(await rejection(deletion(leaf))).to.be.an.instanceOf(RemoteError)
  })

  at.itSince('1.14', 'verifies and optimises', async () => {
    expect(await at.daemon.verifyStore({ checkContents: false, repair: false })).to.equal(false)
    await at.daemon.optimiseStore()
  })
}
