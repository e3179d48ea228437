import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import { serve } from '../../daemon/server.js'
import type { Handlers } from '../../daemon/server-types.js'
import type { operations } from '../../grammar/operations/index.js'
import { NarInfo, PublicKey, parseListing, verify } from '../../store/index.js'
import { type StorePath, toNix32 } from '../../types/index.js'
import { rightOf } from '../support/either.js'
import { memoryStore } from '../support/memory-store.js'
import { describeWithNix, type NixDaemon, startNixDaemon } from '../support/nix-daemon.js'
import { settledBy } from '../support/waiting.js'
import { type Running, startServer } from './run.js'

const run = promisify(execFile)

const hashPartOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).slice(0, 32)

/** The fields of a narinfo, each a list of its values. */
const fieldsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text
      .trimEnd()
      .split('\n')
      .map((line) => {
        const at = line.indexOf(': ')
        return [line.slice(0, at), line.slice(at + 2)] as const
      }),
  )

describeWithNix('examples/binary-cache, with a real daemon', () => {
  let daemon: NixDaemon
  let cache: Running
  let leaf: string
  let branch: string

  before(async () => {
    daemon = await startNixDaemon()
    const tree = join(daemon.dir, 'tmp', 'tree')
    mkdirSync(tree)
    for (let i = 0; i < 20; i++) {
      writeFileSync(join(tree, `file-${i}`), Buffer.alloc(100_000, i))
    }
    leaf = (await run('nix-store', ['--add', tree], { env: daemon.env })).stdout.trim()
    const expression = `builtins.toFile "branch" "see \${builtins.storePath "${leaf}"}"`
    const evaluated = await run('nix-instantiate', ['--eval', '--read-write-mode', '-E', expression], {
      env: daemon.env,
    })
    branch = JSON.parse(evaluated.stdout) as string
    cache = await startServer('binary-cache/server.ts', daemon.socket, daemon.storeDir, '0')
  })
  after(async () => {
    await cache?.stop()
    await daemon?.stop()
  })

  it('describes itself, and shows its path infos', async () => {
    expect(await (await fetch(`${cache.line}/nix-cache-info`)).text()).to.equal(
      `StoreDir: ${daemon.storeDir}\nWantMassQuery: 1\nPriority: 50\n`,
    )
    const response = await fetch(`${cache.line}/${hashPartOf(branch)}.narinfo`)
    expect([response.status, response.headers.get('content-type')]).to.deep.equal([200, 'text/x-nix-narinfo'])
    const fields = fieldsOf(await response.text())
    const said = async (what: string): Promise<string> =>
      (await run('nix-store', ['-q', what, branch], { env: daemon.env })).stdout.trim()
    expect(fields.get('StorePath')).to.equal(branch)
    expect(fields.get('References')).to.equal(leaf.slice(leaf.lastIndexOf('/') + 1))
    expect(fields.get('NarHash')).to.equal(await said('--hash'))
    expect(fields.get('NarSize')).to.equal(await said('--size'))
    expect(fields.get('CA')).to.match(/^text:sha256:[0-9a-z]{52}$/)
  })

  it('sends the archive that the info announces', async () => {
    const fields = fieldsOf(await (await fetch(`${cache.line}/${hashPartOf(leaf)}.narinfo`)).text())
    const nar = await fetch(`${cache.line}/${fields.get('URL')}`)
    const bytes = new Uint8Array(await nar.arrayBuffer())
    expect(nar.headers.get('content-length')).to.equal(fields.get('NarSize'))
    expect(String(bytes.length)).to.equal(fields.get('NarSize'))
    const digest = createHash('sha256').update(bytes).digest()
    expect(`sha256:${toNix32(digest)}`).to.equal(fields.get('NarHash'))
    const head = await fetch(`${cache.line}/${fields.get('URL')}`, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).to.deep.equal([200, fields.get('NarSize')])
  })

  it('has the same listing beside the info as the real nix would write', async () => {
    const response = await fetch(`${cache.line}/${hashPartOf(leaf)}.ls`)
    expect([response.status, response.headers.get('content-type')]).to.deep.equal([200, 'application/json'])
    const there = join(daemon.dir, 'tmp', 'cache')
    await run('nix', ['copy', '--no-check-sigs', '--to', `file://${there}?write-nar-listing=1`, leaf], {
      env: daemon.env,
    })
    const theirs = readFileSync(join(there, `${hashPartOf(leaf)}.ls`))
    expect(rightOf(parseListing(await response.text()))).to.deep.equal(rightOf(parseListing(theirs)))
  })

  it('is a cache that the real nix copies from, references first', async () => {
    const scratch = await startNixDaemon({ storeDir: daemon.storeDir })
    try {
      const args = ['copy', '--no-check-sigs', '--from', cache.line, branch]
      await run('nix', args, { env: { ...scratch.env, NO_PROXY: '*' } })
      const { stdout } = await run('nix-store', ['-q', '-R', branch], { env: scratch.env })
      expect(stdout.trim().split('\n')).to.deep.equal([leaf, branch])
      expect(
        readFileSync(join(scratch.dir, branch.slice(daemon.storeDir.length - 'store'.length)), 'utf8'),
      ).to.equal(`see ${leaf}`)
      await run('nix-store', ['--verify-path', leaf, branch], { env: scratch.env })
    } finally {
      await scratch.stop()
    }
  })
})

