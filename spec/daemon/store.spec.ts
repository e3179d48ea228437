import fs, {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { isNone, isSome, none, some } from 'fp-ts/lib/Option.js'
import type { ProtocolVersion } from '../../combinators/version.js'
import type { Client } from '../../daemon/client-types.js'
import { RemoteError } from '../../daemon/failure.js'
import { diskStore } from '../../daemon/served-store/disk-store.js'
import type { DiskStore } from '../../daemon/served-store/folder-store.js'
import { storeHandlers } from '../../daemon/served-store/handlers.js'
import { memoryStore } from '../../daemon/served-store/memory-store.js'
import type { Store } from '../../daemon/served-store/store.js'
import type { UnkeyedValidPathInfo, ValidPathInfo } from '../../grammar/index.js'
import type { operations } from '../../grammar/operations/index.js'
import { ValidPathInfo as ValidPathInfoGrammar } from '../../grammar/path-info.js'
import { compile } from '../../interpreters/index.js'
import { parseSecretKey, sign } from '../../store/index.js'
import { writeAddMultiple } from '../../stream/add-multiple-to-store.js'
import {
  type ContentAddressMethodWithAlgo,
  type NARHash,
  type Signature,
  type StorePath,
  storePathHashOf,
  toBase16,
  toNix32,
} from '../../types/index.js'
import { rightOf } from '../support/either.js'
import { collect, contentAddressedPath, digest } from '../support/memory-store.js'
import { archive, directory, file } from '../support/nar.js'
import { becomes, turns, until } from '../support/waiting.js'
import { joined } from './pair.js'

type Connected = Client<typeof operations>

const versions: ReadonlyArray<ProtocolVersion> = [
  ...(['1.10', '1.11', '1.14', '1.15', '1.16', '1.17', '1.18', '1.20', '1.21', '1.22'] as const),
  ...(['1.23', '1.24', '1.25', '1.31', '1.34', '1.35', '1.37', '1.38'] as const),
]

const wholeStore = { paths: { _tag: 'WholeStore' }, ignoreLiveness: false, maxFreed: 2n ** 64n - 1n } as const

const tree = archive(directory(['a', file('one')], ['b', directory(['c', file('two')])]))

const infoFor = (path: string, nar: Uint8Array, more: Partial<UnkeyedValidPathInfo> = {}): ValidPathInfo => ({
  path: path as StorePath,
  info: {
    deriver: none,
    narHash: toBase16(digest('sha256', nar)) as NARHash,
    references: [],
    registrationTime: 0n,
    narSize: BigInt(nar.length),
    ultimate: false,
    signatures: [],
    ca: none,
    ...more,
  },
})

const named = (name: string, hash = 'b'): StorePath => `/nix/store/${hash.repeat(32)}-${name}` as StorePath

/** The error of a promise, which must be a message of the other side. */
const refusalOf = async (promise: Promise<unknown>): Promise<string> => {
  const failure = await promise.then(
    () => 'it was done',
    (error: unknown) => error,
  )
  expect(failure).to.be.an.instanceOf(RemoteError)
  return (failure as RemoteError).message
}

interface Bench {
  readonly store: Store
  connect(version?: ProtocolVersion, trusted?: boolean): Promise<Connected>
  /** Whether anything is left of an upload that was not kept. */
  leftovers(): ReadonlyArray<string>
  end(): Promise<void>
}

const benchOf = (store: Store, leftovers: Bench['leftovers'], close: () => Promise<void>): Bench => {
  const handlers = storeHandlers(store)
  const clients: Array<Connected> = []
  return {
    store,
    connect: async (newest = '1.38', trusted = true) => {
      const { client } = await joined(handlers as never, { newest }, { trusted })
      clients.push(client)
      return client
    },
    leftovers,
    end: async () => {
      await Promise.all(clients.map((client) => client.close()))
      await close()
    },
  }
}

const inMemory = async (): Promise<Bench> =>
  benchOf(
    memoryStore(),
    () => [],
    async () => undefined,
  )

const inFolder = async (): Promise<Bench> => {
  const dir = mkdtempSync(join(tmpdir(), 'nix-wire-store-'))
  const store = await diskStore(dir)
  return benchOf(
    store,
    () => readdirSync(join(dir, 'staging')),
    async () => {
      await store.close()
      rmSync(dir, { recursive: true })
    },
  )
}

for (const [where, start] of [
  ['in memory', inMemory],
  ['in a folder', inFolder],
] as const) {
  describe(`a store ${where}`, () => {
    let bench: Bench
    beforeEach(async () => {
      bench = await start()
    })
    afterEach(() => bench.end())

    const valid = async (): Promise<ReadonlyArray<StorePath>> => [...(await bench.store.paths())].sort()

    for (const version of versions) {
      const since = (minor: number): boolean => Number(version.slice(2)) >= minor

      it(`adds, describes and returns paths at protocol ${version}`, async () => {
        const { promises: daemon } = await bench.connect(version)
        const leaf = await daemon.addTextToStore({ name: 'leaf', text: 'leaf', references: [] })
        const text = `see ${leaf}`
        const branch = await daemon.addTextToStore({ name: 'branch', text, references: [leaf] })
        const asText: ContentAddressMethodWithAlgo = { _tag: 'Text', algorithm: 'sha256' }
        expect(branch).to.equal(
          contentAddressedPath('/nix/store', 'branch', asText, Buffer.from(text), [leaf]),
        )
        const contents = Buffer.from('a flat file')
        for (const method of [
          { _tag: 'NixArchive', algorithm: 'sha256' },
          { _tag: 'NixArchive', algorithm: 'sha512' },
          { _tag: 'Flat', algorithm: 'sha256' },
          { _tag: 'Flat', algorithm: 'md5' },
          ...(since(25) ? [asText] : []),
        ] as const) {
          const isFile = method._tag !== 'NixArchive'
          const hashed = isFile ? contents : tree
          const sent = isFile && !since(25) ? archive(file(contents)) : hashed
          const request = { name: 'added', method, references: [], repair: false }
          const { path, info } = await daemon.addToStore(request, [sent])
          expect(path).to.equal(contentAddressedPath('/nix/store', 'added', method, hashed))
          expect(isSome(info)).to.equal(since(25))
          const nar = isFile ? archive(file(contents)) : tree
          const known = await daemon.queryPathInfo({ path })
          expect(isSome(known) && [known.value.narHash, known.value.narSize]).to.deep.equal([
            toBase16(digest('sha256', nar)),
            BigInt(nar.length),
          ])
          expect(isSome(known) && isSome(known.value.ca)).to.equal(since(16))
          if (since(17)) {
            expect(Buffer.from(await collect(await daemon.narFromPath({ path }))).equals(nar)).to.equal(true)
          }
        }
        if (since(17)) {
          const info = infoFor(named('announced'), tree, {
            references: [branch],
            deriver: some(named('x.drv')),
          })
          await daemon.addToStoreNar({ info, repair: false, dontCheckSigs: true }, [tree])
          expect(await daemon.queryReferrers({ path: branch })).to.deep.equal([info.path])
        }
        expect(isNone(await daemon.queryPathInfo({ path: named('nothing', '0') }))).to.equal(true)
        expect(await daemon.isValidPath({ path: branch })).to.equal(true)
        expect(await daemon.queryReferrers({ path: leaf })).to.deep.equal([branch])
        if (since(11)) {
          const hashPart = storePathHashOf(leaf)
          expect(await daemon.queryPathFromHashPart({ hashPart })).to.deep.equal(some(leaf))
        }
        expect([...(await daemon.queryAllValidPaths())].sort()).to.deep.equal(await valid())
        if (since(14)) {
          expect(await daemon.verifyStore({ checkContents: true, repair: false })).to.equal(false)
        }
        expect(bench.leftovers()).to.deep.equal([])
      })
    }

    it('rejects contents that differ from their announcement, keeps nothing of them, and goes on', async () => {
      const { promises: daemon } = await bench.connect()
      const path = named('wrong')
      const adding = (info: ValidPathInfo, bytes: Uint8Array) =>
        refusalOf(daemon.addToStoreNar({ info, repair: false, dontCheckSigs: true }, [bytes]))
      const other = archive(file('other'))
      expect(await adding(infoFor(path, tree, { narSize: 1n }), tree)).to.match(
        /hash mismatch importing path/,
      )
      expect(await adding(infoFor(path, other), tree)).to.match(/hash mismatch importing path/)
      expect(await adding(infoFor(path, tree, { references: [named('missing', 'c')] }), tree)).to.match(
        /it refers to '.*-missing', which is not valid/,
      )
      const many = { repair: false, dontCheckSigs: true }
      const first = infoFor(named('first'), tree)
      const second = infoFor(named('second', 'c'), other, { narHash: first.info.narHash })
      const stream = writeAddMultiple(2, [
        { info: first, nar: [tree] },
        { info: second, nar: [other] },
      ])
      expect(await refusalOf(daemon.addMultipleToStore(many, stream))).to.match(/hash mismatch/)
      expect(await refusalOf(daemon.narFromPath({ path }))).to.match(/is not valid/)
      expect(await refusalOf(daemon.ensurePath({ path }))).to.match(/neither build nor substitute/)
      // The paths before the wrong one have been added.
      expect(await valid()).to.deep.equal([first.path])
      expect(bench.leftovers()).to.deep.equal([])
    })

    it('rejects an archive that is invalid, ends too early or goes on, in complete frames', async () => {
      const { promises: daemon } = await bench.connect()
      const request = {
        name: 'x',
        method: { _tag: 'NixArchive', algorithm: 'sha256' },
        references: [],
        repair: false,
      } as const
      // Below 1.25 and in AddToStoreNar our client checks this itself.
      for (const bytes of [Buffer.from('no archive at all, but long enough for one'), Buffer.alloc(0)]) {
        const flat = { ...request, method: { _tag: 'Flat', algorithm: 'sha256' } } as const
        await daemon.addToStore(flat, [bytes])
      }
      const before = await valid()
      expect(before).to.have.lengthOf(2)
      for (const bytes of [tree.subarray(0, -8), Buffer.concat([tree, Buffer.alloc(8)]), Buffer.alloc(0)]) {
        const failure = await daemon.addToStore(request, [bytes]).catch((error: unknown) => error)
        expect(failure).to.be.an.instanceOf(Error)
      }
      expect(await valid()).to.deep.equal(before)
      expect(bench.leftovers()).to.deep.equal([])
    })

    it('rejects invalid names, and links that are not file paths', async () => {
      const { promises: daemon } = await bench.connect()
      for (const name of ['', '.', '..', 'a/b', '../x', '.-x', 'a b', 'x'.repeat(212), 'k\udcfcse', 'a\0b']) {
        expect(await refusalOf(daemon.addTextToStore({ name, text: '', references: [] }))).to.match(
          /not a name/,
        )
      }
      for (const link of ['', 'link', './link', `/${'x'.repeat(5000)}`, '/a\0b']) {
        expect(await refusalOf(daemon.addIndirectRoot({ link }))).to.match(/absolute path/)
      }
      expect(await valid()).to.deep.equal([])
      expect(await bench.store.roots.all()).to.deep.equal([])
    })

    it('accepts from untrusted clients only paths that follow from their contents', async () => {
      const { promises: daemon } = await bench.connect('1.38', false)
      const adding = (info: ValidPathInfo, bytes: Uint8Array) =>
        daemon.addToStoreNar({ info, repair: false, dontCheckSigs: true }, [bytes])
      expect(await refusalOf(adding(infoFor(named('any'), tree), tree))).to.match(/lacks a signature/)
      const leaf = await daemon.addTextToStore({ name: 'leaf', text: 'leaf', references: [] })
      const one = Buffer.from('one file')
      for (const [method, hashed, references] of [
        [{ _tag: 'NixArchive', algorithm: 'sha256' }, tree, [leaf]],
        [{ _tag: 'NixArchive', algorithm: 'sha1' }, tree, []],
        [{ _tag: 'Flat', algorithm: 'sha512' }, one, []],
        [{ _tag: 'Text', algorithm: 'sha256' }, one, [leaf]],
      ] as const) {
        const nar = method._tag === 'NixArchive' ? tree : archive(file(one))
        const ca = some({ ...method, digest: toNix32(digest(method.algorithm, hashed)) as never })
        const path = contentAddressedPath('/nix/store', 'honest', method, hashed, references)
        expect(await refusalOf(adding(infoFor(named('liar'), nar, { ca, references }), nar))).to.match(
          /does not match its contents/,
        )
        const info = infoFor(path, nar, { ca, references, ultimate: true })
        await adding(info, nar)
        const known = await daemon.queryPathInfo({ path })
        expect(isSome(known) && [known.value.ultimate, known.value.ca]).to.deep.equal([false, ca])
      }
      const itself = named('itself')
      const ca = some({
        _tag: 'NixArchive',
        algorithm: 'sha256',
        digest: toNix32(digest('sha256', tree)) as never,
      } as const)
      expect(await refusalOf(adding(infoFor(itself, tree, { ca, references: [itself] }), tree))).to.match(
        /itself/,
      )
      expect(await valid()).to.have.lengthOf(5)
      expect(bench.leftovers()).to.deep.equal([])
      expect((await daemon.findRoots()).map(({ link }) => link)).to.deep.equal(Array(5).fill('{censored}'))
      expect(await refusalOf(daemon.addPermRoot({ path: leaf, link: '/nowhere' }))).to.match(/not privileged/)
    })

    it('exports and imports, for trusted clients', async () => {
      for (const version of ['1.10', '1.15', '1.20', '1.38'] as const) {
        const { promises: daemon } = await bench.connect(version)
        const leaf = await daemon.addTextToStore({ name: 'leaf', text: version, references: [] })
        const branch = await daemon.addTextToStore({ name: 'branch', text: leaf, references: [leaf] })
        const items = [leaf, branch].map(async (path) =>
          collect(await daemon.exportPath({ path, sign: false })),
        )
        const [one, two] = await Promise.all(items)
        const mark = (value: number) => new Uint8Array([value, 0, 0, 0, 0, 0, 0, 0])
        const stream = [mark(1), one!, mark(1), two!, mark(0)]
        const other = benchOf(
          memoryStore(),
          () => [],
          async () => undefined,
        )
        const { promises: far } = await other.connect(version)
        expect(await far.importPaths([mark(0)])).to.deep.equal([])
        expect(await far.importPaths(stream)).to.deep.equal([leaf, branch])
        expect(await far.importPaths(stream)).to.deep.equal([leaf, branch])
        expect(await far.queryReferrers({ path: leaf })).to.deep.equal([branch])
        const [here, there] = [
          await daemon.queryPathInfo({ path: branch }),
          await far.queryPathInfo({ path: branch }),
        ]
        expect(isSome(here) && isSome(there) && [here.value.narHash, here.value.narSize]).to.deep.equal(
          isSome(there) && [there.value.narHash, there.value.narSize],
        )
        await other.end()
        const { promises: stranger } = await bench.connect(version, false)
        expect(await refusalOf(stranger.importPaths(stream))).to.match(/lack a signature/)
      }
    })

    it('repairs nothing, and limits the number of signatures', async () => {
      const { promises: daemon } = await bench.connect()
      const path = await daemon.addTextToStore({ name: 'x', text: '', references: [] })
      const repair = {
        name: 'x',
        method: { _tag: 'Flat', algorithm: 'sha256' },
        references: [],
        repair: true,
      } as const
      expect(await refusalOf(daemon.addToStore(repair, []))).to.match(/cannot repair/)
      expect(await refusalOf(daemon.verifyStore({ checkContents: true, repair: true }))).to.match(
        /cannot repair/,
      )
      const signature = (n: number) => `key-${n}:${Buffer.alloc(64, 7).toString('base64')}` as Signature
      const mostSignatures = 256
      const many = Array.from({ length: mostSignatures }, (_, n) => signature(n))
      await daemon.addSignatures({ path, signatures: many })
      await daemon.addSignatures({ path, signatures: many })
      expect(
        await refusalOf(daemon.addSignatures({ path, signatures: [signature(mostSignatures)] })),
      ).to.match(/256/)
      const known = await daemon.queryPathInfo({ path })
      expect(isSome(known) && known.value.signatures).to.have.lengthOf(256)
    })

    it('accepts one path from two connections at once, neither of which waits for the other', async () => {
      const [slow, fast] = [await bench.connect(), await bench.connect()]
      const request = { info: infoFor(named('twice'), tree), repair: false, dontCheckSigs: true }
      let release: () => void = () => undefined
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      const slowly = async function* () {
        yield tree.subarray(0, 64)
        await held
        yield tree.subarray(64)
      }
      const first = slow.promises.addToStoreNar(request, slowly())
      await turns()
      await fast.promises.addToStoreNar(request, [tree])
      expect(await valid()).to.deep.equal([request.info.path])
      release()
      await first
      expect(
        Buffer.from(await collect(await fast.promises.narFromPath({ path: request.info.path }))).equals(tree),
      ).to.equal(true)
      expect(bench.leftovers()).to.deep.equal([])
    })

    it('keeps nothing of an upload whose client leaves', async () => {
      const client = await bench.connect()
      const request = { info: infoFor(named('cut'), tree), repair: false, dontCheckSigs: true }
      let sent = false
      const cut = async function* () {
        yield tree.subarray(0, 200)
        sent = true
        await new Promise(() => undefined)
      }
      const adding = client.promises.addToStoreNar(request, cut()).catch(() => 'broken')
      await until(() => sent)
      await turns()
      await client.close()
      expect(await adding).to.equal('broken')
      await becomes(() => bench.leftovers(), [])
      expect(await valid()).to.deep.equal([])
    })

    it('collects paths without a root or a connection, referrers first', async () => {
      const [one, two] = [await bench.connect(), await bench.connect()]
      const add = (client: Connected, name: string, references: ReadonlyArray<StorePath> = []) =>
        client.promises.addTextToStore({ name, text: name, references })
      const leaf = await add(one, 'leaf')
      const branch = await add(one, 'branch', [leaf])
      const lone = await add(one, 'lone')
      const other = await add(two, 'other')
      const collectAll = { action: 'DeleteDead', ...wholeStore } as const
      // Each connection keeps the paths that it has added.
      expect((await two.promises.collectGarbage(collectAll)).paths).to.deep.equal([])
      const dir = mkdtempSync(join(tmpdir(), 'nix-wire-roots-'))
      const link = join(dir, 'link')
      symlinkSync(branch, link)
      await two.promises.addIndirectRoot({ link })
      await one.close()
      await becomes(
        async () => (await two.promises.collectGarbage({ ...collectAll, action: 'ReturnDead' })).paths,
        [lone],
      )
      const live = await two.promises.collectGarbage({ ...collectAll, action: 'ReturnLive' })
      expect([...live.paths].sort()).to.deep.equal([leaf, branch, other].sort())
      expect((await two.promises.findRoots()).map(({ path }) => path)).to.deep.equal([branch, other])
      const size = BigInt(archive(file('lone')).length)
      expect(await two.promises.collectGarbage(collectAll)).to.deep.equal({ paths: [lone], bytesFreed: size })
      const specific = (paths: ReadonlyArray<StorePath>, deleteReferrers = false) =>
        ({ ...collectAll, paths: { _tag: 'SpecificPaths', paths, deleteReferrers } }) as const
      const deleting = (given: ReturnType<typeof specific>) =>
        two.promises.collectGarbage({ ...given, action: 'DeleteSpecific' })
      expect(await refusalOf(deleting(specific([leaf])))).to.match(/still alive/)
      expect((await two.promises.collectGarbage(specific([leaf]))).paths).to.deep.equal([])
      unlinkSync(link)
      // Its referrers may not be deleted with it, or may.
      expect(await refusalOf(deleting(specific([leaf])))).to.match(/still alive/)
      expect((await deleting(specific([leaf], true))).paths).to.deep.equal([branch, leaf])
      expect(await refusalOf(two.promises.collectGarbage({ ...collectAll, ignoreLiveness: true }))).to.match(
        /alive/,
      )
      // The path that the link could keep is gone.
      expect(await bench.store.roots.all()).to.deep.equal([])
      expect(await valid()).to.deep.equal([other])
      rmSync(dir, { recursive: true })
    })

    it('stops collecting when enough is free', async () => {
      const client = await bench.connect()
      for (const name of ['a', 'b', 'c']) {
        await client.promises.addTextToStore({ name, text: 'same size', references: [] })
      }
      await client.close()
      const { promises: daemon } = await bench.connect()
      const enough = { action: 'DeleteDead', ...wholeStore, maxFreed: 200n } as const
      await until(async () => (await daemon.findRoots()).length === 0, 'the connection has ended')
      expect((await daemon.collectGarbage(enough)).paths).to.have.lengthOf(2)
      expect(await valid()).to.have.lengthOf(1)
    })

    it('makes links that keep paths, and replaces nothing else with them', async () => {
      const { promises: daemon } = await bench.connect()
      const path = await daemon.addTextToStore({ name: 'kept', text: '', references: [] })
      const next = await daemon.addTextToStore({ name: 'next', text: '', references: [] })
      const dir = mkdtempSync(join(tmpdir(), 'nix-wire-roots-'))
      const link = join(dir, 'link')
      expect(await daemon.addPermRoot({ path, link })).to.equal(link)
      await daemon.addPermRoot({ path: next, link })
      expect(fs.readlinkSync(link)).to.equal(next)
      writeFileSync(join(dir, 'file'), 'x')
      symlinkSync('/etc/passwd', join(dir, 'away'))
      for (const name of ['file', 'away']) {
        expect(await refusalOf(daemon.addPermRoot({ path, link: join(dir, name) }))).to.match(
          /another file is there/,
        )
      }
      expect(await refusalOf(daemon.addPermRoot({ path: named('none'), link: join(dir, 'new') }))).to.match(
        /not valid/,
      )
      expect(readdirSync(dir).sort()).to.deep.equal(['away', 'file', 'link'])
      expect(await bench.store.roots.all()).to.deep.equal([link])
      rmSync(dir, { recursive: true })
    })

    it('reports which targets of a build are there and which are missing', async () => {
      const { promises: daemon } = await bench.connect()
      const path = await daemon.addTextToStore({ name: 'there', text: '', references: [] })
      const drv = named('x.drv')
      const targets = [
        { _tag: 'Opaque', path },
        { _tag: 'Opaque', path: named('gone') },
        { _tag: 'Built', drvPath: { _tag: 'Opaque', path: drv }, outputs: { _tag: 'All' } },
      ] as const
      const missing = await daemon.queryMissing({ paths: targets })
      expect([...missing.unknown].sort()).to.deep.equal([named('gone'), drv].sort())
      const results = await daemon.buildPathsWithResults({ paths: targets, mode: 'Normal' })
      expect(results.map(({ result }) => result.status)).to.deep.equal([
        'AlreadyValid',
        'NoSubstituters',
        'NoSubstituters',
      ])
      await daemon.buildPaths({ paths: [targets[0]], mode: 'Normal' })
      expect(await refusalOf(daemon.buildPaths({ paths: [targets[2]], mode: 'Normal' }))).to.match(
        /cannot build/,
      )
    })
  })
}

describe('a store with trusted keys', () => {
  const secret = rightOf(
    parseSecretKey(
      // RFC 8032, 7.1, test 2: a seed, and its public key.
      `test-1:${Buffer.from(
        '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb' +
          '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
        'hex',
      ).toString('base64')}`,
    ),
  )

  it('accepts signed paths with their signatures, and nothing else', async () => {
    const handlers = storeHandlers(memoryStore(), { trustedKeys: [secret.publicKey] })
    const { client } = await joined(handlers as never, {}, { trusted: false })
    const adding = (info: ValidPathInfo, bytes: Uint8Array) =>
      client.promises.addToStoreNar({ info, repair: false, dontCheckSigs: true }, [bytes])
    const itself = named('signed')
    const plain = infoFor(itself, tree, { references: [itself] })
    const signature = rightOf(sign(plain, secret))
    const signed = (more: Partial<UnkeyedValidPathInfo>) => ({
      ...plain,
      info: { ...plain.info, signatures: [signature], ...more },
    })
    expect(await refusalOf(adding(plain, tree))).to.match(/lacks a signature/)
    expect(await refusalOf(adding(signed({ references: [] }), tree))).to.match(/lacks a signature/)
    expect(await refusalOf(adding({ ...signed({}), path: named('other') }, tree))).to.match(
      /lacks a signature/,
    )
    // The signature is of other contents.
    expect(await refusalOf(adding(signed({}), archive(file('other'))))).to.match(/hash mismatch/)
    await adding(signed({}), tree)
    expect(await client.promises.queryAllValidPaths()).to.deep.equal([itself])
    await client.close()
    expect(() => storeHandlers(memoryStore(), { trustedKeys: ['test-1:AAAA' as never] })).to.throw(TypeError)
  })
})

describe('a store in memory that is full', () => {
  it('rejects what does not fit, and has room again after a deletion', async () => {
    const bench = benchOf(
      memoryStore({ maxSize: 1000 }),
      () => [],
      async () => undefined,
    )
    const client = await bench.connect()
    const add = (text: string) => client.promises.addTextToStore({ name: 'x', text, references: [] })
    await add('x'.repeat(300))
    for (let i = 0; i < 3; i++) {
      expect(await refusalOf(add('y'.repeat(600)))).to.match(/the store is full/)
    }
    await client.close()
    const next = await bench.connect()
    await until(async () => (await next.promises.findRoots()).length === 0, 'the connection has ended')
    await next.promises.collectGarbage({ action: 'DeleteDead', ...wholeStore })
    await next.promises.addTextToStore({ name: 'x', text: 'z'.repeat(400), references: [] })
    await bench.end()
  })

  it('needs no more memory than the bytes, however small the pieces are', async () => {
    const store = memoryStore()
    const pieces = async function* () {
      for (const byte of tree) {
        yield Uint8Array.of(byte)
      }
    }
    const held = await store.hold(pieces())
    const chunks = held.read() as ReadonlyArray<Uint8Array>
    expect(chunks.length).to.be.at.most(2)
    expect(Buffer.concat(chunks).equals(tree)).to.equal(true)
  })
})

describe('the folder of a store', () => {
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-store-'))
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  const opened = async <A>(use: (store: DiskStore) => Promise<A>): Promise<A> => {
    const store = await diskStore(dir)
    try {
      return await use(store)
    } finally {
      await store.close()
    }
  }

  const adding = async (store: Store, name: string, references: ReadonlyArray<StorePath> = []) => {
    const bench = benchOf(
      store,
      () => [],
      async () => undefined,
    )
    const client = await bench.connect()
    const path = await client.promises.addTextToStore({ name, text: name, references })
    await bench.end()
    return path
  }

  it('has everything when it is opened again: paths, referrers, links', async () => {
    const [leaf, branch] = await opened(async (store) => {
      const one = await adding(store, 'leaf')
      await store.roots.add('/some/where/k\udcfcse')
      return [one, await adding(store, 'branch', [one])]
    })
    await opened(async (store) => {
      expect(store.size).to.equal(2)
      expect([...(await store.referrers(leaf!))]).to.deep.equal([branch])
      expect(await store.roots.all()).to.deep.equal(['/some/where/k\udcfcse'])
      const nar = await collect(store.nar(branch!) as AsyncIterable<Uint8Array>)
      expect(Buffer.from(nar).equals(archive(file('branch')))).to.equal(true)
    })
  })

  it('contains path infos in the form of the protocol', async () => {
    const path = await opened((store) => adding(store, 'told'))
    const bytes = fs.readFileSync(join(dir, 'info', path.slice('/nix/store/'.length)))
    const read = rightOf(compile(ValidPathInfoGrammar, { version: '1.38' }).decode(bytes))
    expect(read.path).to.equal(path)
  })

  it('loses the unfinished work of another process, and nothing else', async () => {
    const path = await opened((store) => adding(store, 'whole'))
    const half = join(dir, 'store', `${'c'.repeat(32)}-half`)
    mkdirSync(half)
    writeFileSync(join(half, 'x'), 'x')
    writeFileSync(join(dir, 'staging', 'upload'), 'x')
    writeFileSync(join(dir, 'store', 'notes of mine'), 'x')
    await opened(async (store) => {
      expect([...(await store.paths())]).to.deep.equal([path])
    })
    expect(existsSync(half)).to.equal(false)
    expect(readdirSync(join(dir, 'staging'))).to.deep.equal([])
    expect(existsSync(join(dir, 'store', 'notes of mine'))).to.equal(true)
  })

  it('is rejected if it is another folder, of another store directory, broken, or in use', async () => {
    const message = (promise: Promise<unknown>) =>
      promise.then(
        () => 'opened',
        (error: Error) => error.message,
      )
    writeFileSync(join(dir, 'mine'), 'x')
    mkdirSync(join(dir, 'store'))
    expect(await message(diskStore(dir))).to.match(/is not a store: it is not empty/)
    expect(readdirSync(dir).sort()).to.deep.equal(['mine', 'store'])
    const place = join(dir, 'new', 'one')
    const store = await diskStore(place)
    expect(await message(diskStore(place))).to.match(/is in use by another process/)
    const path = await adding(store, 'x')
    await store.close()
    expect(await message(diskStore(place, { storeDir: '/gnu/store' }))).to.match(
      /has its paths in \/nix\/store/,
    )
    expect(await message(diskStore(place, { storeDir: 'relative' }))).to.match(/store/)
    const info = join(place, 'info', path.slice('/nix/store/'.length))
    writeFileSync(info, 'x')
    expect(await message(diskStore(place))).to.match(/is not the info of/)
    // A folder that could not be opened is not locked.
    unlinkSync(info)
    await (await diskStore(place)).close()
  })

  it('has a path as a whole or not at all, whichever system call fails', async () => {
    const calls = [
      'writeSync',
      'writeFileSync',
      'renameSync',
      'mkdirSync',
      'openSync',
      'symlinkSync',
    ] as const
    const link = archive(directory(['f', file('x'.repeat(100_000))], ['sub', directory(['g', file('y')])]))
    const full = (name: string) =>
      Object.assign(new Error(`ENOSPC: no space left on device, ${name}`), { code: 'ENOSPC', syscall: name })
    let failed = 0
    for (const name of calls) {
      for (let nth = 1; nth < 40; nth++) {
        const store = await diskStore(dir)
        const bench = benchOf(
          store,
          () => [],
          async () => undefined,
        )
        const client = await bench.connect()
        const real = fs[name] as (...args: ReadonlyArray<unknown>) => unknown
        let count = 0
        const failing = (...args: ReadonlyArray<unknown>): unknown => {
          if (++count === nth) {
            throw full(name)
          }
          return real(...args)
        }
        Object.assign(fs, { [name]: failing })
        syncBuiltinESMExports()
        const info = infoFor(named(`${name.toLowerCase()}-${nth}`), link)
        let wasAdded = true
        try {
          await client.promises.addToStoreNar({ info, repair: false, dontCheckSigs: true }, [link])
        } catch (error) {
          wasAdded = false
          failed++
          expect(error).to.be.an.instanceOf(RemoteError)
          expect(String(error)).to.match(/ENOSPC/)
        } finally {
          Object.assign(fs, { [name]: real })
          syncBuiltinESMExports()
        }
        expect(await client.promises.isValidPath({ path: info.path })).to.equal(wasAdded)
        const base = info.path.slice('/nix/store/'.length)
        for (const folder of ['store', 'info']) {
          expect(existsSync(join(dir, folder, base)), `${folder}, ${name} ${nth}`).to.equal(wasAdded)
        }
        expect(readdirSync(join(dir, 'staging')), `${name} ${nth}`).to.deep.equal([])
        if (!wasAdded) {
          await client.promises.addToStoreNar({ info, repair: false, dontCheckSigs: true }, [link])
        }
        expect(await client.promises.verifyStore({ checkContents: true, repair: false })).to.equal(false)
        await bench.end()
        await store.remove(info.path)
        await store.close()
        if (count < nth) {
          break
        }
      }
    }
    expect(failed).to.be.at.least(12)
  })

  it('never writes an archive through a link to another place', async () => {
    const outside = join(dir, 'outside')
    const place = join(dir, 'place')
    const store = await diskStore(place)
    const bench = benchOf(
      store,
      () => [],
      async () => undefined,
    )
    const { promises: daemon } = await bench.connect()
    // There is a link in the place of a path.
    const info = infoFor(named('linked'), tree)
    symlinkSync(outside, join(place, 'store', info.path.slice('/nix/store/'.length)))
    await daemon.addToStoreNar({ info, repair: false, dontCheckSigs: true }, [tree])
    expect(existsSync(outside)).to.equal(false)
    expect(await daemon.verifyStore({ checkContents: true, repair: false })).to.equal(false)
    await bench.end()
    await store.close()
  })

  it('reports changed or missing files', async () => {
    await opened(async (store) => {
      const path = await adding(store, 'changed')
      const kept = join(dir, 'store', path.slice('/nix/store/'.length))
      writeFileSync(kept, 'something else')
      const lines: Array<string> = []
      const { client } = await joined(
        storeHandlers(store) as never,
        { onLog: (message) => void lines.push('text' in message ? message.text : '') },
        { trusted: true },
      )
      expect(await client.promises.verifyStore({ checkContents: false, repair: false })).to.equal(false)
      expect(await client.promises.verifyStore({ checkContents: true, repair: false })).to.equal(true)
      expect(lines.join('')).to.match(/-changed' is broken: it has \d+ bytes/)
      await client.close()
    })
  })
})
