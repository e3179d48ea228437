import { spawn } from 'node:child_process'
import { projectPath } from './shared.js'

export interface Ran {
  readonly exitCode: number | null
  readonly stdout: Buffer
  readonly stderr: string
}

/** Starts the command from its sources, as a user would: in another process. */
export const spawnNixWire = (args: ReadonlyArray<string>, env: NodeJS.ProcessEnv = {}) =>
  spawn(process.execPath, ['--import', 'tsx', projectPath('cli/main.ts'), ...args], {
    cwd: projectPath(),
    env: { ...process.env, ...env },
  })

/** Runs the command: its exit code and its two outputs. */
export const nixWire = async (
  args: ReadonlyArray<string>,
  stdin: Uint8Array | string = '',
  env: NodeJS.ProcessEnv = {},
): Promise<Ran> => {
  const child = spawnNixWire(args, env)
  const stdout: Array<Buffer> = []
  const stderr: Array<Buffer> = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  // A command that refuses its arguments ends without reading.
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  return { exitCode, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }
}
