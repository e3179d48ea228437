import pc from 'picocolors'
import { isTerminalAt } from './is-terminal.js'

/** Whether colours are wanted. The library's own guess counts a build server as a terminal. */
export const coloured = (fd: 1 | 2): boolean =>
  (process.env.FORCE_COLOR ?? '') !== '' || (isTerminalAt(fd) && (process.env.NO_COLOR ?? '') === '')

/** Colours for standard output: on a terminal, unless NO_COLOR is set; elsewhere only with FORCE_COLOR. */
export const colours = pc.createColors(coloured(1))

/** The same for standard error. */
export const errorColours = pc.createColors(coloured(2))
