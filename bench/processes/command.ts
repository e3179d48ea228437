import { spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The built command, as it is installed. */
export const nixWire = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** A process to run from its start to its end. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** The folder that it runs in. */
  readonly directory?: string
  /** The file that it reads from; nothing where none is given. */
  readonly from?: string
  /** The file that it writes to; what it prints is dropped where none is given. */
  readonly to?: string
}

export const node = (...args: readonly string[]): Command => ({ program: process.execPath, args })

export interface Took {
  /** Milliseconds from the start to the end. */
  readonly wall: number
  /** Milliseconds of processor time of all its threads and in the system; the clock of the children ticks every 10. */
  readonly processor: number
}

const open = ({ from, to }: Command): readonly [number, number] => [
  openSync(from ?? '/dev/null', 'r'),
  openSync(to ?? '/dev/null', 'w'),
]

const surroundings = ({ env, directory }: Command) => ({
  env: env ?? process.env,
  ...(directory !== undefined && { cwd: directory }),
})

const failed = ({ program, args }: Command, how: unknown, said: unknown): Error =>
  new Error(`${program} ${args.join(' ').slice(0, 200)} ended with ${how}: ${said}`)

export const run = (command: Command): Took => {
  const [input, output] = open(command)
  try {
    const before = processorTimeOfChildren()
    const start = performance.now()
    const { status, signal, error, stderr } = spawnSync(command.program, command.args, {
      ...surroundings(command),
      stdio: [input, output, 'pipe'],
    })
    const wall = performance.now() - start
    if (status !== 0) {
      throw failed(command, error?.message ?? signal ?? status, stderr)
    }
    return { wall, processor: processorTimeOfChildren() - before }
  } finally {
    closeSync(input)
    closeSync(output)
  }
}

/** User and system time of the ended child processes, in milliseconds. */
const processorTimeOfChildren = (): number => {
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return 10 * (Number(fields[13]) + Number(fields[14]))
}

/** The peak resident memory of a separate run, in MiB: the last value seen before it ended. */
export const peak = (command: Command): Promise<number> => {
  const [input, output] = open(command)
  const child = spawn(command.program, command.args, {
    ...surroundings(command),
    stdio: [input, output, 'ignore'],
  })
  closeSync(input)
  closeSync(output)
  let kibibytes = 0
  const look = setInterval(() => {
    kibibytes = Math.max(kibibytes, highWaterOf(child.pid))
  }, 2)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => {
      clearInterval(look)
      if (code === 0) {
        resolve(kibibytes / 1024)
      } else {
        reject(failed(command, code, ''))
      }
    })
  })
}

const highWaterOf = (pid: number | undefined): number => {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
