import { kindName } from '../bytes/byte-array.js'
import { expectArray, expectFunction, expectNames, expectObject, expectOneOf } from './expect.js'
import { limitsOf, profiles } from './limits.js'
import { type Protocol, protocol } from './protocol.js'
import { type ProtocolVersion, versionBits } from './version.js'

/** Throws for an invalid value of an option. */
type Check = (what: string, value: unknown) => void

/** How the value of each option is checked; the compiler ensures that none is missing. */
export type OptionChecks<O> = { readonly [K in keyof O]-?: Check }

/**
 * Checks the names and values of options, so that no setting is ignored silently. An undefined option counts as not
 * given.
 *
 * @throws TypeError or RangeError, with the name of the option and of the function.
 */
export const checkOptions = <O>(of: string, checks: OptionChecks<O>, given: O): void => {
  expectNames(`the options of ${of}`, given, 'option', Object.keys(checks))
  for (const [name, value] of Object.entries(given as object)) {
    if (value !== undefined) {
      checks[name as keyof O](`the option ${name} of ${of}`, value)
    }
  }
}

/** For an option that is checked where it is used. */
export const elsewhere: Check = () => undefined

export const flag: Check = (what, value) => {
  if (typeof value !== 'boolean') {
    throw new TypeError(`${what} must be true or false, not ${kindName(value)}`)
  }
}

/** One of these words. */
export const oneOf =
  (words: ReadonlyArray<string>): Check =>
  (what, value) =>
    expectOneOf(what, value, words)

export const callback: Check = expectFunction

export const record: Check = expectObject

export const list: Check = expectArray

/** A number; its range is checked where it is used. */
export const number: Check = (what, value) => {
  if (typeof value !== 'number') {
    throw new TypeError(`${what} must be a number, not ${kindName(value)}`)
  }
}

export const word: Check = (what, value) => {
  if (typeof value !== 'string') {
    throw new TypeError(`${what} must be a string, not ${kindName(value)}`)
  }
}

export const words: Check = (what, value) => {
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) {
    throw new TypeError(`${what} must be an array of strings, not ${kindName(value)}`)
  }
}

/** A version such as `1.2`. */
export const version: Check = (_, value) => {
  versionBits(value as ProtocolVersion)
}

export const signal: Check = (what, value) => {
  if (!(value instanceof AbortSignal)) {
    throw new TypeError(`${what} must be an AbortSignal, not ${kindName(value)}`)
  }
}

/** The options that most readers have. */
export const usual = {
  profile: oneOf(profiles),
  limits: (_: string, value: unknown): void => {
    limitsOf(value as Parameters<typeof limitsOf>[0])
  },
  storeDir: (_: string, value: unknown): void => {
    protocol({ storeDir: value as string })
  },
  protocol: (_: string, value: unknown): void => {
    protocol(value as Partial<Protocol>)
  },
} as const
