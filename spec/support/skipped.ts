/** Skips a test, and shows the reason beside its name. */
export const skipped = (test: Mocha.Context, reason: string): never => {
  test.test!.title += ` (${reason})`
  return test.skip()
}

/** The same, but an error in CI, which should have what is missing. */
export const skippedButInCi = (test: Mocha.Context, reason: string): never => {
  if (process.env.CI === 'true') {
    throw new Error(`${reason}, and CI must have it`)
  }
  return skipped(test, reason)
}