describeWithNix('examples/binary-cache with a key, and a daemon that requires signatures', () => {
  let daemon: NixDaemon
  let cache: Running
  let made: string
  let publicKey: string

  before(async () => {
    daemon = await startNixDaemon()
    // A built path is trusted only by its signature; texts are trusted by their content.
    const expression = `derivation { name = "made"; system = builtins.currentSystem; builder = "/bin/sh";
      args = [ "-c" "echo \${builtins.toFile "tea" "tea"} > $out" ]; }`
    const drv = (await run('nix-instantiate', ['-E', expression], { env: daemon.env })).stdout.trim()
    made = (await run('nix-store', ['--realise', drv], { env: daemon.env })).stdout.trim()
    const keys = ['secret', 'public'].map((name) => join(daemon.dir, 'tmp', name)) as [string, string]
    await run('nix-store', ['--generate-binary-cache-key', 'tea-1', ...keys], { env: daemon.env })
    publicKey = readFileSync(keys[1], 'utf8').trim()
    cache = await startServer('binary-cache/server.ts', daemon.socket, daemon.storeDir, '0', keys[0])
  })
  after(async () => {
    await cache?.stop()
    await daemon?.stop()
  })

  /** Copies to a separate store, and returns the signatures of the path there. */
  const copied = async (trusted: string): Promise<string> => {
    const conf = `require-sigs = true\ntrusted-public-keys = ${trusted}`
    const scratch = await startNixDaemon({ storeDir: daemon.storeDir, trusted: false, conf })
    const env = { ...scratch.env, NO_PROXY: '*' }
    try {
      await run('nix', ['copy', '--from', cache.line, made], { env })
      const verify = ['store', 'verify', '--sigs-needed', '1', '--trusted-public-keys', trusted, made]
      await run('nix', verify, { env })
      return (await run('nix', ['path-info', '--sigs', made], { env })).stdout
    } finally {
      await scratch.stop()
    }
  }

  it('signs its path infos, so that the real nix accepts and verifies it', async () => {
    expect(await copied(publicKey)).to.match(/\stea-1:[A-Za-z0-9+/]{86}==\s*$/)
  })

  it('is rejected by a daemon that trusts another key', async () => {
    const other = `tea-1:${Buffer.alloc(32, 1).toString('base64')}`
    const refused = await copied(other).catch((error: { readonly stderr: string }) => error.stderr)
    expect(refused).to.match(/lacks a (valid )?signature|signature by a trusted key/)
  })

  it('is verified in place: its archives, its signatures', async () => {
    const env = { ...daemon.env, NO_PROXY: '*' }
    const verify = (key: string) =>
      run(
        'nix',
        ['store', 'verify', '--store', cache.line, '--sigs-needed', '1', '--trusted-public-keys', key, made],
        { env },
      )
    await verify(publicKey)
    const { stdout } = await run('nix', ['store', 'ls', '--store', cache.line, '--json', made], { env })
    expect(JSON.parse(stdout)).to.include({ type: 'regular' })
    const other = await verify(`tea-1:${Buffer.alloc(32, 1).toString('base64')}`).catch(
      (error: { readonly stderr: string }) => error.stderr,
    )
    expect(other).to.contain('is untrusted')
  })

  it('shows every field of the message', async () => {
    const text = await (await fetch(`${cache.line}/${hashPartOf(made)}.narinfo`)).text()
    const info = rightOf(NarInfo.parse(text, { storeDir: daemon.storeDir }))
    expect(info.text).to.deep.equal(none)
    const [key] = [rightOf(PublicKey.make(publicKey))]
    expect(rightOf(verify(info, [key], { storeDir: daemon.storeDir })).map(({ is }) => is)).to.deep.equal([
      'good',
    ])
    expect([info.path, info.compression, info.fileSize]).to.deep.equal([
      made,
      'none',
      some(info.info.narSize),
    ])
  })
})

