import { spawn } from 'node:child_process'
import { run } from '../../cli/program.js'
import { commandWords } from './command-words.js'
import { countProcess } from './one-process.js'
import { projectPath } from './shared.js'
import { surroundedBy } from './surroundings.js'

export interface Ran {
  readonly exitCode: number | null
  readonly stdout: Buffer
  readonly stderr: string
}

/** Starts the command as a user does: in another process. */
export const spawnNixWire = (args: ReadonlyArray<string>, env: NodeJS.ProcessEnv = {}) => {
  countProcess()
  return spawn(process.execPath, [...commandWords, ...args], {
    cwd: projectPath(),
    env: { ...process.env, ...env },
  })
}

/** Runs the command in another process: its exit code and its two outputs. */
export const nixWireProcess = async (
  args: ReadonlyArray<string>,
  stdin: Uint8Array | string = '',
  env: NodeJS.ProcessEnv = {},
): Promise<Ran> => {
  const child = spawnNixWire(args, env)
  const stdout: Array<Buffer> = []
  const stderr: Array<Buffer> = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  // A command with wrong arguments ends without reading.
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  return { exitCode, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }
}

// There is one set of standard streams, so only one command runs at a time.
let last: Promise<unknown> = Promise.resolve()

/**
 * The same in this process, which is much faster. Signals, and outputs that are not read, need a process of their own.
 */
export const nixWire = (
  args: ReadonlyArray<string>,
  stdin: Uint8Array | string = '',
  env: NodeJS.ProcessEnv = {},
  terminal = false,
): Promise<Ran> => {
  const running = last.then(async () => {
    const surroundings = { stdin: Buffer.from(stdin as string), env, terminal }
    const { result, stdout, stderr } = await surroundedBy(surroundings, () => run([...args]))
    return { exitCode: result, stdout, stderr: stderr.toString() }
  })
  last = running.catch(() => undefined)
  return running
}
