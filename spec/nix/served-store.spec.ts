import { execFile, execFileSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { isSome, none } from 'fp-ts/lib/Option.js'
import { promises } from '../../daemon/client.js'
import { type Serving, serveAt } from '../../daemon/serve-at.js'
import { diskStore } from '../../daemon/served-store/disk-store.js'
import { storeHandlers } from '../../daemon/served-store/handlers.js'
import { memoryStore } from '../../daemon/served-store/memory-store.js'
import { PublicKey } from '../../store/keys.js'
import { MeasuredNar } from '../../stream/measured-nar.js'
import { pack } from '../../stream/nar/index.js'
import { removeTree } from '../../stream/nar/workshop.js'
import type { StorePath } from '../../types/index.js'
import { rightOf } from '../support/either.js'
import { projectPath } from '../support/shared.js'
import { longest } from '../support/waiting.js'

const run = promisify(execFile)

interface Release {
  readonly title: string
  /** Where its programs are; null for those of the system. */
  readonly suite: string | null
  readonly version: RegExp
  /** Whether it has `nix store`, and copies over a program in place of ssh. */
  readonly isNew: boolean
}

const releases: ReadonlyArray<Release> = [
  { title: 'Nix 2.3', suite: 'bullseye', version: / 2\.3\./, isNew: false },
  { title: 'Nix 2.8', suite: null, version: / 2\.8\./, isNew: true },
  { title: 'Nix 2.26', suite: 'trixie', version: / 2\.26\./, isNew: true },
  { title: 'Nix 2.34', suite: 'sid', version: / 2\.3\d\./, isNew: true },
]

const programsOf = ({ suite }: Release): string | null =>
  suite === null ? null : projectPath('.nix-releases', suite, 'bin')

const isInstalled = (release: Release): boolean => {
  const programs = programsOf(release)
  if (programs !== null) {
    return existsSync(programs)
  }
  try {
    execFileSync('nix-store', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

// The release in sid changes; the others stay, and in CI they must be there.
const mustBeThere = ({ suite }: Release): boolean => process.env.CI === 'true' && suite !== 'sid'

/** Connects standard input and output to a socket: what stands in place of ssh. */
const bridge = `
  const socket = require('node:net').connect(process.argv[1]);
  process.stdin.pipe(socket).pipe(process.stdout);
  socket.on('close', () => process.exit())`

/** Real clients of one release, with a state of their own and no other store than the one that is served. */
class Clients {
  readonly dir = realpathSync(mkdtempSync(join(tmpdir(), 'nix-wire-serve-')))
  /** The files of a store in a folder lie where clients look for them. */
  readonly storeDir = join(this.dir, 'served', 'store')
  readonly socket = join(this.dir, 's')
  readonly #env: NodeJS.ProcessEnv

  constructor(release: Release) {
    const programs = programsOf(release)
    for (const part of [
      'etc',
      'home',
      'var',
      'log',
      'source/store',
      'source/var',
      'target/store',
      'target/var',
    ]) {
      mkdirSync(join(this.dir, part), { recursive: true })
    }
    const features = release.isNew ? 'experimental-features = nix-command\n' : ''
    writeFileSync(
      join(this.dir, 'etc', 'nix.conf'),
      `${features}substituters =\nbuild-users-group =\nsandbox = false\nfsync-metadata = false\nrequire-sigs = false\n`,
    )
    this.#env = {
      PATH: programs === null ? process.env.PATH : `${programs}:${process.env.PATH}`,
      HOME: join(this.dir, 'home'),
      LANG: 'C.UTF-8',
      NIX_REMOTE: `unix://${this.socket}`,
      NIX_DAEMON_SOCKET_PATH: this.socket,
      NIX_STORE_DIR: this.storeDir,
      NIX_STATE_DIR: join(this.dir, 'var'),
      NIX_LOG_DIR: join(this.dir, 'log'),
      NIX_CONF_DIR: join(this.dir, 'etc'),
      NIX_USER_CONF_FILES: '',
      NIX_PATH: '',
    }
  }

  /** A store of Nix's own with the same store directory, whose files are elsewhere. */
  local(name: 'source' | 'target'): string {
    const at = join(this.dir, name)
    return `local?store=${this.storeDir}&real=${at}/store&state=${at}/var&log=${at}/log`
  }

  /** What a command prints; rejects where it fails. */
  async nix(command: string, ...args: ReadonlyArray<string>): Promise<string> {
    return this.at(this.#env.NIX_REMOTE ?? '', command, ...args)
  }

  async at(remote: string, command: string, ...args: ReadonlyArray<string>): Promise<string> {
    const { stdout } = await run(command, [...args], {
      env: { ...this.#env, NIX_REMOTE: remote },
      maxBuffer: 2 ** 26,
    })
    return stdout.trim()
  }

  /** In another store directory. */
  async in(storeDir: string, command: string, ...args: ReadonlyArray<string>): Promise<string> {
    const { stdout } = await run(command, [...args], { env: { ...this.#env, NIX_STORE_DIR: storeDir } })
    return stdout.trim()
  }

  /** A small tree with a link and an executable in it. */
  tree(name: string): string {
    const path = join(this.dir, name)
    mkdirSync(path)
    writeFileSync(join(path, 'file'), `contents of ${name}`)
    writeFileSync(join(path, 'program'), '#!/bin/sh\n', { mode: 0o755 })
    symlinkSync('file', join(path, 'link'))
    return path
  }

  remove(): void {
    removeTree(this.dir)
  }
}

const lines = (text: string): ReadonlyArray<string> =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .sort()

/** A text that refers to another, added to the store that a client talks to. */
const twoTexts = 'builtins.toFile "branch" ("see " + builtins.toFile "leaf" "a leaf")'

const evaluated = ['--eval', '--read-write-mode', '-E', twoTexts]

const describeRelease = (release: Release): void => {
  describe(release.title, () => {
    let clients: Clients
    let servers: Array<Serving> = []
    let closeStore: () => Promise<void> = async () => undefined

    before(async () => {
      clients = new Clients(release)
      expect(await clients.nix('nix-store', '--version')).to.match(release.version)
    })
    beforeEach(async () => {
      const store = await diskStore(join(clients.dir, 'served'), { storeDir: clients.storeDir })
      closeStore = () => store.close()
      servers = [
        await serveAt(clients.socket, storeHandlers(store), { storeDir: clients.storeDir, trusted: true }),
      ]
    })
    afterEach(async () => {
      await Promise.all(servers.map((server) => server.close()))
      await closeStore()
      removeTree(join(clients.dir, 'served'))
    })
    after(() => clients?.remove())

    const connected = () => promises.connect(clients.socket, { storeDir: clients.storeDir, timeout: longest })

    it('adds trees, files and texts under the same paths as its own store', async () => {
      const tree = clients.tree('added')
      const file = join(tree, 'file')
      for (const args of [
        ['--add', tree],
        ['--add', file],
        ['--add-fixed', 'sha256', file],
        ['--add-fixed', 'sha1', file],
        ['--add-fixed', '--recursive', 'md5', tree],
        ['--add-fixed', '--recursive', 'sha512', tree],
      ]) {
        const path = await clients.nix('nix-store', ...args)
        expect(path, args.join(' ')).to.equal(await clients.at(clients.local('source'), 'nix-store', ...args))
        expect(await clients.nix('nix-store', '--dump', path)).to.equal(
          await clients.nix('nix-store', '--dump', args.includes(tree) ? tree : file),
        )
      }
      if (release.isNew) {
        const path = await clients.nix('nix', 'store', 'add-path', tree, '--name', 'other')
        expect(path).to.equal(
          await clients.at(clients.local('source'), 'nix', 'store', 'add-path', tree, '--name', 'other'),
        )
      }
      const branch = await clients.nix('nix-instantiate', ...evaluated)
      expect(branch).to.equal(await clients.at(clients.local('source'), 'nix-instantiate', ...evaluated))
      const printed = lines(await clients.nix('nix-store', '-qR', JSON.parse(branch)))
      expect(printed).to.have.lengthOf(2)
      await clients.nix('nix-store', '--verify', '--check-contents')
    })

    it('queries path infos, and learns which paths are missing', async () => {
      const path = await clients.nix('nix-store', '--add', clients.tree('asked'))
      await clients.nix('nix-store', '--check-validity', path)
      const nar = new MeasuredNar(pack(path))
      for await (const _ of nar) {
        // Only its size is needed.
      }
      expect(await clients.nix('nix-store', '-q', '--size', path)).to.equal(String(nar.narSize))
      const [info] = Object.values(JSON.parse(await clients.nix('nix', 'path-info', '--json', path))) as [
        { readonly narSize: number },
      ]
      expect(BigInt(info.narSize)).to.equal(nar.narSize)
      expect(lines(await clients.nix('nix', 'path-info', '--all'))).to.deep.equal([path])
      if (release.isNew) {
        await clients.nix('nix', 'store', 'ping')
      }
      const other = path.replace(/[^/]*$/, `${'0'.repeat(32)}-other`)
      const refused = await clients.nix('nix-store', '-q', '--size', other).catch(({ stderr }) => stderr)
      expect(refused).to.match(/is not valid/)
    })

    it('copies to it and from it, with all dependencies', async () => {
      const { socket, dir } = clients
      const source = clients.local('source')
      const branch = JSON.parse(await clients.at(source, 'nix-instantiate', ...evaluated))
      const tree = await clients.at(source, 'nix-store', '--add', clients.tree('copied'))
      const copy = (from: string, to: string) =>
        clients.nix('nix', 'copy', '--no-check-sigs', '--from', from, '--to', to, branch, tree)
      await copy(source, `unix://${socket}`)
      const needed = lines(await clients.at(source, 'nix-store', '-qR', branch, tree))
      expect(lines(await clients.nix('nix', 'path-info', '--all'))).to.deep.equal(needed)
      await clients.nix('nix-store', '--verify', '--check-contents')
      await copy(`unix://${socket}`, clients.local('target'))
      expect(
        lines(await clients.at(clients.local('target'), 'nix-store', '-qR', branch, tree)),
      ).to.deep.equal(needed)
      await clients.at(clients.local('target'), 'nix-store', '--verify', '--check-contents')
      expect(
        lstatSync(
          join(dir, 'target', 'store', tree.slice(clients.storeDir.length + 1), 'link'),
        ).isSymbolicLink(),
      ).to.equal(true)
    })

    if (release.isNew) {
      it('copies to and from a store in memory, over a program in place of ssh', async () => {
        const { dir, storeDir } = clients
        const socket = join(dir, 'm')
        const store = memoryStore({ storeDir })
        servers.push(await serveAt(socket, storeHandlers(store), { storeDir, trusted: true }))
        const program = join(dir, 'bridge')
        writeFileSync(
          program,
          `#!/bin/sh\nexec '${process.execPath}' -e "${bridge.replaceAll('\n', ' ')}" '${socket}'\n`,
          { mode: 0o755 },
        )
        const far = `ssh-ng://localhost?remote-program=${program}`
        const source = clients.local('source')
        const branch = JSON.parse(await clients.at(source, 'nix-instantiate', ...evaluated))
        await clients.nix('nix', 'copy', '--no-check-sigs', '--from', source, '--to', far, branch)
        expect([...(await store.paths())]).to.have.lengthOf(2)
        const there = join(dir, 'there')
        mkdirSync(join(there, 'store'), { recursive: true })
        const target = `local?store=${storeDir}&real=${there}/store&state=${there}/var&log=${there}/log`
        await clients.nix('nix', 'copy', '--no-check-sigs', '--from', far, '--to', target, branch)
        await clients.at(target, 'nix-store', '--verify', '--check-contents')
        expect(readFileSync(join(there, 'store', branch.slice(storeDir.length + 1)), 'utf8')).to.match(
          /^see /,
        )
      })
    }

    if (release.isNew) {
      it('copies from a folder whose files are elsewhere, if an option says where', async () => {
        const { dir } = clients
        const socket = join(dir, 'd')
        const store = await diskStore(join(dir, 'diverted'))
        servers.push(await serveAt(socket, storeHandlers(store), { trusted: true }))
        const client = await promises.connect(socket, { timeout: longest })
        const path = await client.promises.addTextToStore({ name: 'text', text: 'hello', references: [] })
        await client.close()
        const there = join(dir, 'usual')
        mkdirSync(join(there, 'store'), { recursive: true })
        const to = `local?store=/nix/store&real=${there}/store&state=${there}/var&log=${there}/log`
        const from = `unix://${socket}?real=${dir}/diverted/store&store=/nix/store`
        await clients.in('/nix/store', 'nix', 'copy', '--no-check-sigs', '--from', from, '--to', to, path)
        expect(readFileSync(join(there, 'store', path.slice('/nix/store/'.length)), 'utf8')).to.equal('hello')
        await store.close()
      })
    }

    it('keeps the targets of links, and collects the rest', async () => {
      const { dir } = clients
      const branch = JSON.parse(await clients.nix('nix-instantiate', ...evaluated))
      const needed = lines(await clients.nix('nix-store', '-qR', branch))
      const garbage = await clients.nix('nix-store', '--add', clients.tree('garbage'))
      const link = join(dir, 'kept')
      await clients.nix('nix-store', '-r', branch, '--add-root', link, '--indirect')
      const roots = await clients.nix('nix-store', '--gc', '--print-roots')
      expect(roots.replaceAll('"', '')).to.equal(`${link} -> ${branch}`)
      expect(lines(await clients.nix('nix-store', '--gc', '--print-dead'))).to.deep.equal([garbage])
      expect(lines(await clients.nix('nix-store', '--gc', '--print-live'))).to.deep.equal(needed)
      await clients.nix('nix-store', '--gc')
      expect(lines(await clients.nix('nix', 'path-info', '--all'))).to.deep.equal(needed)
      expect(existsSync(garbage)).to.equal(false)
      const refused = await clients.nix('nix-store', '--delete', branch).catch(({ stderr }) => stderr)
      expect(refused).to.match(/still alive/)
      unlinkSync(link)
      await clients.nix('nix-store', '--delete', branch)
      expect(lines(await clients.nix('nix', 'path-info', '--all'))).to.deep.equal(
        needed.filter((path) => path !== branch),
      )
      await clients.nix('nix-store', '--gc')
      expect(await clients.nix('nix', 'path-info', '--all')).to.equal('')
    })

    it('passes on a path of our client, even one that real clients cannot add', async () => {
      const client = await connected()
      const path = join(clients.storeDir, `${'b'.repeat(32)}-input-addressed`) as StorePath
      const tree = clients.tree('built')
      const nar = new MeasuredNar(pack(tree))
      for await (const _ of nar) {
        // Its hash is sent before it.
      }
      const { narHash, narSize } = nar
      const info = {
        deriver: none,
        narHash,
        narSize,
        references: [path],
        registrationTime: 0n,
        ultimate: true,
        signatures: [],
        ca: none,
      }
      await client.promises.addToStoreNar(
        { info: { path, info }, repair: false, dontCheckSigs: true },
        pack(tree),
      )
      const known = await client.promises.queryPathInfo({ path })
      expect(isSome(known) && known.value.ultimate).to.equal(false)
      await client.close()
      await clients.nix(
        'nix',
        'copy',
        '--no-check-sigs',
        '--from',
        `unix://${clients.socket}`,
        '--to',
        clients.local('target'),
        path,
      )
      expect(await clients.at(clients.local('target'), 'nix-store', '-q', '--references', path)).to.equal(
        path,
      )
      // An untrusted client needs a signature.
      const [secret, given] = [join(clients.dir, 'secret'), join(clients.dir, 'public')]
      await clients.nix('nix-store', '--generate-binary-cache-key', 'test-1', secret, given)
      const { storeDir } = clients
      const handlers = storeHandlers(memoryStore({ storeDir }), {
        trustedKeys: [rightOf(PublicKey.make(readFileSync(given, 'utf8').trim()))],
      })
      const socket = join(clients.dir, 'u')
      servers.push(await serveAt(socket, handlers, { storeDir }))
      const copy = () =>
        clients.nix('nix', 'copy', '--from', clients.local('target'), '--to', `unix://${socket}`, path)
      expect(await copy().catch(({ stderr }) => stderr)).to.match(/lacks a (valid )?signature/)
      const signing = release.isNew ? ['store', 'sign'] : ['sign-paths']
      await clients.at(clients.local('target'), 'nix', ...signing, '--key-file', secret, path)
      await copy()
      expect(await clients.at(`unix://${socket}`, 'nix-store', '-q', '--references', path)).to.equal(path)
    })
  })
}

describe('real clients and our store', () => {
  for (const release of releases) {
    if (isInstalled(release)) {
      describeRelease(release)
    } else {
      const reason = `${release.title} is not installed: apt-get install nix-bin, or spec/support/install-nix.sh`
      const fail = () => {
        throw new Error(reason)
      }
      it(reason, mustBeThere(release) ? fail : undefined)
    }
  }
})
