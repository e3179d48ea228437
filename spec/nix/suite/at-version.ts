import { symlinkSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { expect } from 'chai'
import { isSome, none, some } from 'fp-ts/lib/Option.js'
import { type ProtocolVersion, versionBits } from '../../../combinators/version.js'
import type { Client, PromiseMethods } from '../../../daemon/client-types.js'
import { RemoteError } from '../../../daemon/failure.js'
import type { LogLine } from '../../../daemon/log.js'
import type { UnkeyedValidPathInfo, ValidPathInfo } from '../../../grammar/index.js'
import {
  type OperationName,
  operations,
  operationsOf,
  takesNoArguments,
} from '../../../grammar/operations/index.js'
import { writeAddMultiple } from '../../../stream/add-multiple-to-store.js'
import { readExport, writeExport } from '../../../stream/export.js'
import {
  type BaseStorePath,
  type DerivedPath,
  DrvOutputByHash,
  NARHash,
  Nix32Digest,
  type OutputName,
  type Signature,
  type StorePath,
  toBase16,
  toNix32,
} from '../../../types/index.js'
import { rightOf } from '../../support/either.js'
import { collect, contentAddressedPath, digest, fileNar } from '../../support/memory-store.js'
import { basicDerivation, type Derivation, type Derivations, outputsOf } from './derivations.js'
import {
  type Claims,
  eventually,
  infoAt,
  isAbove,
  methodOf,
  noting,
  rejection,
  type Scene,
  sorted,
} from './scene.js'

/** What the suite has to know of the daemon that it runs against. */
export interface Given {
  readonly scene: Scene
  readonly derivations: Derivations
  /** A text and another that refers to it, added before. */
  readonly leaf: StorePath
  readonly branch: StorePath
  readonly infos: ReadonlyMap<StorePath, UnkeyedValidPathInfo>
  readonly claims: Claims
}

export interface LeftOut {
  /** Operations that this release cannot be asked, by name, with the reason. */
  readonly [name: string]: string
}

const built = ({ path }: Derivation, ...names: ReadonlyArray<string>): DerivedPath => ({
  _tag: 'Built',
  drvPath: { _tag: 'Opaque', path },
  outputs:
    names.length === 0 ? { _tag: 'All' } : { _tag: 'Names', names: names as ReadonlyArray<OutputName> },
})

const all = async <A>(items: AsyncIterable<A>): Promise<ReadonlyArray<A>> => {
  const list: Array<A> = []
  for await (const item of items) {
    list.push(item)
  }
  return list
}

const wholeStore = { paths: { _tag: 'WholeStore' }, ignoreLiveness: false, maxFreed: 2n ** 64n - 1n } as const

/** All operations of one version of the protocol, by our client, against what the real commands say. */
export const describeVersion = (version: ProtocolVersion, given: () => Given, leftOut: LeftOut): void => {
  const since = (other: ProtocolVersion): boolean => versionBits(version) >= versionBits(other)
  const called = new Set<string>()
  const log: Array<LogLine> = []
  let client: Client<typeof operations>
  let daemon: PromiseMethods<typeof operations>

  const itSince = (oldest: ProtocolVersion, title: string, test: () => Promise<void>): void => {
    if (since(oldest)) {
      it(title, test)
    }
  }

  /** Whether the release no longer has an operation that the protocol has. */
  const isGone = (name: OperationName): boolean => {
    const { until } = operations[name]
    return until !== null && isAbove(given().scene.release, until)
  }

  const known: ReadonlyArray<OperationName> = operationsOf({ version }).map(
    ({ name }) => name as OperationName,
  )

  const has = (name: OperationName): boolean =>
    known.includes(name) && !isGone(name) && !Object.hasOwn(leftOut, name)

  const ownPath = (name: string): StorePath =>
    `${given().scene.daemon.storeDir}/${'0'.repeat(32)}-${name}-${version}` as StorePath

  /** A path with made-up contents, as a client knows it that has it. */
  const foreign = async (name: string): Promise<readonly [ValidPathInfo, Uint8Array]> => {
    const nar = await fileNar(Buffer.from(`${name} ${version}`))
    const info: UnkeyedValidPathInfo = {
      deriver: none,
      narHash: rightOf(NARHash.make(toBase16(digest('sha256', nar)))),
      references: [given().leaf],
      registrationTime: 0n,
      narSize: BigInt(nar.length),
      ultimate: false,
      signatures: [],
      ca: none,
    }
    const { storeDir } = given().scene.daemon
    const path = contentAddressedPath(
      storeDir,
      `${name}-${version}`,
      { _tag: 'NixArchive', algorithm: 'sha256' },
      nar,
    )
    return [{ path, info }, nar]
  }

  before(async () => {
    const { scene } = given()
    client = await scene.connect(version, { onLog: (message) => void log.push(message) })
    daemon = noting(client, called)
  })

  after(() => client?.close())

  it('shakes hands', () => {
    const { protocol, daemon: told } = client
    expect(protocol.version).to.equal(version)
    expect(isSome(told.nixVersion)).to.equal(since('1.33'))
    expect(isSome(told.trust)).to.equal(since('1.35'))
  })

  it('sets options, at any time', async () => {
    await daemon.setOptions({
      keepFailed: false,
      keepGoing: true,
      tryFallback: false,
      verbosity: 'Info',
      maxBuildJobs: 2,
      maxSilentTime: 60,
      verboseBuild: false,
      buildCores: 1,
      useSubstitutes: true,
      overrides: new Map(since('1.12') ? [['http-connections', '3']] : []),
    })
  })

  it('asks what the store knows of paths', async () => {
    const { leaf, branch, infos, scene } = given()
    const missing = ownPath('missing')
    expect(await daemon.isValidPath({ path: leaf })).to.equal(true)
    expect(await daemon.isValidPath({ path: missing })).to.equal(false)
    for (const path of [leaf, branch]) {
      const info = await daemon.queryPathInfo({ path })
      const expected = infos.get(path)
      expect(expected, path).not.to.equal(undefined)
      expect(isSome(info) && infoAt(version, info.value)).to.deep.equal(infoAt(version, expected!))
    }
    expect(await daemon.queryPathInfo({ path: missing })).to.deep.equal(none)
    expect(await daemon.queryReferrers({ path: leaf })).to.include(branch)
    const all = await daemon.queryAllValidPaths()
    expect(all).to.include.members([leaf, branch])
    expect(await daemon.queryDeriver({ path: leaf })).to.deep.equal(none)
    if (has('QueryPathHash')) {
      expect(await daemon.queryPathHash({ path: leaf })).to.equal(infos.get(leaf)?.narHash)
    }
    if (has('QueryReferences')) {
      expect(await daemon.queryReferences({ path: branch })).to.deep.equal([leaf])
    }
    if (has('QueryPathFromHashPart')) {
      const hashPart = leaf.slice(scene.daemon.storeDir.length + 1).slice(0, 32)
      expect(await daemon.queryPathFromHashPart({ hashPart })).to.deep.equal(some(leaf))
      expect(await daemon.queryPathFromHashPart({ hashPart: '0'.repeat(32) })).to.deep.equal(none)
    }
    if (has('QueryValidPaths')) {
      const asked = { paths: [leaf, missing, branch], substitute: false }
      expect(sorted(await daemon.queryValidPaths(asked))).to.deep.equal(sorted([leaf, branch]))
    }
  })

  it('asks what could be substituted, which is nothing here', async () => {
    const missing = ownPath('missing')
    expect(await daemon.querySubstitutablePathInfo({ path: missing })).to.deep.equal(none)
    if (has('HasSubstitutes')) {
      expect(await daemon.hasSubstitutes({ path: missing })).to.equal(false)
    }
    if (has('QuerySubstitutablePaths')) {
      expect(await daemon.querySubstitutablePaths({ paths: [missing] })).to.deep.equal([])
    }
    if (has('QuerySubstitutablePathInfos')) {
      const paths = new Map([[missing, none]])
      expect(await daemon.querySubstitutablePathInfos({ paths })).to.deep.equal(new Map())
    }
    if (has('QueryMissing')) {
      const { plain } = given().derivations
      const asked = [built(plain), { _tag: 'Opaque', path: missing } as const]
      const answer = await daemon.queryMissing({ paths: asked })
      expect([answer.willBuild, answer.unknown]).to.deep.equal([[plain.path], [missing]])
    }
  })

  it('adds by each method', async () => {
    const { scene, leaf, claims } = given()
    const { storeDir } = scene.daemon
    const content = Buffer.from(`contents of ${version}`)
    const nar = await fileNar(content)
    const name = `added-${version}`
    for (const method of [
      { _tag: 'NixArchive', algorithm: 'sha256' },
      { _tag: 'NixArchive', algorithm: 'sha1' },
      { _tag: 'Flat', algorithm: 'sha256' },
      { _tag: 'Flat', algorithm: 'md5' },
      ...(since('1.25') ? [{ _tag: 'Text', algorithm: 'sha256' } as const] : []),
    ] as const) {
      const hashed = method._tag === 'NixArchive' ? nar : content
      const references = method._tag === 'Text' ? [leaf] : []
      const added = await daemon.addToStore({ name, method, references, repair: false }, [
        since('1.25') ? hashed : nar,
      ])
      const { path } = added
      expect(path).to.equal(contentAddressedPath(storeDir, name, method, hashed, references))
      expect(isSome(added.info)).to.equal(since('1.25'))
      claims.info(path, isSome(added.info) ? added.info.value : { references })
    }
    const text = `text of ${version}`
    const path = await daemon.addTextToStore({ name, text, references: [leaf] })
    expect(path).to.equal(
      contentAddressedPath(storeDir, name, { _tag: 'Text', algorithm: 'sha256' }, Buffer.from(text), [leaf]),
    )
    claims.info(path, { references: [leaf], narSize: BigInt((await fileNar(Buffer.from(text))).length) })
  })

  it('sends and receives archives', async () => {
    const { leaf, claims } = given()
    if (has('AddToStoreNar')) {
      const [info, nar] = await foreign('nar')
      await daemon.addToStoreNar({ info, repair: false, dontCheckSigs: true }, [
        nar.subarray(0, 50),
        nar.subarray(50),
      ])
      const { narHash, references, narSize } = info.info
      claims.info(info.path, { narHash, references, narSize })
      expect(Buffer.from(await collect(await daemon.narFromPath({ path: info.path }))).equals(nar)).to.equal(
        true,
      )
    }
    if (has('NarFromPath')) {
      const nar = await collect(await daemon.narFromPath({ path: leaf }))
      expect(toBase16(digest('sha256', nar))).to.equal(given().infos.get(leaf)?.narHash)
    }
    if (has('AddMultipleToStore')) {
      const items = [await foreign('one'), await foreign('two')].map(([info, nar]) => ({ info, nar: [nar] }))
      const options = { protocol: client.protocol }
      await daemon.addMultipleToStore(
        { repair: false, dontCheckSigs: true },
        writeAddMultiple(2, items, options),
      )
      for (const { info } of items) {
        claims.info(info.path, { narHash: info.info.narHash, references: info.info.references })
      }
    }
  })

  it('exports and imports', async () => {
    if (!has('ExportPath')) {
      expect(isGone('ExportPath') && isGone('ImportPaths')).to.equal(true)
      return
    }
    const { branch, leaf, claims, infos } = given()
    const exported = await collect(await daemon.exportPath({ path: branch, sign: false }))
    const mark = (value: number) => new Uint8Array([value, 0, 0, 0, 0, 0, 0, 0])
    const options = { protocol: client.protocol }
    const events = await all(readExport([mark(1), exported, mark(0)], options))
    const last = events.at(-1)
    expect(
      last?._tag === 'info' && [last.info.path, last.info.references, BigInt(last.narSize)],
    ).to.deep.equal([branch, [leaf], infos.get(branch)?.narSize])
    const [{ path, info }, nar] = await foreign('moved')
    const moved = { path, references: info.references, deriver: none }
    expect(await daemon.importPaths(writeExport([{ nar: [nar], info: moved }], options))).to.deep.equal([
      path,
    ])
    claims.info(path, { references: info.references, narSize: info.narSize })
  })

  it('builds: what works, fails, talks, has two outputs', async () => {
    const { derivations, claims, scene } = given()
    const { plain, failing, chatty, many, sent } = derivations
    log.length = 0
    await daemon.buildPaths({ paths: [built(plain, 'out'), built(many)], mode: 'Normal' })
    for (const derivation of [plain, many]) {
      for (const path of outputsOf(derivation).values()) {
        expect(await daemon.isValidPath({ path })).to.equal(true)
        expect(await daemon.queryDeriver({ path })).to.deep.equal(some(derivation.path))
        claims.info(path, { deriver: some(derivation.path) })
      }
    }
    expect(log.some(({ _tag }) => _tag === (since('1.20') ? 'StartActivity' : 'Next'))).to.equal(true)

    const failure = await rejection(daemon.buildPaths({ paths: [built(failing)], mode: 'Normal' }))
    expect(failure).to.be.an.instanceOf(RemoteError)
    expect(failure.message).to.contain(failing.path.slice(scene.daemon.storeDir.length + 1))

    log.length = 0
    if (has('BuildPathsWithResults')) {
      const results = await daemon.buildPathsWithResults({
        paths: [built(chatty), built(failing), built(plain)],
        mode: 'Normal',
      })
      const statuses = results.map(({ result }) => result.status)
      expect(statuses).to.deep.equal(['Built', 'PermanentFailure', 'AlreadyValid'])
    } else {
      await daemon.buildPaths({ paths: [built(chatty)], mode: 'Normal' })
    }
    if (since('1.20')) {
      const said = log.flatMap((each) =>
        each._tag === 'Result' && each.type === 'BuildLogLine' ? each.fields.map(({ value }) => value) : [],
      )
      expect(said).to.include.members(['one', 'two'])
    }
    claims.log(chatty.path, 'one\ntwo\n')

    if (has('BuildDerivation')) {
      const drv = basicDerivation(sent)
      const result = await daemon.buildDerivation({ drvPath: sent.path, drv, mode: 'Normal' })
      expect([result.status, result.errorMsg]).to.deep.equal(['Built', ''])
      for (const path of outputsOf(sent).values()) {
        claims.info(path)
      }
    }
  })

  it('asks what derivations make', async () => {
    const { many, plain } = given().derivations
    const outputs = outputsOf(many)
    expect(outputs.size).to.equal(2)
    const { path } = many
    expect(sorted(await daemon.queryDerivationOutputs({ path }))).to.deep.equal(sorted([...outputs.values()]))
    expect(sorted(await daemon.queryDerivationOutputNames({ path }))).to.deep.equal(['dev', 'out'])
    if (has('QueryDerivationOutputMap')) {
      const expected = new Map([...outputs].map(([name, output]) => [name, some(output)]))
      expect(await daemon.queryDerivationOutputMap({ path })).to.deep.equal(expected)
    }
    if (has('QueryValidDerivers')) {
      const [output] = outputsOf(plain).values()
      expect(await daemon.queryValidDerivers({ path: output! })).to.deep.equal([plain.path])
    }
  })

  itSince('1.27', 'builds by content, and knows what came of it', async () => {
    const { scene, derivations, leaf, claims } = given()
    const { floating } = derivations
    await daemon.buildPaths({ paths: [built(floating)], mode: 'Normal' })
    const outputs = await daemon.queryDerivationOutputMap({ path: floating.path })
    const outPath = outputs.get('out' as OutputName)
    expect(outPath !== undefined && isSome(outPath), 'an output').to.equal(true)
    if (outPath !== undefined && isSome(outPath)) {
      const nar = await fileNar(Buffer.from(`floating ${version}\n`))
      const method = { _tag: 'NixArchive', algorithm: 'sha256' } as const
      claims.info(outPath.value, {
        ca: some({ ...method, digest: rightOf(Nix32Digest.make(toNix32(digest('sha256', nar)))) }),
      })
    }
    if (has('BuildPathsWithResults') && outPath !== undefined && isSome(outPath)) {
      const [made] = await daemon.buildPathsWithResults({ paths: [built(floating)], mode: 'Normal' })
      const output = made?.result.builtOutputs.get('out' as OutputName)
      const found = output?._tag === 'Hash' && (await daemon.queryRealisation({ output: output.key }))
      expect(found && isSome(found) && found.value).to.deep.equal(
        output?._tag === 'Hash' && output.realisation,
      )
      expect(output?._tag === 'Hash' && output.realisation.outPath).to.equal(
        outPath.value.slice(scene.daemon.storeDir.length + 1),
      )
    }
    // Only the daemon can compute the hash that names an output; any other will do here.
    const output = rightOf(DrvOutputByHash.make(`sha256:${toBase16(digest('sha256', `of ${version}`))}!out`))
    expect(await daemon.queryRealisation({ output })).to.deep.equal(none)
    const base = leaf.slice(scene.daemon.storeDir.length + 1) as BaseStorePath
    const realisation = since('1.31')
      ? ({
          _tag: 'Hash',
          id: output,
          outPath: base,
          signatures: [],
          dependentRealisations: new Map(),
          text: none,
        } as const)
      : ({ _tag: 'Name', id: output, outPath: base } as const)
    await daemon.registerDrvOutput({ realisation })
    const found = await daemon.queryRealisation({ output })
    expect(isSome(found) && found.value).to.deep.equal(
      since('1.31') ? realisation : { _tag: 'OutPath', outPath: leaf },
    )
  })

  it('signs, and keeps logs', async () => {
    const { scene, derivations, claims } = given()
    if (has('AddSignatures')) {
      const [path] = outputsOf(derivations.plain).values()
      const signature = `key-${version}:${Buffer.alloc(64, 7).toString('base64')}` as Signature
      await daemon.addSignatures({ path: path!, signatures: [signature] })
      const info = await daemon.queryPathInfo({ path: path! })
      expect(isSome(info) && info.value.signatures).to.deep.equal([signature])
      claims.info(path!, { signatures: [signature] })
    }
    if (has('AddBuildLog')) {
      const drvPath = derivations.sent.path.slice(scene.daemon.storeDir.length + 1).replace('sent', 'told')
      await daemon.addBuildLog({ drvPath: drvPath as BaseStorePath }, [Buffer.from(`log of ${version}\n`)])
      claims.log(`${scene.daemon.storeDir}/${drvPath}` as StorePath, `log of ${version}\n`)
    }
  })

  it('keeps what is rooted, and collects the rest', async () => {
    const { scene, leaf, claims } = given()
    const add = (name: string, by = daemon) =>
      by.addTextToStore({ name: `${name}-${version}`, text: name, references: [] })
    const kept = await add('kept')
    await daemon.ensurePath({ path: kept })
    await daemon.addTempRoot({ path: kept })
    await daemon.syncWithGC()
    const link = `${scene.daemon.dir}/root-${version}`
    symlinkSync(leaf, link)
    await daemon.addIndirectRoot({ link })
    expect((await daemon.findRoots()).find((root) => root.link === link)?.path).to.equal(leaf)
    if (has('AddPermRoot')) {
      const permanent = `${scene.daemon.dir}/permanent-${version}`
      expect(await daemon.addPermRoot({ path: leaf, link: permanent })).to.equal(permanent)
    }
    claims.info(kept)

    const live = await daemon.collectGarbage({ ...wholeStore, action: 'ReturnLive' })
    expect(live.paths).to.include.members([leaf, kept])
    const other = await scene.connect(version)
    // What is added has a temporary root for as long as the connection lasts.
    const lost = await add('lost', other.promises)
    await other.close()
    const deletion = (path: StorePath) => {
      const paths = { _tag: 'SpecificPaths', paths: [path], deleteReferrers: false } as const
      return daemon.collectGarbage({ ...wholeStore, action: 'DeleteSpecific', paths })
    }
    const deleted = await eventually(() => deletion(lost))
    expect(deleted.paths).to.deep.equal([lost])
    expect(deleted.bytesFreed > 0n).to.equal(true)
    expect(await daemon.isValidPath({ path: lost })).to.equal(false)
    const dead = await daemon.collectGarbage({ ...wholeStore, action: 'ReturnDead' })
    expect(dead.paths).not.to.include(leaf)
    expect(await rejection(deletion(leaf))).to.be.an.instanceOf(RemoteError)
  })

  itSince('1.14', 'verifies and optimises', async () => {
    expect(await daemon.verifyStore({ checkContents: false, repair: false })).to.equal(false)
    await daemon.optimiseStore()
  })

  it('is told where an operation is gone', async () => {
    const { scene, leaf } = given()
    for (const name of known.filter(isGone)) {
      const other = await scene.connect(version)
      const methods: unknown = other.promises
      const call = (methods as { [method: string]: (...args: ReadonlyArray<unknown>) => Promise<unknown> })[
        methodOf(name)
      ]
      const request = { path: leaf, paths: [], sign: false }
      const error = await rejection(call!(...(takesNoArguments(operations[name]) ? [[]] : [request, []])))
      expect(error, name).to.be.an.instanceOf(RemoteError)
      expect(stripVTControlCharacters(error.message)).to.contain(`invalid operation ${operations[name].id}`)
      await other.close()
    }
  })

  it('has called all that this version and this release have', () => {
    expect([...called].sort()).to.deep.equal(known.filter(has).map(methodOf).sort())
  })
}
