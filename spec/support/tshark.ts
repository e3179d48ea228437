import { execFileSync } from 'node:child_process'
import { later } from '../../bytes/later.js'

const isInstalled = later((): boolean => {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})

/**
 * A suite that reads our files with Wireshark. Without it, the suite is pending with the reason; in CI, where that
 * could go unnoticed, it fails instead.
 */
export const describeWithTshark = (title: string, suite: () => void): void => {
  if (isInstalled()) {
    describe(title, suite)
    return
  }
  const reason = "needs tshark (Debian's package of that name), which is not installed"
  const fail = () => {
    throw new Error(reason)
  }
  describe(title, () => {
    it(reason, process.env.CI === 'true' ? fail : undefined)
  })
}

/** The fields of each packet of a file, as Wireshark reads them. */
export const tsharkFields = (file: string, ...fields: ReadonlyArray<string>): ReadonlyArray<string> =>
  execFileSync('tshark', ['-r', file, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
    .split('\n')
    .slice(0, -1)
