import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectPath } from './shared.js'

/** A release of Nix, with its own commands. */
export interface NixRelease {
  readonly title: string
  /** A folder with its programs; null for those of the system. */
  readonly bin: string | null
  readonly conf: string
}

const apart = (suite: string, title: string, conf: string): NixRelease => ({
  title,
  bin: projectPath('.nix-releases', suite, 'bin'),
  conf,
})

/** The release of the system, and those that `install-nix.sh` puts beside the project. */
export const nixReleases: ReadonlyArray<NixRelease> = [
  { title: 'Nix 2.8', bin: null, conf: 'experimental-features = nix-command' },
  apart('bullseye', 'Nix 2.3', `build-hook = ${projectPath('spec/support/decline-hook.sh')}`),
  apart('trixie', 'Nix 2.26', 'builders =\nexperimental-features = nix-command'),
  apart('sid', 'Nix 2.34', 'builders =\nexperimental-features = nix-command'),
]

/** A suite for a release. That of sid may be missing, since it changes; the others must be there in CI. */
export const describeRelease = ({ title, bin }: NixRelease, suite: () => void): void => {
  if (bin === null || existsSync(bin)) {
    describe(title, suite)
    return
  }
  const reason = `${title} is not in ${bin}: run spec/support/install-nix.sh`
  const fail = () => {
    throw new Error(reason)
  }
  describe(title, () => {
    it(reason, process.env.CI === 'true' && !bin.includes('/sid/') ? fail : undefined)
  })
}

/** A private store in a temporary folder, and the commands of a release for it. */
export class NixStore {
  readonly dir: string
  readonly storeDir: string
  readonly env: NodeJS.ProcessEnv

  private constructor(dir: string, release: NixRelease, storeDir: string | null) {
    this.dir = dir
    this.storeDir = storeDir ?? join(dir, 'store')
    for (const part of ['store', 'var', 'log', 'etc', 'home', 'tmp', 'bin', 'record']) {
      mkdirSync(join(dir, part))
    }
    const common = 'sandbox = false\nbuild-users-group =\nsubstituters =\nfsync-metadata = false\n'
    writeFileSync(join(dir, 'etc', 'nix.conf'), `${common}${release.conf}\n`)
    this.env = {
      PATH: [join(dir, 'bin'), ...(release.bin === null ? [] : [release.bin]), process.env.PATH].join(':'),
      HOME: join(dir, 'home'),
      LANG: 'C.UTF-8',
      TMPDIR: join(dir, 'tmp'),
      NIX_REMOTE:
        storeDir === null
          ? 'local'
          : `local?store=${storeDir}&real=${dir}/store&state=${dir}/var&log=${dir}/log`,
      NIX_STORE_DIR: this.storeDir,
      NIX_STATE_DIR: join(dir, 'var'),
      NIX_LOG_DIR: join(dir, 'log'),
      NIX_CONF_DIR: join(dir, 'etc'),
      NIX_USER_CONF_FILES: '',
      NIX_PATH: '',
    }
  }

  /** `storeDir`: the one in the traffic, if not the folder itself. */
  static async create(release: NixRelease, storeDir: string | null = null): Promise<NixStore> {
    // Nix rejects a store path that contains a symbolic link.
    const store = new NixStore(await realpath(await mkdtemp(join(tmpdir(), 'nix-serve-'))), release, storeDir)
    // Two commands that start together would both make the database, and one would find it half made.
    await store.run('nix-store', ['--init'])
    return store
  }

  async remove(): Promise<void> {
    await this.run('/bin/chmod', ['-R', 'u+w', this.dir])
    await rm(this.dir, { recursive: true, force: true })
  }

  /** The output of a command. */
  run(command: string, args: ReadonlyArray<string>, env: NodeJS.ProcessEnv = {}): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const options = { env: { ...this.env, ...env }, encoding: 'buffer', maxBuffer: 2 ** 28 } as const
      execFile(command, args, options, (error, stdout, stderr) => {
        if (error === null) {
          resolve(stdout)
        } else {
          reject(new Error(`${command} ${args.join(' ')}: ${stderr}`))
        }
      }).stdin?.end()
    })
  }

  async line(command: string, args: ReadonlyArray<string>): Promise<string> {
    return (await this.run(command, args)).toString().trim()
  }

  /** Adds a file with this name. */
  async add(name: string, content: string): Promise<string> {
    const file = join(this.dir, 'tmp', name)
    writeFileSync(file, content)
    return this.line('nix-store', ['--add', file])
  }

  /** The derivation of a shell script. */
  instantiate(name: string, script: string): Promise<string> {
    const expression = `derivation { name = "${name}"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" ''${script}'' ]; }`
    return this.line('nix-instantiate', ['-E', expression])
  }

  /** `nix-store --serve --write` on this store. */
  serve(): ChildProcessWithoutNullStreams {
    return spawn('nix-store', ['--serve', '--write'], { env: this.env })
  }

  /**
   * From here on `ssh` is a program that runs a command in place of another machine: by default `nix-store --serve
   * --write` on the other store. With `record` it records the traffic.
   */
  async reach(other: NixStore, command: string | null, record: boolean): Promise<NodeJS.ProcessEnv> {
    const ssh = join(this.dir, 'bin', 'ssh')
    if (!existsSync(ssh)) {
      await symlink(projectPath('spec/support/ssh.sh'), ssh)
    }
    const assignments = Object.entries(other.env).map(([name, value]) => `${name}='${value}'`)
    return {
      NIX_SERVED: command ?? `exec env ${assignments.join(' ')} nix-store --serve --write`,
      ...(record ? { NIX_SERVED_RECORD: join(this.dir, 'record') } : {}),
    }
  }

  /** The recordings of the connections so far. */
  recordings(): ReadonlyArray<{ readonly client: Uint8Array; readonly server: Uint8Array }> {
    const folder = join(this.dir, 'record')
    return readdirSync(folder).map((name) => {
      const side = (file: string) => Uint8Array.from(readFileSync(join(folder, name, file)))
      return { client: side('client.bin'), server: side('server.bin') }
    })
  }
}
