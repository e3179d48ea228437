import { mkdtempSync, readdirSync, rmSync, symlinkSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { isSome, none } from 'fp-ts/lib/Option.js'
import type { Client } from '../../daemon/client-types.js'
import { RemoteError } from '../../daemon/failure.js'
import { closureOrder } from '../../daemon/served-store/closure-order.js'
import { diskStore } from '../../daemon/served-store/disk-store.js'
import { storeHandlers } from '../../daemon/served-store/handlers.js'
import { memoryStore } from '../../daemon/served-store/memory-store.js'
import type { Store } from '../../daemon/served-store/store.js'
import type { ValidPathInfo } from '../../grammar/index.js'
import type { operations } from '../../grammar/operations/index.js'
import { writeAddMultiple } from '../../stream/add-multiple-to-store.js'
import { type NARHash, type StorePath, toBase16 } from '../../types/index.js'
import { collect, digest } from '../support/memory-store.js'
import { archive, cut, directory, file } from '../support/nar.js'
import { turns } from '../support/waiting.js'
import { joined } from './pair.js'

type Connected = Client<typeof operations>

/** The actions of a client, with numbers that choose paths, contents and cuts. */
type Deed = readonly [
  kind:
    | 'text'
    | 'flat'
    | 'nar'
    | 'many'
    | 'broken'
    | 'fetch'
    | 'leave'
    | 'link'
    | 'unlink'
    | 'collect'
    | 'delete',
  a: number,
  b: number,
]

const deed: fc.Arbitrary<Deed> = fc.tuple(
  fc.constantFrom<Deed[0]>(
    'text',
    'text',
    'flat',
    'nar',
    'nar',
    'many',
    'many',
    'broken',
    'fetch',
    'fetch',
    'leave',
    'link',
    'unlink',
    'collect',
    'collect',
    'delete',
  ),
  fc.nat(15),
  fc.nat(15),
)

const hashes = '0123456789abcdfg'

const narOf = (n: number): Buffer =>
  archive(directory(['a', file(`contents ${n}`)], ['b', directory(['c', file('x'.repeat(40 * n))])]))

/** The path of a number, with references to some of those before it, and sometimes to itself. */
const infoOf = (n: number): ValidPathInfo => {
  const at = (other: number): StorePath => `/nix/store/${hashes[other]!.repeat(32)}-p${other}` as StorePath
  const others = [n >> 1, n - 3, n % 5 === 0 ? n : -1].filter(
    (other) => other >= 0 && (other < n || n % 5 === 0),
  )
  const nar = narOf(n)
  return {
    path: at(n),
    info: {
      deriver: none,
      narHash: toBase16(digest('sha256', nar)) as NARHash,
      references: [...new Set(others)].map(at).sort(),
      registrationTime: 0n,
      narSize: BigInt(nar.length),
      ultimate: false,
      signatures: [],
      ca: none,
    },
  }
}

/** A number with all its references. */
const closureOf = (n: number): ReadonlyArray<number> => {
  const numbers = new Map(Array.from({ length: 16 }, (_, each) => [infoOf(each).path, each]))
  return closureOrder([n], (each) => infoOf(each).info.references.map((path) => numbers.get(path)!))
}

const wholeStore = { paths: { _tag: 'WholeStore' }, ignoreLiveness: false, maxFreed: 2n ** 64n - 1n } as const
const unchecked = { repair: false, dontCheckSigs: true }

class World {
  readonly #handlers: ReturnType<typeof storeHandlers>
  readonly #links: string
  #linked = 0

  constructor(store: Store, links: string) {
    this.#handlers = storeHandlers(store)
    this.#links = links
  }

  async connect(): Promise<Connected> {
    const { client } = await joined(this.#handlers as never, {}, { trusted: true })
    return client
  }

  /** One client after another, with the rest of its actions. */
  async live(deeds: ReadonlyArray<Deed>): Promise<void> {
    let client = await this.connect()
    for (const each of deeds) {
      if (each[0] === 'leave') {
        await client.close()
        client = await this.connect()
        continue
      }
      try {
        await this.#do(client, each)
      } catch (error) {
        // A rejection is an error, after which the connection goes on.
        expect(error).to.be.an.instanceOf(RemoteError)
        expect(String(error)).to.match(/not valid|still alive|mismatch/)
      }
    }
    await client.close()
  }

  async #do({ promises: daemon }: Connected, [kind, a, b]: Deed): Promise<void> {
    const sizes = [b + 1, 8 * b + 1]
    switch (kind) {
      case 'text':
        await daemon.addTextToStore({ name: 'text', text: `text ${a}`, references: [] })
        break
      case 'flat': {
        const request = {
          name: 'flat',
          method: { _tag: 'Flat', algorithm: 'sha256' },
          references: [],
          repair: false,
        } as const
        await daemon.addToStore(request, cut(Buffer.from('y'.repeat(100 * a)), sizes))
        break
      }
      case 'nar':
        await daemon.addToStoreNar({ info: infoOf(a), ...unchecked }, cut(narOf(a), sizes))
        break
      case 'many': {
        const items = closureOf(a).map((n) => ({ info: infoOf(n), nar: cut(narOf(n), sizes) }))
        await daemon.addMultipleToStore(unchecked, writeAddMultiple(items.length, items))
        break
      }
      case 'broken': {
        const info = infoOf(a)
        const other = { ...info, info: { ...info.info, narHash: '0'.repeat(64) as NARHash } }
        await daemon.addToStoreNar({ info: other, ...unchecked }, cut(narOf(a), sizes))
        break
      }
      case 'fetch': {
        const paths = [...(await daemon.queryAllValidPaths())].sort()
        const path = paths[a % Math.max(1, paths.length)]
        if (path !== undefined) {
          // The path may be collected in between; an archive that comes is whole.
          const info = await daemon.queryPathInfo({ path })
          const nar = await collect(await daemon.narFromPath({ path }))
          expect(isSome(info) && info.value.narHash).to.equal(toBase16(digest('sha256', nar)))
        }
        break
      }
      case 'link': {
        const link = join(this.#links, String(this.#linked++))
        symlinkSync(infoOf(a).path, link)
        await daemon.addIndirectRoot({ link })
        break
      }
      case 'unlink': {
        const [name] = readdirSync(this.#links)
        if (name !== undefined) {
          unlinkSync(join(this.#links, name))
        }
        break
      }
      case 'collect':
        await daemon.collectGarbage({
          action: 'DeleteDead',
          ...wholeStore,
          maxFreed: b > 7 ? 500n : wholeStore.maxFreed,
        })
        break
      case 'delete': {
        const paths = [infoOf(a).path, infoOf(b).path].filter((path, at, all) => all.indexOf(path) === at)
        const wanted = { _tag: 'SpecificPaths', paths, deleteReferrers: b % 2 === 0 } as const
        await daemon.collectGarbage({ action: 'DeleteSpecific', ...wholeStore, paths: wanted })
        break
      }
    }
  }
}

/** The same store with delayed replies, so that others act in between. */
const slowly = (store: Store): Store => ({
  storeDir: store.storeDir,
  roots: store.roots,
  nar: (path) => store.nar(path),
  receive: async (nar) => {
    const { keep, drop } = await store.receive(nar)
    return { keep: (valid) => turns(2).then(() => keep(valid)), drop }
  },
  hold: (bytes) => store.hold(bytes),
  info: (path) => turns(1).then(() => store.info(path)),
  paths: () => turns(1).then(() => store.paths()),
  pathOf: (hashPart) => turns(1).then(() => store.pathOf(hashPart)),
  referrers: (path) => turns(1).then(() => store.referrers(path)),
  change: (path, info) => turns(1).then(() => store.change(path, info)),
  remove: (path) => turns(1).then(() => store.remove(path)),
})

/**
 * Expects that each valid path is readable with the right hash, with all its references, and that the targets of links
 * exist.
 */
const expectWhole = async (
  world: World,
  added: ReadonlySet<StorePath>,
): Promise<ReadonlyArray<StorePath>> => {
  const client = await world.connect()
  const { promises: daemon } = client
  const paths = await daemon.queryAllValidPaths()
  const all = new Set(paths)
  for (const path of paths) {
    const info = await daemon.queryPathInfo({ path })
    if (!isSome(info)) {
      throw new Error(`${path} is listed and not valid`)
    }
    for (const reference of info.value.references) {
      expect(all.has(reference), `${path} refers to ${reference}`).to.equal(true)
      expect(await daemon.queryReferrers({ path: reference })).to.include(path)
    }
    const nar = await collect(await daemon.narFromPath({ path }))
    expect(toBase16(digest('sha256', nar)), path).to.equal(info.value.narHash)
    expect(BigInt(nar.length)).to.equal(info.value.narSize)
  }
  for (const path of added) {
    expect(all.has(path)).to.equal(true)
  }
  await client.close()
  return [...paths].sort()
}

describe('a store that several clients use at once', () => {
  for (const kind of ['in memory', 'in a folder', 'that takes its time']) {
    it(`is consistent at the end, ${kind}, whatever they did in whatever order`, async () => {
      const lives = fc.array(fc.array(deed, { maxLength: 12 }), { minLength: 2, maxLength: 4 })
      await fc.assert(
        fc.asyncProperty(lives, fc.nat(15), async (clients, last) => {
          const dir = mkdtempSync(join(tmpdir(), 'nix-wire-law-'))
          const folder = join(dir, 'store')
          const links = mkdtempSync(join(dir, 'links-'))
          const disk = kind === 'in a folder' ? await diskStore(folder) : null
          const world = new World(
            disk ?? (kind === 'in memory' ? memoryStore() : slowly(memoryStore())),
            links,
          )
          await Promise.all(clients.map((deeds) => world.live(deeds)))
          // Before the rest is deleted, which would include a wrong path.
          await expectWhole(world, new Set())
          // An open connection keeps all paths that it has added, whichever client collects.
          const keeper = await world.connect()
          const items = closureOf(last).map((n) => ({ info: infoOf(n), nar: [narOf(n)] }))
          await keeper.promises.addMultipleToStore(unchecked, writeAddMultiple(items.length, items))
          await world.live([['collect', 0, 0]])
          const paths = await expectWhole(world, new Set(items.map(({ info }) => info.path)))
          await keeper.close()
          if (disk !== null) {
            expect(readdirSync(join(folder, 'staging'))).to.deep.equal([])
            expect(readdirSync(join(folder, 'store')).sort()).to.deep.equal(
              readdirSync(join(folder, 'info')).sort(),
            )
            await disk.close()
            const again = await diskStore(folder)
            expect(await expectWhole(new World(again, links), new Set())).to.deep.equal(paths)
            await again.close()
          }
          rmSync(dir, { recursive: true })
        }),
        { numRuns: kind === 'that takes its time' ? 10 : 25 },
      )
    })
  }
})
