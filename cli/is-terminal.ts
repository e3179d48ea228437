import { fstatSync } from 'node:fs'

/**
 * Node looks at what it was told of the file asked for last when it follows a link (`realpathSync`, so every import). After
 * a pipe it follows none: packages behind links would be loaded twice. Numbers of this size are kept elsewhere.
 */
export const apart = { bigint: true } as const

/** The number of `/dev/null` on Linux. */
const nullDevice = process.platform === 'linux' ? 0x103n : null

/** Whether there is a terminal at the other end. What tells is loaded only where there may be one. */
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
