import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { Failure } from '../../cli/failure.js'
import { add } from '../../cli/store/archives.js'
import { serve } from '../../daemon/server.js'
import { type MemoryStore, memoryStore } from '../support/memory-store.js'

const big = 32 * 2 ** 20

describe('nix-wire store add, with a file that changes while it is read', () => {
  let dir: string
  let file: string
  let server: Server
  let store: MemoryStore
  /** Called when the first bytes have arrived, far fewer than the file has. */
  let change: () => void

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-'))
    file = join(dir, 'file')
    writeFileSync(file, '')
    truncateSync(file, big)
    store = memoryStore()
    const { AddToStore } = store.handlers
    server = createServer((socket) => {
      void serve(
        socket,
        {
          AddToStore: async (request, call) => {
            const first = await call.upload.next()
            change()
            async function* all() {
              yield first ?? new Uint8Array(0)
              yield* call.upload
            }
            const upload = {
              next: () => call.upload.next(),
              cancel: () => undefined,
              [Symbol.asyncIterator]: all,
            }
            return AddToStore!(request, { ...call, upload }) as never
          },
        },
        { trusted: true },
      )
    })
    await new Promise<void>((resolve) => server.listen(join(dir, 's'), resolve))
  })

  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve))
    rmSync(dir, { recursive: true })
  })

  const failure = async (flat: boolean, protocol: '1.38' | '1.20'): Promise<Failure> => {
    const options = { socket: join(dir, 's'), storeDir: '/nix/store', protocol, ...(flat ? { flat } : {}) }
    const thrown: unknown = await add(file, options).then(
      () => 'it was added',
      (error: unknown) => error,
    )
    expect(thrown).to.be.an.instanceOf(Failure)
    return thrown as Failure
  }

  for (const flat of [true, false]) {
    for (const protocol of ['1.38', '1.20'] as const) {
      it(`adds nothing if it shrinks${flat ? ', --flat' : ''}, ${protocol}`, async () => {
        change = () => truncateSync(file, big / 2)
        const { exitCode, message } = await failure(flat, protocol)
        expect(exitCode).to.equal(1)
        expect(message).to.equal(`${file}: shorter than its ${big} bytes: it changed while it was read`)
        expect(store.entries.size).to.equal(0)
      })
    }
  }

  it('adds nothing if it grows, --flat', async () => {
    change = () => truncateSync(file, big + 1)
    const { exitCode, message } = await failure(true, '1.38')
    expect(exitCode).to.equal(1)
    expect(message).to.equal(`${file}: longer than its ${big} bytes: it changed while it was read`)
    expect(store.entries.size).to.equal(0)
  })
})
