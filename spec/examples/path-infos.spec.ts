import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { some } from 'fp-ts/lib/Option.js'
import { serve } from '../../daemon/server.js'
import type { StorePath } from '../../types/index.js'
import { memoryStore } from '../support/memory-store.js'
import { describeWithNix, type NixDaemon, startNixDaemon } from '../support/nix-daemon.js'
import { settledBy } from '../support/waiting.js'
import { runExample, startExample } from './run.js'

interface Line {
  readonly path: string
  readonly info: {
    readonly narHash: string
    readonly narSize: number
    readonly references: ReadonlyArray<string>
  }
}

const linesOf = (printed: string): ReadonlyArray<Line> =>
  printed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)

describeWithNix('examples/path-infos.ts, with a real daemon', () => {
  let daemon: NixDaemon
  const run = promisify(execFile)

  before(async () => {
    daemon = await startNixDaemon()
    for (let i = 0; i < 40; i++) {
      writeFileSync(join(daemon.dir, 'tmp', `file-${i}`), `content ${i}`)
    }
    const files = Array.from({ length: 40 }, (_, i) => join(daemon.dir, 'tmp', `file-${i}`))
    await run('nix-store', ['--add', ...files], { env: daemon.env })
  })
  after(() => daemon?.stop())

  it('prints the same as the real command for every path', async () => {
    const lines = linesOf(await runExample('path-infos.ts', daemon.socket, daemon.storeDir))
    expect(lines).to.have.lengthOf(40)
    const paths = lines.map(({ path }) => path)
    const { stdout } = await run('nix-store', ['-q', '--hash', ...paths], { env: daemon.env })
    const nix32 = await Promise.all(
      lines.map(async ({ info }) => {
        const args = ['--to-base32', '--type', 'sha256', info.narHash]
        return (await run('nix-hash', args, { env: daemon.env })).stdout.trim()
      }),
    )
    expect(nix32.map((hash) => `sha256:${hash}`)).to.deep.equal(stdout.trim().split('\n'))
    const sizes = await run('nix-store', ['-q', '--size', ...paths], { env: daemon.env })
    expect(lines.map(({ info }) => String(info.narSize))).to.deep.equal(sizes.stdout.trim().split('\n'))
  })
})

describe('examples/path-infos.ts', () => {
  it('requests no more infos until its lines are read', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'nix-wire-'))
    const count = 6000
    let asked = 0
    const { path, info } = await memoryStore().add(
      'a',
      { _tag: 'Text', algorithm: 'sha256' },
      Buffer.from('a'),
    )
    const server = createServer(
      (socket) =>
        void serve(socket, {
          QueryAllValidPaths: () => Array.from({ length: count }, (_, i) => `${path}-${i}` as StorePath),
          QueryPathInfo: () => {
            asked += 1
            return some(info)
          },
        }),
    )
    await new Promise<void>((resolve) => server.listen(join(dir, 's'), resolve))
    try {
      const child = startExample('path-infos.ts', join(dir, 's'))
      // Without a reader, the pipe fills, and the requests stop.
      expect(await settledBy(child.pid!, () => asked)).to.be.lessThan(count / 4)
      let printed = ''
      for await (const chunk of child.stdout) {
        printed += chunk
      }
      expect(linesOf(printed)).to.have.lengthOf(count)
      expect(asked).to.equal(count)
    } finally {
      await new Promise((resolve) => server.close(resolve))
      rmSync(dir, { recursive: true })
    }
  })
})
