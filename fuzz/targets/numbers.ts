/** Checks an option that counts something. */
export const expectWhole =
  (least: number, most: number) =>
  (what: string, value: unknown): void => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      throw new RangeError(`${what} must be an integer from ${least} to ${most}, not ${String(value)}`)
    }
  }

/** Checks an option that is a time in seconds. */
export const expectSeconds = (what: string, value: unknown): void => {
  if (typeof value !== 'number' || !(value > 0)) {
    throw new RangeError(`${what} must be a number of seconds above 0, not ${String(value)}`)
  }
}
