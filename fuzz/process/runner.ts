import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from '../../bytes/after.js'
import { quoteWord } from '../../bytes/shell-word.js'
import { quoted } from '../../combinators/show.js'
import { type Command, lineOf, memoryLimit, wordsOf } from './command.js'
import { Program } from './program.js'
import { ProgramError } from './program-error.js'

export interface RunnerOptions {
  /**
   * The command for each input. `@@` in it is replaced by the name of the input file; without it the input is standard
   * input.
   */
  readonly command: Command
  readonly timeout: number
  readonly memory?: number
  /** Whether its standard output is needed. */
  readonly output: boolean
  /** Variables of its environment. */
  readonly env?: { readonly [name: string]: string }
}

/** How one run ended. */
export interface Run {
  /** Its exit code, or null if it took too long. For a signal it is 128 and the number, as in shells. */
  readonly code: number | null
  readonly stdout: Uint8Array
  /** The end of its standard error. */
  readonly stderr: string
}

interface Waiting {
  readonly input: Uint8Array
  readonly resolve: (run: Run) => void
  readonly reject: (error: Error) => void
}

/** The number of runs prepared ahead: the shell has the next input while the last result is examined. */
const slots = 4
const mostStderr = 2000
/** The limit of a program's output for one input. */
export const mostOutput = 64 * 2 ** 20
const nothing = new Uint8Array()

/**
 * Runs a program once for each input. A long-running shell starts it: a shell is small, and so starts programs several
 * times faster than Node does.
 */
export class Runner {
  readonly #options: RunnerOptions
  readonly #dir = mkdtempSync(join(tmpdir(), 'nix-wire-fuzz-'))
  #shell: Program | null = null
  #life = 0
  readonly #queue = new Set<Waiting>()
  /** The runs in the shell, by slot, in order. */
  readonly #running = new Map<number, Waiting>()
  #nextSlot = 0
  #stopClock: () => void = () => undefined
  #isClosed = false

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  run(input: Uint8Array): Promise<Run> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) {
        return
      }
      this.#queue.add({ input, resolve, reject })
      this.#pump()
    })
  }

  /** Ends all runs at once; those that have not ended by then never answer. */
  kill(): void {
    if (!this.#isClosed) {
      this.#isClosed = true
      this.#leave()
      rmSync(this.#dir, { recursive: true, force: true, maxRetries: 3 })
    }
  }

  #pump(): void {
    for (const each of this.#queue) {
      if (this.#running.size === slots) {
        return
      }
      this.#queue.delete(each)
      const slot = this.#nextSlot
      this.#nextSlot = (slot + 1) % slots
      writeFileSync(this.#file('in', slot), each.input)
      this.#running.set(slot, each)
      this.#send(slot)
    }
  }

  #send(slot: number): void {
    this.#shell ??= this.#start()
    this.#shell.send(String(slot))
    if (this.#running.size === 1) {
      this.#watch()
    }
  }

  #start(): Program {
    const life = ++this.#life
    const shell = new Program(
      { program: '/bin/sh', words: ['-c', scriptOf(this.#options, this.#dir)] },
      {
        line: (line) => {
          if (life === this.#life) {
            this.#ended(line)
          }
        },
        end: ({ error }) => {
          if (life === this.#life) {
            this.#lost(error)
          }
        },
      },
    )
    return shell
  }

  #ended(line: string): void {
    const [slot = Number.NaN, code = Number.NaN] = line.split(' ').map(Number)
    const waiting = this.#running.get(slot)
    if (waiting === undefined || !Number.isInteger(code)) {
      this.#fail(`an invalid answer of the shell: ${quoted(line)}`)
      return
    }
    const stderr = this.#stderrOf(slot)
    if (code === 126 || code === 127) {
      this.#fail(`exit code ${code}${stderr === '' ? '' : `: ${quoted(stderr.trim(), 300)}`}`)
      return
    }
    this.#settle(slot, waiting, { code, stderr, stdout: this.#stdoutOf(slot) })
  }

  #settle(slot: number, waiting: Waiting, run: Run): void {
    this.#running.delete(slot)
    this.#stopClock()
    if (this.#running.size > 0) {
      this.#watch()
    }
    waiting.resolve(run)
    this.#pump()
  }

  #watch(): void {
    this.#stopClock()
    this.#stopClock = after(this.#options.timeout * 1000, () => this.#late())
  }

  #late(): void {
    this.#leave()
    this.#restartWith(null)
  }

  /** The shell is gone: the program under test may have ended it. */
  #lost(error: Error | null): void {
    const said = this.#shell?.stderr.trim() ?? ''
    this.#leave()
    if (error !== null || said !== '') {
      this.#fail(error?.message ?? quoted(said, 300))
    } else {
      this.#restartWith(128 + constants.signals.SIGKILL)
    }
  }

  /** The first of the runs has this result; a new shell gets the others. */
  #restartWith(code: number | null): void {
    const [first] = this.#running
    if (first === undefined) {
      return
    }
    const [slot, waiting] = first
    const others = [...this.#running.keys()].slice(1)
    const stderr = this.#stderrOf(slot)
    this.#shell = this.#start()
    for (const other of others) {
      this.#shell.send(String(other))
    }
    this.#settle(slot, waiting, { code, stderr, stdout: nothing })
  }

  #leave(): void {
    this.#stopClock()
    this.#life++
    this.#shell?.kill()
    this.#shell = null
  }

  #fail(what: string): void {
    const error = new ProgramError(
      `the program ${quoted(lineOf(this.#options.command))} cannot be run: ${what}`,
    )
    const waiting = [...this.#running.values(), ...this.#queue]
    this.kill()
    for (const { reject } of waiting) {
      reject(error)
    }
  }

  #file(kind: 'in' | 'out' | 'err', slot: number): string {
    return join(this.#dir, `${kind}${slot}`)
  }

  #stderrOf(slot: number): string {
    return Buffer.from(this.#read(this.#file('err', slot), mostOutput))
      .toString('latin1')
      .slice(-mostStderr)
  }

  #stdoutOf(slot: number): Uint8Array {
    return this.#options.output ? this.#read(this.#file('out', slot), mostOutput) : nothing
  }

  #read(file: string, most: number): Uint8Array {
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
    return size === 0 || size > most ? nothing : new Uint8Array(readFileSync(file))
  }
}

/** A script that runs the command for each number on its input, and prints the number and the exit code. */
const scriptOf = ({ command, memory, output, env = {} }: RunnerOptions, dir: string): string => {
  const inDir = (name: string): string => `${quoteWord(dir)}/${name}`
  const isNamed = lineOf(command).includes('@@')
  const input = inDir('in"$n"')
  const line =
    typeof command === 'string'
      ? command.replaceAll('@@', input)
      : command.map((word) => word.split('@@').map(quoteWord).join(input)).join(' ')
  const limit = memory === undefined ? '' : `${memoryLimit(memory)}\n`
  const set = Object.entries(env)
    .map(([name, value]) => `export ${name}=${quoteWord(value)}\n`)
    .join('')
  // A program named by its path cannot be a builtin of the shell, which would need a subshell.
  const run = wordsOf(command)?.[0]?.includes('/') === true ? line.trim() : `(\n${line}\n)`
  return (
    `${limit}${set}while read -r n; do\n${run} ` +
    `<${isNamed ? '/dev/null' : input} >${output ? inDir('out"$n"') : '/dev/null'} 2>${inDir('err"$n"')}\n` +
    'echo "$n $?"\ndone\n'
  )
}
