import { createConnection } from 'node:net'
import { Duplex } from 'node:stream'
import { expect } from 'chai'
import { isSome } from 'fp-ts/lib/Option.js'
import { showIssue } from '../../combinators/issue.js'
import type { ProtocolVersion } from '../../combinators/version.js'
import { type BytesPair, type Connected, connectFlow } from '../../conversation/index.js'
import { operations, type WorkerOf, workerOf } from '../../grammar/index.js'
import { narDelimiter } from '../../stream/index.js'
import { rightOf } from '../support/either.js'
import { contentAddressedPath, fileNar } from '../support/memory-store.js'
import { describeWithNix, type NixDaemon, startNixDaemon } from '../support/nix-daemon.js'

type Calls = Connected<WorkerOf<typeof operations>>['calls']

const worker = workerOf(operations, { archive: narDelimiter })

const dial = async ({ socket, storeDir }: NixDaemon, newest: ProtocolVersion) => {
  const pair = Duplex.toWeb(createConnection(socket)) as unknown as BytesPair
  const says = { magic: {}, version: newest, features: [], cpuFlag: 0, cpu: 0, reserve: 0 }
  return rightOf(await connectFlow(worker, pair, { says, protocol: { storeDir } })())
}

const all = async (chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
  const list: Array<Uint8Array> = []
  for await (const chunk of chunks) {
    list.push(chunk)
  }
  return Buffer.concat(list)
}

const slices = function* (bytes: Uint8Array, length: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) {
    yield bytes.subarray(at, at + length)
  }
}

const archive = { _tag: 'NixArchive', algorithm: 'sha256' } as const

/** What a daemon answers, an error of its own in its words. */
const outcome = (result: Awaited<ReturnType<ReturnType<Calls['QueryPathInfo']>>>): unknown => {
  if (result._tag === 'Right') {
    return isSome(result.right.reply) ? result.right.reply.value.narSize : null
  }
  const { left } = result
  return left._tag === 'Error' ? left.error.msg : left._tag === 'Departure' ? left : showIssue(left)
}

/** The versions at which Nix 2.8 takes uploads and gives downloads in each of its ways. */
const versions: ReadonlyArray<ProtocolVersion> = ['1.34', '1.24', '1.22', '1.20', '1.17']

describeWithNix('a client made from the flow alone, with the real daemon', () => {
  let daemon: NixDaemon
  before(async () => {
    daemon = await startNixDaemon()
  })
  after(() => daemon.stop())

  for (const newest of versions) {
    it(`uploads, downloads and reports errors at ${newest}, one by one and at once`, async () => {
      const { calls, protocol, heard, close } = await dial(daemon, newest)
      expect(protocol.version).to.equal(newest)
      expect(heard.hello).to.have.property('version')
      const name = `blob-at-${newest.replace('.', '-')}`
      const nar = await fileNar(Buffer.alloc(300_000, newest))
      const path = contentAddressedPath(daemon.storeDir, name, archive, nar)
      const missing = contentAddressedPath(daemon.storeDir, 'missing', archive, Buffer.from(newest))

      const adding = operations.AddToStore
      const request = { name, method: archive, references: [], repair: false }
      const added = await calls.AddToStore({ request, upload: slices(nar, 10_000) })()
      expect(rightOf(added).reply.path, adding.name).to.equal(path)
      expect(rightOf(await calls.IsValidPath({ request: { path } })()).reply).to.equal(true)
      const packed = rightOf(await calls.NarFromPath({ request: { path } })())
      expect(Buffer.compare(await all(packed.download), nar)).to.equal(0)

      const results = await Promise.all([
        calls.QueryPathInfo({ request: { path } })().then(outcome),
        calls
          .QueryPathInfo({ request: { path: missing } })()
          .then(outcome),
        calls
          .AddToStore({ request, upload: slices(nar, 70_000) })()
          .then((again) => rightOf(again).reply.path),
        calls
          .NarFromPath({ request: { path } })()
          .then(async (down) => (await all(rightOf(down).download)).length),
        calls.QueryPathInfo({ request: { path } })().then(outcome),
        calls.QueryValidPaths({ request: { paths: [path, missing], substitute: false } })(),
      ])
      const size = BigInt(nar.length)
      expect(results.slice(0, 1).concat(results.slice(2, 5))).to.deep.equal([size, path, nar.length, size])
      expect(results[1] === null || /not valid/.test(String(results[1]))).to.equal(true)
      expect(results[5]).to.have.deep.nested.property('right.reply', [path])

      const dropped = rightOf(await calls.NarFromPath({ request: { path } })())
      for await (const chunk of dropped.download) {
        expect(chunk.length).to.be.above(0)
        break
      }
      expect(rightOf(await calls.IsValidPath({ request: { path } })()).reply).to.equal(true)
      await close()
    })
  }
})
