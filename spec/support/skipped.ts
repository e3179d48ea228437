/** Leaves a test out, and says why beside its name. */
export const skipped = (test: Mocha.Context, reason: string): never => {
  test.test!.title += ` (${reason})`
  return test.skip()
}

/** The same where CI has what is missing: there it is an error. */
export const skippedButInCi = (test: Mocha.Context, reason: string): never => {
  if (process.env.CI === 'true') {
    throw new Error(`${reason}, and CI must have it`)
  }
  return skipped(test, reason)
}
