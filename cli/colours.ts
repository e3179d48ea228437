import pc from 'picocolors'
import { isTerminalAt } from './is-terminal.js'

/**
 * Whether to use colours: on a terminal, unless NO_COLOR is set; elsewhere only with FORCE_COLOR. The library's own
 * guess takes a build server for a terminal.
 */
export const coloured = (fd: 1 | 2): boolean =>
  (process.env.FORCE_COLOR ?? '') !== '' || (isTerminalAt(fd) && (process.env.NO_COLOR ?? '') === '')

const names = ['bold', 'dim', 'red', 'green', 'yellow', 'blue', 'cyan'] as const

type Colours = { readonly [Name in (typeof names)[number]]: (text: string) => string }

/** The terminal is looked for only when a text is coloured: most commands never do that. */
const coloursFor = (fd: 1 | 2): Colours => {
  let made: Colours | null = null
  return Object.fromEntries(
    names.map((name) => [
      name,
      (text: string) => {
        made ??= pc.createColors(coloured(fd))
        return made[name](text)
      },
    ]),
  ) as unknown as Colours
}

/** Colours for standard output. */
export const colours = coloursFor(1)

/** Colours for standard error. */
export const errorColours = coloursFor(2)
