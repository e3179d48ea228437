import { styleText } from 'node:util'
import { isTerminalAt } from './is-terminal.js'

/** Whether to use colours: on a terminal, unless NO_COLOR is set; elsewhere only with FORCE_COLOR. */
export const coloured = (fd: 1 | 2): boolean =>
  (process.env.FORCE_COLOR ?? '') !== '' || (isTerminalAt(fd) && (process.env.NO_COLOR ?? '') === '')

const names = ['bold', 'dim', 'red', 'green', 'yellow', 'blue', 'cyan'] as const

type Colours = { readonly [Name in (typeof names)[number]]: (text: string) => string }

// Node would ask `process.stdout`, which takes time to create.
const always = { validateStream: false }

/** The terminal is looked for only when a text is coloured: most commands never do that. */
const coloursFor = (fd: 1 | 2): Colours => {
  let isOn: boolean | null = null
  return Object.fromEntries(
    names.map((name) => [
      name,
      (text: string) => {
        isOn ??= coloured(fd)
        return isOn ? styleText(name, text, always) : text
      },
    ]),
  ) as unknown as Colours
}

/** Colours for standard output. */
export const colours = coloursFor(1)

/** Colours for standard error. */
export const errorColours = coloursFor(2)
