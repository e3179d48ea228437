import { fstatSync } from 'node:fs'

/** Whether there is a terminal at the other end. What tells is loaded only where there may be one. */
export const isTerminalAt = (fd: number): boolean => {
  try {
    return fstatSync(fd).isCharacterDevice() && process.getBuiltinModule('node:tty').isatty(fd)
  } catch {
    return false
  }
}
