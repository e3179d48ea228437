import { type ChildProcess, spawn } from 'node:child_process'
import type { Invocation } from './command.js'
import { Lines, longestLine } from './lines.js'

/** How a program ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The system's error if it could not be started. */
  readonly error: Error | null
}

export interface ProgramEvents {
  readonly line: (line: string) => void
  readonly end: (ended: Ended) => void
}

/** How much of a program's standard error is kept. */
const mostKept = 2000

/**
 * A running program that reads and writes lines. It has a process group of its own, so that all processes it starts end
 * with it.
 */
export class Program {
  readonly #child: ChildProcess
  #stderr = ''
  #unsent = ''

  constructor({ program, words }: Invocation, events: ProgramEvents) {
    let isOver = false
    const end = (ended: Ended): void => {
      if (!isOver) {
        isOver = true
        events.end(ended)
      }
    }
    const child = spawn(program, words, { detached: true, stdio: 'pipe' })
    this.#child = child
    const lines = new Lines(events.line)
    child.stdout.on('data', (chunk: Buffer) => {
      if (!lines.push(chunk)) {
        this.kill()
        end({
          code: null,
          signal: null,
          error: new Error(`a line of more than ${longestLine / 2 ** 20} MiB`),
        })
      }
    })
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('latin1')).slice(-mostKept)
    })
    // A program that no longer reads is recognised by how it ends.
    child.stdin.on('error', () => {})
    child.on('error', (error) => end({ code: null, signal: null, error }))
    child.on('close', (code, signal) => end({ code, signal, error: null }))
  }

  /** The end of its standard error. */
  get stderr(): string {
    return this.#stderr
  }

  /** Sends a line; the lines of one turn of the event loop are sent together. */
  send(line: string): void {
    if (this.#unsent === '') {
      setImmediate(() => {
        // For a string, Node reserves three bytes for each character before it writes.
        const lines = Buffer.from(this.#unsent)
        this.#unsent = ''
        this.#child.stdin?.write(lines)
      })
    }
    this.#unsent += `${line}\n`
  }

  /** Closes its input: a program that reads to the end exits by itself. */
  finish(): void {
    setImmediate(() => this.#child.stdin?.end())
  }

  /** Ends it and all processes it started, at once. */
  kill(): void {
    try {
      if (this.#child.pid !== undefined) {
        process.kill(-this.#child.pid, 'SIGKILL')
      }
    } catch {
      // The program has ended in the meantime.
    }
  }
}

/** How a program ended, in words. */
export const showEnd = ({ code, signal, error }: Ended): string =>
  error !== null ? error.message : signal !== null ? `signal ${signal}` : `exit code ${code}`
