import type { Json } from '../interpreters/json/index.js'

/** The target accepted the input, and may return what it read. */
export interface Accepted {
  readonly _tag: 'accepts'
  /** The value that it read, as JSON. */
  readonly value?: Json
  /** The value that a function of this process returned. */
  readonly read?: unknown
  /** The bytes that it writes for the value. */
  readonly bytes?: Uint8Array
}

/** The target rejected the input, and may say where and why. */
export interface Refused {
  readonly _tag: 'refuses'
  readonly offset?: number
  readonly message?: string
  /** The end of its standard error. */
  readonly stderr?: string
}

/** The target crashed. */
export interface Crashed {
  readonly _tag: 'crashes'
  /** How it ended, such as `signal SIGSEGV` or `exit code 101`. */
  readonly how: string
  readonly stderr: string
}

/** The target did not answer in time. */
export interface Hung {
  readonly _tag: 'hangs'
  readonly stderr: string
}

/** The target cannot answer this question. */
export interface Skipped {
  readonly _tag: 'skips'
  readonly why: string
}

/** The outcome of one input. */
export type FuzzOutcome = Accepted | Refused | Crashed | Hung | Skipped
