import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../combinators/issue.js'
import { showIssue } from '../../combinators/issue.js'
import type { ProtocolVersion } from '../../combinators/version.js'
import { serve } from '../../daemon/server.js'
import type { StorePath } from '../../types/index.js'
import { contentAddressedPath, fileNar, type MemoryStore, memoryStore } from '../support/memory-store.js'
import { describeWithNix } from '../support/nix-daemon.js'

const text = { _tag: 'Text', algorithm: 'sha256' } as const

/** The protocols that the client of Nix 2.8 speaks differently with. */
const versions: ReadonlyArray<ProtocolVersion> = ['1.38', '1.34', '1.31', '1.24', '1.22', '1.20', '1.19']

describeWithNix('the real nix command, with our server', () => {
  for (const newest of versions) {
    describe(`at protocol ${newest}`, () => {
      let dir: string
      let server: Server
      let store: MemoryStore
      let env: NodeJS.ProcessEnv
      let leaf: StorePath
      let branch: StorePath
      const ends: Array<Promise<Either<Issue, void>>> = []

      before(async () => {
        dir = realpathSync(mkdtempSync(join(tmpdir(), 'nix-wire-')))
        store = memoryStore()
        leaf = (await store.add('leaf', text, Buffer.from('leaf'))).path
        branch = (await store.add('branch', text, Buffer.from(`see ${leaf}`), [leaf])).path
        server = createServer((socket) => {
          ends.push(serve(socket, store.handlers, { newest, nixVersion: '2.8.0', trusted: true }))
        })
        await new Promise<void>((resolve) => server.listen(join(dir, 's'), resolve))
        for (const name of ['home', 'state', 'log', 'conf', 'tree']) {
          mkdirSync(join(dir, name))
        }
        writeFileSync(join(dir, 'conf', 'nix.conf'), 'experimental-features = nix-command\nsubstituters =\n')
        writeFileSync(join(dir, 'file'), 'some content')
        writeFileSync(join(dir, 'tree', 'a'), 'a')
        // What ssh-ng runs in place of ssh: standard input and output, to the socket and back.
        const bridge = `const s = require("net").connect("${dir}/s"); process.stdin.pipe(s); s.pipe(process.stdout)`
        writeFileSync(join(dir, 'bridge'), `#!/bin/sh\nexec ${process.execPath} -e '${bridge}'\n`)
        chmodSync(join(dir, 'bridge'), 0o755)
        env = {
          PATH: process.env.PATH,
          HOME: join(dir, 'home'),
          NIX_REMOTE: `unix://${dir}/s`,
          NIX_STATE_DIR: join(dir, 'state'),
          NIX_LOG_DIR: join(dir, 'log'),
          NIX_CONF_DIR: join(dir, 'conf'),
          NIX_USER_CONF_FILES: '',
        }
      })

      after(async () => {
        await new Promise((resolve) => server.close(resolve))
        rmSync(dir, { recursive: true, force: true })
        // Every connection that the command opened ended as it should.
        for (const end of await Promise.all(ends)) {
          expect(isLeft(end) ? showIssue(end.left) : 'well').to.equal('well')
        }
      })

      const nix = async (command: string, ...args: ReadonlyArray<string>): Promise<string> => {
        const { stdout } = await promisify(execFile)(command, [...args], { env })
        return stdout
      }

      it('pings and queries', async () => {
        await nix('nix', 'store', 'ping')
        const infos = JSON.parse(await nix('nix', 'path-info', '--json', '-r', branch)) as ReadonlyArray<{
          readonly path: string
          readonly references: ReadonlyArray<string>
          readonly narSize: number
        }>
        expect(
          infos.map(({ path, references, narSize }) => ({ path, references, narSize })),
        ).to.have.deep.members([
          { path: leaf, references: [], narSize: 120 },
          { path: branch, references: [leaf], narSize: 168 },
        ])
        expect(await nix('nix-store', '-q', '--referrers', leaf)).to.equal(`${branch}\n`)
      })

      it('adds files, folders and texts', async () => {
        const content = Buffer.from('some content')
        const method = { _tag: 'NixArchive', algorithm: 'sha256' } as const
        const path = contentAddressedPath('/nix/store', 'file', method, await fileNar(content))
        expect(await nix('nix-store', '--add', join(dir, 'file'))).to.equal(`${path}\n`)
        const flat = contentAddressedPath(
          '/nix/store',
          'file',
          { _tag: 'Flat', algorithm: 'sha256' },
          content,
        )
        expect(await nix('nix-store', '--add-fixed', 'sha256', join(dir, 'file'))).to.equal(`${flat}\n`)
        const tree = (await nix('nix', 'store', 'add-path', join(dir, 'tree'))).trim()
        expect([...store.entries.keys()]).to.include.members([path, flat, tree])
      })

      it('copies in both directions', async () => {
        const remote = `ssh-ng://localhost?remote-program=${dir}/bridge`
        const cache = `file://${dir}/cache`
        const before = new Map(store.entries)
        await nix('nix', 'copy', '--no-check-sigs', '--from', remote, '--to', cache, branch)
        for (const path of [leaf, branch]) {
          store.entries.delete(path)
        }
        await nix('nix', 'copy', '--no-check-sigs', '--from', cache, '--to', remote, branch)
        for (const path of [leaf, branch]) {
          expect(store.entries.get(path)?.nar).to.deep.equal(before.get(path)?.nar)
          expect(store.entries.get(path)?.info.references).to.deep.equal(before.get(path)?.info.references)
        }
      })
    })
  }
})
