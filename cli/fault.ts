import { isMistake } from '../combinators/mistake.js'
import { NoValues } from '../interpreters/arbitrary/no-values.js'
import { Failure } from './failure.js'
import { moduleOfError } from './modules/loaded.js'
import { showName, showReason } from './nar/show.js'
import { say } from './terminal.js'
import { visible } from './visible.js'

/** The exit code of an unexpected error. */
const faultCode = 3

const isOfSystem = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && 'syscall' in error

/**
 * Prints why the command ends, and returns the exit code. An unexpected error is one line; with NIX_WIRE_DEBUG set, the
 * stack follows.
 */
export const ended = (error: unknown): number => {
  const { exitCode, text } = verdictOn(error)
  const isExpected = error instanceof Failure || !isDebugging()
  say(isExpected ? text : error instanceof Error ? (error.stack ?? error.message) : String(error))
  return exitCode
}

interface Verdict {
  readonly exitCode: number
  readonly text: string
}

const verdictOn = (error: unknown): Verdict => {
  if (error instanceof Failure) {
    return { exitCode: error.exitCode, text: error.message }
  }
  if (error instanceof NoValues) {
    const advice = 'let the --module export values: export const given = [supply(grammar, values)]'
    return { exitCode: 2, text: `${visible(error.why)}; ${advice}` }
  }
  const module = moduleOfError(error)
  if (module !== null) {
    const thrown = `${showName(module)} threw an error: ${showReason(error)}`
    return { exitCode: 2, text: `${thrown} (NIX_WIRE_DEBUG=1 shows where)` }
  }
  if (isMistake(error)) {
    return { exitCode: 2, text: `a mistake in a --module: ${showReason(error)}` }
  }
  return isOfSystem(error)
    ? { exitCode: 2, text: showReason(error) }
    : {
        exitCode: faultCode,
        text: `this is a bug in nix-wire: ${showReason(error)} (NIX_WIRE_DEBUG=1 shows where; please report it)`,
      }
}

const isDebugging = (): boolean => (process.env.NIX_WIRE_DEBUG ?? '') !== ''
