import { expect } from 'chai'
import { isSome } from 'fp-ts/lib/Option.js'
import { promises } from '../../../daemon/client.js'
import type { Client } from '../../../daemon/client-types.js'
import type { operations } from '../../../grammar/operations/index.js'
import { type StorePath, toBase16 } from '../../../types/index.js'
import { collect, contentAddressedPath, digest, fileNar } from '../../support/memory-store.js'
import type { NixDaemon } from '../../support/nix-daemon.js'
import { longest } from '../../support/waiting.js'

/** What is in the store, and so what must be answered. */
interface Known {
  readonly path: StorePath
  readonly nar: Uint8Array
}

const method = { _tag: 'NixArchive', algorithm: 'sha256' } as const

/** Enough that not all of it is on its way at once. */
const large = 400_000

/**
 * Operations of one client in an order that follows from a seed, each with what must come of it. Those that end the
 * connection are followed by another one; all others leave it in step, which a question shows whose answer is known.
 */
export class Mixture {
  /** How often each kind was done. */
  readonly done = new Map<string, number>()
  readonly #daemon: NixDaemon
  readonly #below: (bound: number) => number
  readonly #known: Array<Known> = []
  #client: Client<typeof operations> | null = null
  #added = 0
  #texts = 0

  constructor(daemon: NixDaemon, seed: number) {
    this.#daemon = daemon
    let draws = 0
    this.#below = (bound) => digest('sha256', `${seed} ${draws++}`).readUInt32BE() % bound
  }

