import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, realpath, rm, symlink } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { later } from '../../bytes/later.js'
import { until } from './waiting.js'

const program = 'nix-daemon'

export interface NixDaemonOptions {
  /** The store directory in the traffic; by default that of the daemon's own folder. */
  readonly storeDir?: string
  /** Whether clients are trusted. Default: yes. */
  readonly trusted?: boolean
  /** More lines of nix.conf; the last of two with one name counts. */
  readonly conf?: string
  /** A folder with another release's `nix-daemon`. Default: that of the system. */
  readonly bin?: string
}

/** A private nix-daemon: its store, state and socket are in one temporary folder. */
export interface NixDaemon {
  readonly socket: string
  /** The folder; `stop` removes it. */
  readonly dir: string
  readonly storeDir: string
  readonly pid: number
  /** The environment in which a real `nix` command talks to this daemon only. */
  readonly env: NodeJS.ProcessEnv
  /** Ends the daemon and its connections, and removes the folder. */
  stop(): Promise<void>
}

/** Whether a real nix-daemon can be started here. */
const hasNixDaemon = later((): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})

/**
 * A suite that needs a real nix-daemon. Without one, it is pending with the reason; in CI, where that could go
 * unnoticed, it fails instead.
 */
export const describeWithNix = (title: string, suite: () => void): void => {
  if (hasNixDaemon()) {
    describe(title, suite)
    return
  }
  const reason = "needs nix-daemon (Debian's nix-bin), which is not installed"
  const fail = () => {
    throw new Error(reason)
  }
  describe(title, () => {
    it(reason, process.env.CI === 'true' ? fail : undefined)
  })
}

