import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A path inside the project. */
export const projectPath = (...parts: ReadonlyArray<string>): string =>
  join(fileURLToPath(new URL('../..', import.meta.url)), ...parts)

/** A path in `shared/`, the folder of goldens and recordings beside the project. */
export const sharedPath = (...parts: ReadonlyArray<string>): string => projectPath('..', 'shared', ...parts)

/**
 * A suite that reads `../shared`. Without that folder, it is pending with the reason; in CI, where that could go
 * unnoticed, it fails instead.
 */
export const describeWithShared = (title: string, suite: () => void): void => {
  if (existsSync(sharedPath())) {
    describe(title, suite)
    return
  }
  const reason = 'needs ../shared, absent in this clone'
  const fail = () => {
    throw new Error(reason)
  }
  describe(title, () => {
    it(reason, process.env.CI === 'true' ? fail : undefined)
  })
}