describe('examples/binary-cache', () => {
  let dir: string
  let server: Server
  let cache: Running
  let handlers: Handlers<typeof operations>
  let ends: Array<Promise<boolean>>
  const store = memoryStore()
  let path: StorePath

  const working: Handlers<typeof operations> = {
    ...store.handlers,
    QueryPathFromHashPart: ({ hashPart }) => (path.includes(hashPart) ? some(path) : none),
  }

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-'))
    path = (await store.add('tea', { _tag: 'Text', algorithm: 'sha256' }, Buffer.from('tea'))).path
    server = createServer((socket) => {
      ends.push(serve(socket, handlers).then(isLeft))
    })
    await new Promise<void>((resolve) => server.listen(join(dir, 's'), resolve))
    cache = await startServer('binary-cache/server.ts', join(dir, 's'), '/nix/store', '0')
  })
  beforeEach(() => {
    handlers = working
    ends = []
  })
  after(async () => {
    await cache?.stop()
    await new Promise((resolve) => server.close(resolve))
    rmSync(dir, { recursive: true })
  })

  const failing = (): never => {
    throw new Error('the disk is on fire')
  }

  const status = async (url: string, method = 'GET'): Promise<number> =>
    (await fetch(`${cache.line}${url}`, { method })).status

  const urlOf = async (): Promise<string> => {
    const info = await (await fetch(`${cache.line}/${hashPartOf(path)}.narinfo`)).text()
    return `/${fieldsOf(info).get('URL')}`
  }

  it('closes its connection after the request', async () => {
    expect(await status(`/${hashPartOf(path)}.narinfo`)).to.equal(200)
    expect(await Promise.all(ends)).to.deep.equal([false])
  })

  it('says 404 for a missing path', async () => {
    expect(await status('/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q.narinfo')).to.equal(404)
    expect(await status('/nonsense')).to.equal(404)
    expect(await status(`/${hashPartOf(path)}.narinfo/x`)).to.equal(404)
    const url = await urlOf()
    expect(await status(url.replace(/.\.nar$/, '!.nar'))).to.equal(404)
    expect(await status(url, 'HEAD')).to.equal(200)
    expect(await status(url, 'PUT')).to.equal(405)
  })

  it('has a page to look up paths', async () => {
    const page = await (await fetch(`${cache.line}/?q=tea`)).text()
    expect(page).to.contain(`href="/${hashPartOf(path)}.narinfo"`)

    const none = await (await fetch(`${cache.line}/?q=${encodeURIComponent('"><script>')}`)).text()
    expect(none).to.contain('0 of 1 paths').and.not.to.contain('<script>')
  })

  it('says 502 for an error of the daemon', async () => {
    handlers = {
      ...working,
      QueryPathFromHashPart: failing,
    }
    const response = await fetch(`${cache.line}/${hashPartOf(path)}.narinfo`)
    expect([response.status, await response.text()]).to.deep.equal([502, 'the disk is on fire\n'])
    // The archive cannot begin.
    handlers = { ...working, NarFromPath: failing }
    expect(await status(await urlOf())).to.equal(502)
  })

  // A file of a terabyte: the part of its archive before the contents, and a matching info.
  const size = 2n ** 40n
  const hugeStart = (): Buffer => {
    const start = Buffer.from(store.entries.get(path)!.nar.subarray(0, 96))
    start.writeBigUInt64LE(size, 88)
    return start
  }
  const huge = (contents: AsyncIterable<Uint8Array>): Handlers<typeof operations> => ({
    ...working,
    QueryPathInfo: () => some({ ...store.entries.get(path)!.info, narSize: size }),
    NarFromPath: async function* () {
      yield hugeStart()
      yield* contents
    },
  })

  it('does not pass off half an archive as a whole one', async () => {
    async function* burning() {
      yield Buffer.alloc(1_000_000)
      failing()
    }
    handlers = huge(burning())
    const response = await fetch(`${cache.line}${await urlOf()}`)
    expect(response.status).to.equal(200)
    const failed = await response.arrayBuffer().catch((error: unknown) => error)
    expect(failed).to.be.instanceOf(TypeError)
  })

  it('does not read ahead of its client, and closes when the client closes', async () => {
    let sent = 0
    async function* endless() {
      for (;;) {
        sent += 65536
        yield Buffer.alloc(65536)
      }
    }
    handlers = huge(endless())
    const url = await urlOf()
    ends = []
    const request = get(`${cache.line}${url}`)
    const [response] = await once(request, 'response')
    // Without a reader, the bytes stop in the buffers on the way.
    expect(await settledBy(cache.pid, () => sent)).to.be.lessThan(2 ** 26)
    response.destroy()
    expect(await Promise.all(ends)).to.deep.equal([true])
  })
})
