import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Random } from '../workloads/random.js'
import { scratch } from './trees.js'

/** A nix-daemon of its own, with some paths in its store. */
export interface FilledDaemon {
  readonly socket: string
  readonly storeDir: string
  readonly paths: readonly string[]
  /** The environment of a `nix` command for this daemon. */
  readonly env: NodeJS.ProcessEnv
  readonly stop: () => Promise<void>
}

const environment = (dir: string): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  LANG: 'C.UTF-8',
  HOME: join(dir, 'home'),
  TMPDIR: join(dir, 'tmp'),
  NIX_STORE_DIR: join(dir, 'store'),
  NIX_STATE_DIR: join(dir, 'var'),
  NIX_LOG_DIR: join(dir, 'log'),
  NIX_CONF_DIR: join(dir, 'etc'),
  NIX_DAEMON_SOCKET_PATH: join(dir, 's'),
  NIX_USER_CONF_FILES: '',
  NIX_PATH: '',
})

const configuration = `
build-users-group =
sandbox = false
substituters =
trusted-users = *
experimental-features = nix-command
`

/** Starts a daemon on a store with that many small paths. */
export const startFilledDaemon = async (count: number): Promise<FilledDaemon> => {
  const dir = scratch()
  for (const part of ['store', 'var', 'log', 'etc', 'tmp', 'home', 'files']) {
    mkdirSync(join(dir, part))
  }
  writeFileSync(join(dir, 'etc', 'nix.conf'), configuration)
  const env = environment(dir)
  const local = { ...env, NIX_REMOTE: 'local' }
  const paths = added(join(dir, 'files'), count, local)
  const child = spawn('nix-daemon', ['--daemon'], { env: local, stdio: 'ignore' })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  const socket = join(dir, 's')
  for (let tries = 0; tries < 500 && !existsSync(socket); tries++) {
    await sleep(20)
  }
  const stop = async () => {
    process.removeListener('exit', end)
    child.kill('SIGTERM')
    await ended
    // Files in a store are read-only.
    execFileSync('chmod', ['-R', 'u+w', dir])
    rmSync(dir, { recursive: true, force: true })
  }
  return {
    socket,
    storeDir: join(dir, 'store'),
    paths,
    env: { ...env, NIX_REMOTE: `unix://${socket}` },
    stop,
  }
}

const added = (dir: string, count: number, env: NodeJS.ProcessEnv): readonly string[] => {
  const random = new Random(17)
  const files = Array.from({ length: count }, (_, i) => {
    const file = join(dir, `${random.text('abcdefghijklmnopqrstuvwxyz-', 20).replace(/^-/, 'a')}-${i}`)
    writeFileSync(file, random.text('0123456789abcdef', random.between(10, 500)))
    return file
  })
  const printed = execFileSync('nix-store', ['--add', ...files], { env, maxBuffer: 2 ** 26 })
  return printed.toString().trim().split('\n')
}
