import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect } from 'chai'
import { isSome } from 'fp-ts/lib/Option.js'
import { promises } from '../../daemon/client.js'
import { toBase16 } from '../../types/index.js'
import { collect, digest } from '../support/memory-store.js'
import { archive, directory, file } from '../support/nar.js'
import { longest } from '../support/waiting.js'
import { startExample } from './run.js'

describe('examples/store.ts', () => {
  it('keeps what is added, returns it unchanged, and deletes what nothing needs', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'nix-wire-example-'))
    const socket = join(dir, 's')
    const child = startExample('store.ts', socket)
    const closed = once(child, 'close')
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    const line = async (): Promise<string> => String((await lines.next()).value)
    try {
      expect(await line()).to.equal(`serving at ${socket}`)
      const tree = archive(directory(['a', file('x'.repeat(100_000))]))
      const client = await promises.connect(socket, { timeout: longest })
      const { promises: daemon } = client
      const method = { _tag: 'NixArchive', algorithm: 'sha256' } as const
      const { path } = await daemon.addToStore({ name: 'x', method, references: [], repair: false }, [tree])
      const [, size = '', compressed = ''] = /: (\d+) bytes, (\d+) compressed$/.exec(await line()) ?? []
      expect(Number(size)).to.equal(tree.length)
      expect(Number(compressed)).to.be.within(1, 2000)
      const info = await daemon.queryPathInfo({ path })
      const nar = await collect(await daemon.narFromPath({ path }))
      expect(isSome(info) && info.value.narHash).to.equal(toBase16(digest('sha256', nar)))
      expect(Buffer.from(nar).equals(tree)).to.equal(true)
      const flat = { name: 'y', method: { ...method, _tag: 'Flat' }, references: [], repair: false } as const
      const broken = async function* () {
        yield Buffer.from('some')
        throw new Error('the disk of the client is broken')
      }
      await daemon.addToStore(flat, broken()).catch(() => undefined)
      await client.close()
      const next = await promises.connect(socket, { timeout: longest })
      const whole = { _tag: 'WholeStore' } as const
      await next.promises.collectGarbage({
        action: 'DeleteDead',
        paths: whole,
        ignoreLiveness: false,
        maxFreed: 2n ** 63n,
      })
      expect(await next.promises.queryAllValidPaths()).to.not.include(path)
      await next.close()
    } finally {
      child.kill()
      expect(await closed).to.deep.equal([0, null])
      expect(existsSync(socket)).to.equal(false)
      rmSync(dir, { recursive: true })
    }
  })
})
