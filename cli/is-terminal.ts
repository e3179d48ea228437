import { fstatSync } from 'node:fs'

/**
 * An option for `stat`. Node reuses the result of the last stat when it resolves a link (`realpathSync`, in every
 * import). After a pipe it resolves none, and packages behind links would be loaded twice. Results with bigints are
 * stored elsewhere.
 */
export const apart = { bigint: true } as const

/** The number of `/dev/null` on Linux. */
const nullDevice = process.platform === 'linux' ? 0x103n : null

/** Whether a file descriptor is a terminal. The module that can tell is loaded only if it may be one. */
export const isTerminalAt = (fd: number): boolean => {
  try {
    const stats = fstatSync(fd, apart)
    return (
      stats.isCharacterDevice() &&
      stats.rdev !== nullDevice &&
      process.getBuiltinModule('node:tty').isatty(fd)
    )
  } catch {
    return false
  }
}