  readonly #kinds: ReadonlyArray<readonly [name: string, weight: number, act: () => Promise<void>]> = [
    ['path info', 30, () => this.#askInfo()],
    ['no path info', 12, () => this.#askNothing()],
    ['refusal', 12, () => this.#refused()],
    ['refused download', 6, () => this.#refusedDownload()],
    ['at once', 8, () => this.#atOnce()],
    ['text', 6, () => this.#addText()],
    ['upload', 6, () => this.#upload(1 + this.#below(2000))],
    ['large upload', 1, () => this.#upload(large)],
    ['download', 8, () => this.#download()],
    ['abandoned download', 4, () => this.#abandon()],
    ['abort before its turn', 3, () => this.#abortWaiting()],
    ['abort', 1, () => this.#abort()],
    ['source that fails', 1, () => this.#failingSource()],
  ]

  get kinds(): ReadonlyArray<string> {
    return this.#kinds.map(([name]) => name)
  }

  async run(count: number): Promise<void> {
    for (let i = 0; i < 5; i++) {
      await this.#upload(i === 0 ? large : 100 * i)
    }
    const all = this.#kinds.reduce((sum, [, weight]) => sum + weight, 0)
    for (let i = 0; i < count; i++) {
      let at = this.#below(all)
      const [name, , act] = this.#kinds.find(([, weight]) => {
        at -= weight
        return at < 0
      })!
      try {
        await act()
        await this.#probe()
      } catch (error) {
        throw new Error(`operation ${i}, ${name}: ${String(error)}`, { cause: error })
      }
      this.done.set(name, (this.done.get(name) ?? 0) + 1)
    }
  }

  async close(): Promise<void> {
    await this.#client?.close()
  }

  /** The connection, or another one if it is over. */
  async #open(): Promise<Client<typeof operations>['promises']> {
    if (this.#client === null) {
      const { socket, storeDir } = this.#daemon
      const client = await promises.connect(socket, { storeDir, timeout: longest })
      this.#client = client
      void client.closed.then(() => {
        if (this.#client === client) {
          this.#client = null
        }
      })
    }
    return this.#client.promises
  }

  /** What was called has ended the connection. */
  async #isOver(): Promise<void> {
    await this.#client?.closed
    this.#client = null
  }

  #one(): Known {
    return this.#known[this.#below(this.#known.length)]!
  }

  #missing(): StorePath {
    const hash = `${this.#below(10 ** 9)}`.padStart(32, '0')
    return `${this.#daemon.storeDir}/${hash}-missing` as StorePath
  }

  /** A question whose answer no other has. */
  async #probe(): Promise<void> {
    const client = await this.#open()
    const { path } = this.#one()
    const hashPart = path.slice(this.#daemon.storeDir.length + 1).slice(0, 32)
    const found = await client.queryPathFromHashPart({ hashPart })
    expect(isSome(found) && found.value).to.equal(path)
  }

  async #askInfo(): Promise<void> {
    const client = await this.#open()
    await this.#expectInfo(client, this.#one())
  }

  async #expectInfo(client: Client<typeof operations>['promises'], { path, nar }: Known): Promise<void> {
    const info = await client.queryPathInfo({ path })
    expect(isSome(info) && [info.value.narHash, info.value.narSize]).to.deep.equal([
      toBase16(digest('sha256', nar)),
      BigInt(nar.length),
    ])
  }

  async #askNothing(): Promise<void> {
    const client = await this.#open()
    expect(isSome(await client.queryPathInfo({ path: this.#missing() }))).to.equal(false)
  }

  async #refused(): Promise<void> {
    const client = await this.#open()
    const path = this.#missing()
    expect(
      await messageOf(client.queryReferrers({ path }).then(() => client.ensurePath({ path }))),
    ).to.include(nameOf(path))
  }

  async #refusedDownload(): Promise<void> {
    const client = await this.#open()
    const path = this.#missing()
    expect(await messageOf(client.narFromPath({ path }).then(collect))).to.include(nameOf(path))
  }

  /** Calls that are made together, refusals among them. */
  async #atOnce(): Promise<void> {
    const client = await this.#open()
    await Promise.all(
      Array.from({ length: 2 + this.#below(8) }, async (_, i) => {
        if (i % 3 === 1) {
          const path = this.#missing()
          expect(await messageOf(client.ensurePath({ path }))).to.include(nameOf(path))
        } else if (i % 3 === 2) {
          expect(await client.isValidPath({ path: this.#missing() })).to.equal(false)
        } else {
          await this.#expectInfo(client, this.#one())
        }
      }),
    )
  }

  async #addText(): Promise<void> {
    const client = await this.#open()
    const text = `text ${this.#texts++} ${'x'.repeat(this.#below(500))}`
    const { storeDir } = this.#daemon
    const path = await client.addTextToStore({ name: 'text', text, references: [] })
    const bytes = Buffer.from(text)
    expect(path).to.equal(
      contentAddressedPath(storeDir, 'text', { _tag: 'Text', algorithm: 'sha256' }, bytes),
    )
    this.#known.push({ path, nar: await fileNar(bytes) })
  }

  async #upload(size: number): Promise<void> {
    const client = await this.#open()
    const nar = await this.#archive(size)
    const name = `file-${this.#added}`
    const { path } = await client.addToStore({ name, method, references: [], repair: false }, chunksOf(nar))
    expect(path).to.equal(contentAddressedPath(this.#daemon.storeDir, name, method, nar))
    this.#known.push({ path, nar })
  }

  #archive(size: number): Promise<Uint8Array> {
    return fileNar(new Uint8Array(size).fill(this.#added++).map((byte, i) => byte + i))
  }

  async #download(): Promise<void> {
    const client = await this.#open()
    const { path, nar } = this.#one()
    const bytes = await collect(await client.narFromPath({ path }))
    expect(Buffer.from(bytes).equals(nar), `the archive of ${path}`).to.equal(true)
  }

  async #abandon(): Promise<void> {
    const client = await this.#open()
    const { path, nar } = this.#known[this.#below(2) === 0 ? 0 : this.#below(this.#known.length)]!
    for await (const chunk of await client.narFromPath({ path })) {
      expect(Buffer.from(chunk).equals(nar.subarray(0, chunk.length))).to.equal(true)
      break
    }
  }

  /** It has said nothing yet, and the connection goes on. */
  async #abortWaiting(): Promise<void> {
    const client = await this.#open()
    const abort = new AbortController()
    const { path } = this.#one()
    const first = client.narFromPath({ path: this.#known[0]!.path })
    abort.abort(new Error('enough'))
    expect(await messageOf(client.isValidPath({ path }, { signal: abort.signal }))).to.include('enough')
    await (await first).discard()
  }

  async #abort(): Promise<void> {
    const client = await this.#open()
    const abort = new AbortController()
    const download = await client.narFromPath({ path: this.#known[0]!.path }, { signal: abort.signal })
    await download.next()
    abort.abort(new Error('enough'))
    await messageOf(collect(download))
    await this.#isOver()
  }

  /** The daemon must not take its first part for all: the connection ends. */
  async #failingSource(): Promise<void> {
    const client = await this.#open()
    const nar = await this.#archive(2 * 65536)
    const source = async function* () {
      yield nar.subarray(0, 65536)
      throw new Error('no more')
    }
    const request = { name: 'broken', method, references: [], repair: false }
    expect(await messageOf(client.addToStore(request, source()))).to.include('no more')
    await this.#isOver()
  }
}

const nameOf = (path: StorePath): string => path.slice(path.lastIndexOf('/') + 34)

const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    (value) => {
      throw new Error(`it succeeds, with ${String(value)}`)
    },
    (error: Error) => error.message,
  )

function* chunksOf(bytes: Uint8Array): Generator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += 50_000) {
    yield bytes.subarray(at, at + 50_000)
  }
}
