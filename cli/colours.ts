import { isTerminalAt } from './is-terminal.js'

/** Whether colours are wanted: on a terminal, unless NO_COLOR is set; elsewhere only with FORCE_COLOR. */
export const coloured = (fd: 1 | 2): boolean =>
  (process.env.FORCE_COLOR ?? '') !== '' || (isTerminalAt(fd) && (process.env.NO_COLOR ?? '') === '')

type Paint = (text: string) => string

/** The codes before and after a text. A colour that ends inside it is set again. */
const paint =
  (fd: 1 | 2, before: number, after: number): Paint =>
  (text) => {
    if (!coloured(fd)) {
      return text
    }
    const [open, close] = [`\x1b[${before}m`, `\x1b[${after}m`]
    return `${open}${text.replaceAll(close, close + open)}${close}`
  }

const coloursFor = (fd: 1 | 2) => ({
  bold: paint(fd, 1, 22),
  dim: paint(fd, 2, 22),
  red: paint(fd, 31, 39),
  green: paint(fd, 32, 39),
  yellow: paint(fd, 33, 39),
  blue: paint(fd, 34, 39),
  cyan: paint(fd, 36, 39),
})

/** Colours for standard output. */
export const colours = coloursFor(1)

/** Colours for standard error. */
export const errorColours = coloursFor(2)
