import type { Either } from 'fp-ts/lib/Either.js'
import { messageOf } from './show.js'

// Also known to other copies of this package: a module may import one of its own.
const mark = Symbol.for('nix-wire mistake')

/**
 * An error in what the program gave, found only when it is used: in the result of its function, or in its grammar as a
 * whole. The command tells such errors from faults of its own.
 */
export const mistake = (message: string, cause?: unknown): TypeError =>
  Object.defineProperty(new TypeError(message, cause === undefined ? {} : { cause }), mark, { value: true })

export const isMistake = (error: unknown): error is TypeError => error instanceof Error && mark in error

/**
 * Calls a function of the caller, or checks what it has returned.
 *
 * @throws TypeError that is a {@link mistake}, and names the function.
 */
export const inUse = <A>(of: string, check: () => A): A => {
  try {
    return check()
  } catch (error) {
    throw mistake(`${of}: ${messageOf(error)}`, error)
  }
}

/** Whether a function of the caller has returned a Right, or a Left that says what was expected. */
export const isAnswer = (given: unknown): given is Either<string, unknown> => {
  const { _tag, left } = (given ?? {}) as { readonly _tag?: unknown; readonly left?: unknown }
  return _tag === 'Right' || (_tag === 'Left' && typeof left === 'string')
}
