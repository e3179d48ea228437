import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { commandWords } from './command-words.js'
import type { NixDaemon } from './nix-daemon.js'
import { projectPath } from './shared.js'
import { until } from './waiting.js'

export interface Printed {
  readonly exitCode: number | null
  /** Both outputs, in the order of their bytes. */
  readonly text: string
}

const script = (lines: ReadonlyArray<string>): string => `#!/bin/sh\n${lines.join('\n')}\n`

const nixWire = `exec ${[process.execPath, ...commandWords].map((word) => `'${word}'`).join(' ')}`

/**
 * The programs that a page's commands find first on their PATH. Those that npm installs are there already.
 */
const programs: { readonly [name: string]: string } = {
  'nix-wire': script([`${nixWire} "$@"`]),
  npx: script(['test "$1" = nix-wire || exit 127', 'shift', `${nixWire} "$@"`]),
  npm: script(['case "$1" in ci|install|test) ;; *) exit 127 ;; esac']),
}

/** Files and programs that a page expects its reader to have. */
const belongings: { readonly [name: string]: string } = {
  'my-decoder': script([`${nixWire} decode ValidPathInfo >/dev/null`]),
}

const writeScripts = (folder: string, scripts: { readonly [name: string]: string }): void => {
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), text)
    chmodSync(join(folder, name), 0o755)
  }
}

/** Whether a program of this name can be started. */
export const isInstalled = (program: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })

/** A folder in which the commands of one page run. */
export class Workshop {
  readonly #dir = mkdtempSync(join(tmpdir(), 'nix-wire-docs-'))
  readonly #running: Array<ChildProcess> = []

  constructor() {
    mkdirSync(this.#in('.bin'))
    writeScripts(this.#in('.bin'), programs)
    writeScripts(this.#dir, belongings)
    cpSync(projectPath('examples'), this.#in('examples'), { recursive: true })
    mkdirSync(this.#in('node_modules'))
    symlinkSync(projectPath(), this.#in('node_modules/nix-wire'))
    symlinkSync(projectPath('node_modules/fp-ts'), this.#in('node_modules/fp-ts'))
  }

  #in(name: string): string {
    return join(this.#dir, name)
  }

  write(name: string, lines: ReadonlyArray<string>): void {
    writeFileSync(this.#in(name), `${lines.join('\n')}\n`)
  }

  #start(command: string, daemon: NixDaemon | null): ChildProcess {
    const usual = '/nix/var/nix/daemon-socket/socket'
    const env = daemon?.env ?? process.env
    return spawn('sh', ['-c', `exec 2>&1\n${command.replaceAll(usual, daemon?.socket ?? usual)}`], {
      cwd: this.#dir,
      env: { ...env, PATH: `${this.#in('.bin')}${delimiter}${env.PATH}`, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  }

  /** Runs a command to its end. */
  async run(command: string, daemon: NixDaemon | null): Promise<Printed> {
    const child = this.#start(command, daemon)
    const pieces: Array<Buffer> = []
    child.stdout?.on('data', (piece: Buffer) => pieces.push(piece))
    const [exitCode] = (await once(child, 'close')) as [number | null]
    return { exitCode, text: Buffer.concat(pieces).toString() }
  }

  /** Starts a command that keeps running, and waits for its first output, or for the socket of a daemon, which is silent. */
  async begin(command: string, daemon: NixDaemon | null): Promise<void> {
    // The signal that ends it must reach the command, not a shell around it.
    const child = this.#start(`exec ${command}`, daemon)
    this.#running.push(child)
    const socket = /NIX_DAEMON_SOCKET_PATH=\$PWD\/(\S+)/.exec(command)?.[1]
    await Promise.race([
      once(child.stdout!, 'data'),
      once(child, 'close'),
      ...(socket === undefined
        ? []
        : [until(() => child.exitCode !== null || existsSync(this.#in(socket)), 'the daemon listens')]),
    ])
    if (child.exitCode !== null) throw new Error(`it has ended: ${command}`)
  }

  /** Ends the commands that are still running. */
  async rest(): Promise<void> {
    for (const child of this.#running.splice(0)) {
      const ended = child.exitCode === null ? once(child, 'close') : undefined
      child.stdout?.resume()
      child.kill('SIGINT')
      await ended
    }
  }

  async close(): Promise<void> {
    await this.rest()
    rmSync(this.#dir, { recursive: true, force: true })
  }
}
