import { expect } from 'chai'
import { isSome, none, some } from 'fp-ts/lib/Option.js'
import { RemoteError } from '../../../daemon/failure.js'
import {
  type BaseStorePath,
  DrvOutputByHash,
  Nix32Digest,
  type OutputName,
  toBase16,
  toNix32,
} from '../../../types/index.js'
import { rightOf } from '../../support/either.js'
import { digest, fileNar } from '../../support/memory-store.js'
import type { AtVersion } from './at-version.js'
import { basicDerivation, built, outputsOf } from './derivations.js'
import { rejection } from './scene.js'

/** What can be built. */
export const describeBuilds = (at: AtVersion): void => {
  it('builds derivations that work, fail, log, and have two outputs', async () => {
    const { derivations, claims, scene } = at.given()
    const { plain, failing, chatty, many, sent } = derivations
    at.log.length = 0
    await at.daemon.buildPaths({ paths: [built(plain, 'out'), built(many)], mode: 'Normal' })
    for (const derivation of [plain, many]) {
      for (const path of outputsOf(derivation).values()) {
        expect(await at.daemon.isValidPath({ path })).to.equal(true)
        expect(await at.daemon.queryDeriver({ path })).to.deep.equal(some(derivation.path))
        claims.info(path, { deriver: some(derivation.path) })
      }
    }
    expect(at.log.some(({ _tag }) => _tag === (at.since('1.20') ? 'StartActivity' : 'Next'))).to.equal(true)

    const failure = await rejection(at.daemon.buildPaths({ paths: [built(failing)], mode: 'Normal' }))
    expect(failure).to.be.an.instanceOf(RemoteError)
    expect(failure.message).to.contain(failing.path.slice(scene.daemon.storeDir.length + 1))

    at.log.length = 0
    if (at.has('BuildPathsWithResults')) {
      const results = await at.daemon.buildPathsWithResults({
        paths: [built(chatty), built(failing), built(plain)],
        mode: 'Normal',
      })
      const statuses = results.map(({ result }) => result.status)
      expect(statuses).to.deep.equal(['Built', 'PermanentFailure', 'AlreadyValid'])
    } else {
      await at.daemon.buildPaths({ paths: [built(chatty)], mode: 'Normal' })
    }
    if (at.since('1.20')) {
      const said = at.log.flatMap((each) =>
        each._tag === 'Result' && each.type === 'BuildLogLine' ? each.fields.map(({ value }) => value) : [],
      )
      expect(said).to.include.members(['one', 'two'])
    }
    claims.log(chatty.path, 'one\ntwo\n')

    if (at.has('BuildDerivation')) {
      const drv = basicDerivation(sent)
      const result = await at.daemon.buildDerivation({ drvPath: sent.path, drv, mode: 'Normal' })
      expect([result.status, result.errorMsg]).to.deep.equal(['Built', ''])
      for (const path of outputsOf(sent).values()) {
        claims.info(path)
      }
    }
  })

  at.itSince('1.27', 'builds by content, and knows what came of it', async () => {
    const { scene, derivations, leaf, claims } = at.given()
    const { floating } = derivations
    await at.daemon.buildPaths({ paths: [built(floating)], mode: 'Normal' })
    const outputs = await at.daemon.queryDerivationOutputMap({ path: floating.path })
    const outPath = outputs.get('out' as OutputName)
    expect(outPath !== undefined && isSome(outPath), 'an output').to.equal(true)
    if (outPath !== undefined && isSome(outPath)) {
      const nar = await fileNar(Buffer.from(`floating ${at.version}\n`))
      const method = { _tag: 'NixArchive', algorithm: 'sha256' } as const
      claims.info(outPath.value, {
        ca: some({ ...method, digest: rightOf(Nix32Digest.make(toNix32(digest('sha256', nar)))) }),
      })
    }
    if (at.has('BuildPathsWithResults') && outPath !== undefined && isSome(outPath)) {
      const [made] = await at.daemon.buildPathsWithResults({ paths: [built(floating)], mode: 'Normal' })
      const output = made?.result.builtOutputs.get('out' as OutputName)
      const found = output?._tag === 'Hash' && (await at.daemon.queryRealisation({ output: output.key }))
      expect(found && isSome(found) && found.value).to.deep.equal(
        output?._tag === 'Hash' && output.realisation,
      )
      expect(output?._tag === 'Hash' && output.realisation.outPath).to.equal(
        outPath.value.slice(scene.daemon.storeDir.length + 1),
      )
    }
    // Only the daemon can compute the hash in the name of an output; any other works here.
    const output = rightOf(
      DrvOutputByHash.make(`sha256:${toBase16(digest('sha256', `of ${at.version}`))}!out`),
    )
    expect(await at.daemon.queryRealisation({ output })).to.deep.equal(none)
    const base = leaf.slice(scene.daemon.storeDir.length + 1) as BaseStorePath
    const realisation = at.since('1.31')
      ? ({
          _tag: 'Hash',
          id: output,
          outPath: base,
          signatures: [],
          dependentRealisations: new Map(),
          text: none,
        } as const)
      : ({ _tag: 'Name', id: output, outPath: base } as const)
    await at.daemon.registerDrvOutput({ realisation })
    const found = await at.daemon.queryRealisation({ output })
    expect(isSome(found) && found.value).to.deep.equal(
      at.since('1.31') ? realisation : { _tag: 'OutPath', outPath: leaf },
    )
  })
}
