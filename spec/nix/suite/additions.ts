import { expect } from 'chai'
import { isSome, none } from 'fp-ts/lib/Option.js'
import { writeAddMultiple } from '../../../stream/add-multiple-to-store.js'
import { readExport, writeExport } from '../../../stream/export.js'
import { toBase16 } from '../../../types/index.js'
import { collect, contentAddressedPath, digest, fileNar } from '../../support/memory-store.js'
import type { AtVersion } from './at-version.js'
import { all } from './scene.js'

/** What can be added, and received. */
export const describeAdditions = (at: AtVersion): void => {
  it('adds by each method', async () => {
    const { scene, leaf, claims } = at.given()
    const { storeDir } = scene.daemon
    const content = Buffer.from(`contents of ${at.version}`)
    const nar = await fileNar(content)
    const name = `added-${at.version}`
    for (const method of [
      { _tag: 'NixArchive', algorithm: 'sha256' },
      { _tag: 'NixArchive', algorithm: 'sha1' },
      { _tag: 'Flat', algorithm: 'sha256' },
      { _tag: 'Flat', algorithm: 'md5' },
      ...(at.since('1.25') ? [{ _tag: 'Text', algorithm: 'sha256' } as const] : []),
    ] as const) {
      const hashed = method._tag === 'NixArchive' ? nar : content
      const references = method._tag === 'Text' ? [leaf] : []
      const added = await at.daemon.addToStore({ name, method, references, repair: false }, [
        at.since('1.25') ? hashed : nar,
      ])
      const { path } = added
      expect(path).to.equal(contentAddressedPath(storeDir, name, method, hashed, references))
      expect(isSome(added.info)).to.equal(at.since('1.25'))
      claims.info(path, isSome(added.info) ? added.info.value : { references })
    }
    const text = `text of ${at.version}`
    const path = await at.daemon.addTextToStore({ name, text, references: [leaf] })
    expect(path).to.equal(
      contentAddressedPath(storeDir, name, { _tag: 'Text', algorithm: 'sha256' }, Buffer.from(text), [leaf]),
    )
    claims.info(path, { references: [leaf], narSize: BigInt((await fileNar(Buffer.from(text))).length) })
  })

  it('sends and receives archives', async () => {
    const { leaf, claims } = at.given()
    if (at.has('AddToStoreNar')) {
      const [info, nar] = await at.foreign('nar')
      await at.daemon.addToStoreNar({ info, repair: false, dontCheckSigs: true }, [
        nar.subarray(0, 50),
        nar.subarray(50),
      ])
      const { narHash, references, narSize } = info.info
      claims.info(info.path, { narHash, references, narSize })
      expect(
        Buffer.from(await collect(await at.daemon.narFromPath({ path: info.path }))).equals(nar),
      ).to.equal(true)
    }
    if (at.has('NarFromPath')) {
      const nar = await collect(await at.daemon.narFromPath({ path: leaf }))
      expect(toBase16(digest('sha256', nar))).to.equal(at.given().infos.get(leaf)?.narHash)
    }
    if (at.has('AddMultipleToStore')) {
      const items = [await at.foreign('one'), await at.foreign('two')].map(([info, nar]) => ({
        info,
        nar: [nar],
      }))
      const options = { protocol: at.client.protocol }
      await at.daemon.addMultipleToStore(
        { repair: false, dontCheckSigs: true },
        writeAddMultiple(2, items, options),
      )
      for (const { info } of items) {
        claims.info(info.path, { narHash: info.info.narHash, references: info.info.references })
      }
    }
  })

  it('exports and imports', async () => {
    if (!at.has('ExportPath')) {
      expect(at.isGone('ExportPath') && at.isGone('ImportPaths')).to.equal(true)
      return
    }
    const { branch, leaf, claims, infos } = at.given()
    const exported = await collect(await at.daemon.exportPath({ path: branch, sign: false }))
    const mark = (value: number) => new Uint8Array([value, 0, 0, 0, 0, 0, 0, 0])
    const options = { protocol: at.client.protocol }
    const events = await all(readExport([mark(1), exported, mark(0)], options))
    const last = events.at(-1)
    expect(
      last?._tag === 'info' && [last.info.path, last.info.references, BigInt(last.narSize)],
    ).to.deep.equal([branch, [leaf], infos.get(branch)?.narSize])
    const [{ path, info }, nar] = await at.foreign('moved')
    const moved = { path, references: info.references, deriver: none }
    expect(await at.daemon.importPaths(writeExport([{ nar: [nar], info: moved }], options))).to.deep.equal([
      path,
    ])
    claims.info(path, { references: info.references, narSize: info.narSize })
  })
}
