import { type ChildProcess, execFile, execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { projectPath } from '../support/shared.js'

/** A project of somebody else, with packages that npm installed. */
export class Consumer {
  readonly folder: string
  #configs = 0

  constructor() {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'nix-wire-consumer-')))
    this.write('package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  }

  install(...packages: ReadonlyArray<string>): void {
    this.run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', ...packages)
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true })
    writeFileSync(join(this.folder, file), text)
  }

  /** Copies a file or a folder of the project. */
  copy(path: string): void {
    cpSync(projectPath(path), join(this.folder, path), { recursive: true })
  }

  /** What a command prints; throws with what it says where it fails. */
  run(command: string, ...args: ReadonlyArray<string>): string {
    return execFileSync(command, args, {
      cwd: this.folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  /**
   * The type errors in these files and in every declaration they need, as `file: TScode: message`. The compiler is one of
   * the project, or one that is installed here; TypeScript 7 takes a sixth of the time of the others.
   */
  async typeErrors(
    files: ReadonlyArray<string>,
    options: Readonly<Record<string, unknown>>,
    compiler = projectPath('node_modules/typescript-native'),
  ): Promise<ReadonlyArray<string>> {
    const compilerOptions = {
      target: 'es2022',
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      // TypeScript's own declarations are not what is checked.
      skipDefaultLibCheck: true,
      noEmit: true,
      types: ['node'],
      ...options,
    }
    const config = `tsconfig.${this.#configs++}.json`
    this.write(config, JSON.stringify({ compilerOptions, files }))
    const tsc = resolve(this.folder, compiler, 'bin/tsc')
    const said = await ended(
      execFile(process.execPath, [tsc, '-p', config, '--pretty', 'false'], { cwd: this.folder }),
    )
    const errors = [...said.matchAll(/^(\S+)\(\d+,\d+\): error (TS\d+: .*)$/gm)]
    if ((said === '') !== (errors.length === 0)) {
      throw new Error(`${tsc}: ${said}`)
    }
    return errors.map(([, file, error]) => `${file}: ${error}`)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** What a process says up to its end. */
const ended = async ({ stdout, stderr }: ChildProcess): Promise<string> => {
  const texts = [stdout, stderr].map((stream) => text(stream!))
  return (await Promise.all(texts)).join('')
}
