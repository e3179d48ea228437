import { InvalidArgumentError } from 'commander'

const whole = (text: string, least: number): number => {
  const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= least)) {
    throw new InvalidArgumentError(`Expected a whole number of at least ${least}.`)
  }
  return value
}

/** An option that counts something, at least once. */
export const countArgument = (text: string): number => whole(text, 1)

/** A byte of a file, which may be in hex; the first is 0. */
export const offsetArgument = (text: string): number =>
  whole(/^0x[0-9a-f]{1,12}$/i.test(text) ? String(Number(text)) : text, 0)

/** The seed of random choices. */
export const seedArgument = (text: string): number => whole(text, 0) % 2 ** 31

/** A port; 0 for any that is free. */
export const portArgument = (text: string): number => {
  const port = whole(text, 0)
  if (port > 65535) {
    throw new InvalidArgumentError('Expected a port, at most 65535.')
  }
  return port
}

/** A time in seconds, which may have a fraction. */
export const secondsArgument = (text: string): number => {
  const value = /^[0-9]{1,9}(\.[0-9]{1,3})?$/.test(text) ? Number(text) : Number.NaN
  if (!(value > 0)) {
    throw new InvalidArgumentError('Expected a number of seconds above 0, such as 30 or 0.5.')
  }
  return value
}

/** A time limit in seconds; 0 for none. */
export const timeoutArgument = (text: string): number => {
  if (!/^[0-9]{1,9}(\.[0-9]{1,3})?$/.test(text)) {
    throw new InvalidArgumentError('Expected a number of seconds, such as 30 or 0.5; 0 is no limit.')
  }
  return Number(text)
}

/** Permissions in octal digits, like those of `chmod`. */
export const modeArgument = (text: string): number => {
  if (!/^0?[0-7]{3}$/.test(text)) {
    throw new InvalidArgumentError('Expected three octal digits, such as 600.')
  }
  return Number.parseInt(text, 8)
}
