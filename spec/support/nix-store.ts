import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { later } from '../../bytes/later.js'

const configuration = `sandbox = false
build-users-group =
substituters =
experimental-features = nix-command
`

/** An environment in which Nix has its own store, state and configuration below `dir`. */
const environment = (dir: string, bin: string | undefined): NodeJS.ProcessEnv => {
  for (const name of ['store', 'var', 'log', 'etc', 'home']) {
    mkdirSync(join(dir, name), { recursive: true })
  }
  writeFileSync(join(dir, 'etc', 'nix.conf'), configuration)
  return {
    PATH: bin === undefined ? process.env.PATH : `${bin}:${process.env.PATH}`,
    HOME: join(dir, 'home'),
    LANG: 'C.UTF-8',
    NIX_REMOTE: 'local',
    NIX_STORE_DIR: join(dir, 'store'),
    NIX_STATE_DIR: join(dir, 'var'),
    NIX_LOG_DIR: join(dir, 'log'),
    NIX_CONF_DIR: join(dir, 'etc'),
    NIX_USER_CONF_FILES: '',
    NIX_PATH: '',
  }
}

/**
 * Runs Nix's own commands on a private store below `dir`, which must not contain symbolic links: those of the folder
 * `bin`, or the installed ones.
 */
export class NixCommands {
  readonly storeDir: string
  readonly #env: NodeJS.ProcessEnv

  constructor(dir: string, bin?: string) {
    this.#env = environment(dir, bin)
    this.storeDir = join(dir, 'store')
  }

  run(command: string, args: ReadonlyArray<string>, input?: Uint8Array): Buffer {
    return execFileSync(command, args, {
      env: this.#env,
      maxBuffer: 2 ** 30,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(input === undefined ? {} : { input }),
    })
  }
}

const hasNixStore = later(() => spawnSync('nix-store', ['--version']).status === 0)

/**
 * A suite that runs Nix's own commands. Without them, it is pending with the reason; in CI, where that could go
 * unnoticed, it fails instead.
 */
export const describeWithNixStore = (title: string, suite: () => void): void => {
  if (hasNixStore()) {
    describe(title, suite)
    return
  }
  const reason = 'needs nix-store, which is not installed (Debian: apt-get install nix-bin)'
  const fail = () => {
    throw new Error(reason)
  }
  describe(title, () => {
    it(reason, process.env.CI === 'true' ? fail : undefined)
  })
}
