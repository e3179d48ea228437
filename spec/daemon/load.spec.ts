import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { isSome } from 'fp-ts/lib/Option.js'
import { promises } from '../../daemon/client.js'
import type { PromiseMethods } from '../../daemon/client-types.js'
import { RemoteError } from '../../daemon/failure.js'
import type { operations } from '../../grammar/operations/index.js'
import type { StorePath } from '../../types/index.js'
import { collect, fileNar } from '../support/memory-store.js'
import { describeWithNix, type NixDaemon, startNixDaemon } from '../support/nix-daemon.js'
import { becomes, longest, until } from '../support/waiting.js'

const connections = 50
const rounds = 200

/** The number of calls of one connection in flight. */
const atOnce = 20

/** The daemon's processes for its connections. */
const workers = ({ pid }: NixDaemon): number =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).length

const openSockets = (): number =>
  process.getActiveResourcesInfo().filter((each) => each === 'PipeWrap').length

describeWithNix('10,000 operations over 50 connections at once', () => {
  let daemon: NixDaemon
  before(async () => {
    daemon = await startNixDaemon({ conf: 'fsync-metadata = false' })
  })
  after(() => daemon?.stop())

  it('each get their own reply, and leave nothing open', async () => {
    const sockets = openSockets()
    const clients = await Promise.all(
      Array.from({ length: connections }, (_, i) =>
        promises.connect(daemon.socket, {
          storeDir: daemon.storeDir,
          newest: `1.${10 + (i % 25)}`,
          timeout: longest,
        }),
      ),
    )
    const texts = await Promise.all(
      [0, 1, 2, 3].map(async (i) => {
        const text = `text ${i} `.repeat(1 + 5000 * i)
        const request = { name: `text-${i}`, text, references: [] }
        return {
          path: await clients[0]!.promises.addTextToStore(request),
          nar: await fileNar(Buffer.from(text)),
        }
      }),
    )
    const missing = `${daemon.storeDir}/${'0'.repeat(32)}-missing` as StorePath

    /** One operation and its expected result. */
    const act = async (
      client: PromiseMethods<typeof operations>,
      minor: number,
      turn: number,
    ): Promise<void> => {
      const { path, nar } = texts[turn % texts.length]!
      switch (turn % 7) {
        case 0:
          expect(await client.isValidPath({ path })).to.equal(true)
          break
        case 1: {
          const info = await client.queryPathInfo({ path })
          expect(isSome(info) && info.value.narSize).to.equal(BigInt(nar.length))
          break
        }
        case 2:
          expect(isSome(await client.queryPathInfo({ path: missing }))).to.equal(false)
          break
        case 3:
          expect(await client.queryReferrers({ path })).to.deep.equal([])
          break
        case 4: {
          const error: unknown = await client.ensurePath({ path: missing }).catch((thrown: unknown) => thrown)
          expect(error).to.be.an.instanceOf(RemoteError)
          break
        }
        case 5:
          await client.addTempRoot({ path })
          break
        case 6:
          if (minor >= 17) {
            expect(Buffer.from(await collect(await client.narFromPath({ path }))).equals(nar)).to.equal(true)
          } else {
            expect(await client.isValidPath({ path: missing })).to.equal(false)
          }
          break
      }
    }

    let count = 0
    const outcomes = await Promise.all(
      clients.map(async (client, i) => {
        for (let turn = 0; turn < rounds; turn += atOnce) {
          const turns = Array.from({ length: atOnce }, (_, at) => i + turn + at)
          await Promise.all(turns.map((each) => act(client.promises, 10 + (i % 25), each)))
          count += turns.length
        }
      }),
    )
    expect([outcomes.length, count]).to.deep.equal([connections, connections * rounds])
    expect(workers(daemon)).to.equal(connections)

    await Promise.all(clients.map((client) => client.close()))
    await becomes(() => workers(daemon), 0)
    await until(() => openSockets() <= sockets)
  })
})
