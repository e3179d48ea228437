import type { Json } from '../interpreters/json/index.js'

/** A program took the input, and may say what it read. */
export interface Accepted {
  readonly _tag: 'accepts'
  /** What it read, as JSON. */
  readonly value?: Json
  /** The same of a function of this process: a value of the grammar, or what it takes for one. */
  readonly read?: unknown
  /** What it writes for what it read. */
  readonly bytes?: Uint8Array
}

/** A program refused the input, and may say where and why. */
export interface Refused {
  readonly _tag: 'refuses'
  readonly offset?: number
  readonly message?: string
  /** The end of what it wrote to its standard error. */
  readonly stderr?: string
}

/** A program ended in a way that is no answer. */
export interface Crashed {
  readonly _tag: 'crashes'
  /** `signal SIGSEGV`, `exit code 101`. */
  readonly how: string
  readonly stderr: string
}

/** A program took longer than it may. */
export interface Hung {
  readonly _tag: 'hangs'
  readonly stderr: string
}

/** A program cannot answer this question. */
export interface Skipped {
  readonly _tag: 'skips'
  readonly why: string
}

/** What became of one input. */
export type FuzzOutcome = Accepted | Refused | Crashed | Hung | Skipped
