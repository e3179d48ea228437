import { isDeepStrictEqual } from 'node:util'
import type { AnyOperation } from '../grammar/operations/operation.js'
import type { DaemonError } from './failure.js'

// The second of two equal errors and the end of the stream come in one go.
const echoWithin = 50

const mostKnown = 100
const longestKnown = 1000

interface Refused {
  readonly operation: string
  readonly error: DaemonError
  readonly at: number
}

/**
 * A daemon that cannot read a request says so twice and closes: the second time where the next answer should be. Only
 * what follows an error that comes again tells such an echo from an answer: the end of the connection, or anything else.
 */
export class Echoes {
  /** The last call, if it was answered by an error. */
  #before: Refused | null = null
  /** Errors behind which the connection went on: they are not said twice. */
  readonly #single = new Set<string>()

  /** How long an error may have to wait for what follows it, in milliseconds; null if it is an answer. */
  doubt(error: DaemonError): number | null {
    const before = this.#before
    if (before === null || !isDeepStrictEqual(before.error, error)) {
      this.wentOn()
      return null
    }
    // An echo would have come by now.
    const patience = echoWithin - (performance.now() - before.at)
    return patience <= 0 || this.#single.has(keyOf(before)) ? null : patience
  }

  /** The call after an error is answered: the error was said once. */
  wentOn(): void {
    if (this.#before !== null && this.#before.error.msg.length <= longestKnown) {
      if (this.#single.size >= mostKnown) {
        this.#single.clear()
      }
      this.#single.add(keyOf(this.#before))
    }
    this.#before = null
  }

  /** What a call was answered with. What this returns says that the error before it was no echo. */
  refused({ name }: AnyOperation, error: DaemonError): () => void {
    const before = this.#before
    this.#before = { operation: name, error, at: performance.now() }
    return () => {
      const last = this.#before
      this.#before = before
      this.wentOn()
      this.#before = last
    }
  }
}

const keyOf = ({ operation, error }: Refused): string => `${operation} ${error.msg}`