/** Starts a daemon, as any user, and resolves when it listens. */
export const startNixDaemon = async (options: NixDaemonOptions = {}): Promise<NixDaemon> => {
  // Nix rejects a store path that contains a symbolic link.
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'nixd-')))
  const storeDir = options.storeDir ?? join(dir, 'store')
  for (const part of ['store', 'var', 'log', 'etc', 'tmp', 'home', 'client/var', 'client/home']) {
    await mkdir(join(dir, part), { recursive: true })
  }
  writeFileSync(join(dir, 'etc', 'nix.conf'), configuration(options))
  const socket = join(dir, 's')
  const path = options.bin === undefined ? process.env.PATH : `${options.bin}:${process.env.PATH}`
  const child = spawn(program, ['--daemon'], {
    // The daemon must not see the caller's own Nix.
    env: { PATH: path, HOME: join(dir, 'home'), ...daemonEnv(dir, storeDir, socket) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: Array<Buffer> = []
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  child.on('error', (error) => said.push(Buffer.from(error.message)))
  const { pid } = child
  if (pid === undefined) {
    await removeTree(dir)
    throw new Error(`nix-daemon did not start: ${Buffer.concat(said)}`)
  }
  const abandoned = () => {
    killHard(child)
    rmSync(dir, { recursive: true, force: true })
  }
  process.once('exit', abandoned)
  const stop = async () => {
    process.removeListener('exit', abandoned)
    await end(child)
    await removeTree(dir)
  }
  if (!(await listens(child, dir, socket))) {
    await stop()
    throw new Error(`nix-daemon did not listen: ${Buffer.concat(said)}`)
  }
  await until(() => childrenOf(pid).length === 0, 'the first connection has been served')
  return { socket, dir, storeDir, pid, env: clientEnv(dir, storeDir, socket, path), stop }
}

const configuration = ({ trusted = true, conf = '' }: NixDaemonOptions): string => `
sandbox = false
build-users-group =
experimental-features = nix-command ca-derivations
substituters =
trusted-users = ${trusted ? '*' : 'nobody'}
max-jobs = 2
${conf}
`

const daemonEnv = (dir: string, storeDir: string, socket: string): NodeJS.ProcessEnv => ({
  TMPDIR: join(dir, 'tmp'),
  LANG: 'C.UTF-8',
  NIX_REMOTE:
    storeDir === join(dir, 'store')
      ? 'local'
      : `local?store=${storeDir}&real=${dir}/store&state=${dir}/var&log=${dir}/log`,
  NIX_STORE_DIR: storeDir,
  NIX_STATE_DIR: join(dir, 'var'),
  NIX_LOG_DIR: join(dir, 'log'),
  NIX_CONF_DIR: join(dir, 'etc'),
  NIX_DAEMON_SOCKET_PATH: socket,
  NIX_USER_CONF_FILES: '',
})

const clientEnv = (
  dir: string,
  storeDir: string,
  socket: string,
  path: string | undefined,
): NodeJS.ProcessEnv => ({
  PATH: path,
  LANG: 'C.UTF-8',
  HOME: join(dir, 'client', 'home'),
  NIX_REMOTE: `unix://${socket}`,
  NIX_DAEMON_SOCKET_PATH: socket,
  NIX_STORE_DIR: storeDir,
  NIX_STATE_DIR: join(dir, 'client', 'var'),
  NIX_LOG_DIR: join(dir, 'log'),
  NIX_CONF_DIR: join(dir, 'etc'),
  NIX_USER_CONF_FILES: '',
  NIX_PATH: '',
})

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null

/**
 * Whether a daemon listens here; resolves only after the daemon has finished the connection that found out. That one
 * may create the database, and a second one at the same time would find it incomplete.
 */
const accepts = (socket: string): Promise<boolean> =>
  new Promise((resolve) => {
    let isOpen = false
    const connection = connect(socket, () => {
      isOpen = true
      connection.end()
    })
    connection.resume()
    connection.on('error', () => undefined)
    connection.once('close', () => resolve(isOpen))
  })

const listens = async (child: ChildProcess, dir: string, socket: string): Promise<boolean> => {
  // Nix 2.3 has no option for the socket path, and listens in its state folder.
  const old = join(dir, 'var', 'daemon-socket', 'socket')
  await until(async () => hasEnded(child) || (await accepts(socket)) || (await accepts(old)), 'it listens')
  if (!hasEnded(child) && !existsSync(socket)) {
    await symlink(old, socket)
  }
  return !hasEnded(child)
}

/** The processes that serve one connection each. They have left the daemon's process group. */
const childrenOf = (pid: number): ReadonlyArray<number> => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(/\s+/)
      .filter(Boolean)
      .map(Number)
  } catch {
    return []
  }
}

const signal = (pid: number, name: 'SIGTERM' | 'SIGKILL'): void => {
  try {
    process.kill(pid, name)
  } catch {
    // The process has ended.
  }
}

const isAlive = (pid: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat[stat.lastIndexOf(')') + 2] !== 'Z'
  } catch {
    return false
  }
}

const killHard = (child: ChildProcess): void => {
  if (child.pid !== undefined && !hasEnded(child)) {
    for (const pid of [...childrenOf(child.pid), child.pid]) {
      signal(pid, 'SIGKILL')
    }
  }
}

const end = async (child: ChildProcess): Promise<void> => {
  const pid = child.pid
  if (pid === undefined || hasEnded(child)) {
    return
  }
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const all = [pid, ...childrenOf(pid)]
  for (const each of all) {
    signal(each, 'SIGTERM')
  }
  // A process in an endless loop (operation 5 in Nix 2.8) ignores the first signal.
  const impatience = setTimeout(() => {
    for (const each of all.filter(isAlive)) {
      signal(each, 'SIGKILL')
    }
  }, 1000)
  await until(() => !all.some(isAlive), 'the daemon and its connections end')
  clearTimeout(impatience)
  await ended
}

/** Paths in a store are read-only, folders too. */
const removeTree = async (dir: string): Promise<void> => {
  const open = async (folder: string): Promise<void> => {
    await chmod(folder, 0o755)
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) {
        await open(join(folder, entry.name))
      }
    }
  }
  await open(dir)
  await rm(dir, { recursive: true, force: true })
}
