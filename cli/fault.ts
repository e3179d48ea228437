import { Failure } from './failure.js'
import { showReason } from './nar/show.js'
import { say } from './terminal.js'

/** The exit code of an unexpected error. */
const faultCode = 3

const isOfSystem = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && 'syscall' in error

/**
 * Prints why the command ends, and returns the exit code. An unexpected error is one line; with NIX_WIRE_DEBUG set, the
 * stack follows.
 */
export const ended = (error: unknown): number => {
  if (error instanceof Failure) {
    say(error.message)
    return error.exitCode
  }
  if (isDebugging()) {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  } else if (isOfSystem(error)) {
    say(showReason(error))
  } else {
    say(`this is a bug in nix-wire: ${showReason(error)} (NIX_WIRE_DEBUG=1 shows where; please report it)`)
  }
  return isOfSystem(error) ? 2 : faultCode
}

const isDebugging = (): boolean => (process.env.NIX_WIRE_DEBUG ?? '') !== ''
