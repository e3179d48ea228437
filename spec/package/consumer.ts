import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { projectPath } from '../support/shared.js'

/** A project of somebody else, with packages that npm installed. */
export class Consumer {
  readonly folder: string

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

  /** The type errors in these files and in every declaration they need, as `file: TScode: message`. */
  typeErrors(files: ReadonlyArray<string>, options: ts.CompilerOptions): ReadonlyArray<string> {
    const program = ts.createProgram(
      files.map((file) => join(this.folder, file)),
      {
        target: ts.ScriptTarget.ES2022,
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        // TypeScript's own declarations are not what is checked.
        skipDefaultLibCheck: true,
        noEmit: true,
        types: [],
        ...options,
      },
    )
    return ts.getPreEmitDiagnostics(program).map(({ file, code, messageText }) => {
      const where = file?.fileName.replace(`${this.folder}/`, '') ?? ''
      return `${where}: TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
    })
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
