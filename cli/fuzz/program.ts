import { spawn } from 'node:child_process'
import { removedAtEnd } from '../leftovers.js'

/** What a program under test did with an input. */
export type Answer =
  | { readonly _tag: 'accepts' }
  | { readonly _tag: 'refuses' }
  | { readonly _tag: 'crashes'; readonly how: string }
  | { readonly _tag: 'hangs' }

export interface Ran {
  readonly answer: Answer
  /** The end of what it wrote to its standard error. */
  readonly stderr: string
}

const kept = 2000

/** Runs a command of the shell with an input; exit code 0 accepts, 1 refuses, anything else is a crash. */
export const runProgram = (command: string, input: Uint8Array, seconds: number): Promise<Ran> =>
  new Promise((resolve, reject) => {
    // A group of its own, so that what the shell started ends with it.
    const child = spawn(command, { shell: true, detached: true, stdio: ['pipe', 'ignore', 'pipe'] })
    let stderr = ''
    let late = false
    const end = (): void => {
      try {
        if (child.pid !== undefined) {
          process.kill(-child.pid, 'SIGKILL')
        }
      } catch {
        // It has ended by itself in the meantime.
      }
    }
    // Signals of a terminal do not reach another group.
    const keep = removedAtEnd(end)
    const timer = setTimeout(() => {
      late = true
      end()
    }, seconds * 1000)
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('latin1')).slice(-kept)
    })
    // A program may decide before it has read everything.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    const settle = (): void => {
      clearTimeout(timer)
      keep()
    }
    child.on('error', (error) => {
      settle()
      reject(error)
    })
    child.on('close', (code, signal) => {
      settle()
      resolve({ answer: late ? { _tag: 'hangs' } : answerOf(code, signal), stderr })
    })
  })

const answerOf = (code: number | null, signal: NodeJS.Signals | null): Answer => {
  if (code === 0 || code === 1) {
    return { _tag: code === 0 ? 'accepts' : 'refuses' }
  }
  return { _tag: 'crashes', how: signal === null ? `exit code ${code}` : `signal ${signal}` }
}
