/**
 * The blocks of the guides that are not TypeScript, made runnable. Those of one page run in their order, in a folder
 * of their own that has `examples/`; `nix-wire` and `npx nix-wire` are the built command, or, if that is not up to date,
 * run from the sources.
 *
 *     console        `$ command`, and below it what that prints, both outputs as one; `…` stands for any text, and as a
 *                    line for any lines. The command succeeds, unless the last line printed begins with `nix-wire: `
 *     sh             commands that succeed; one that ends with `&` runs until the end of the block
 *     sh daemon      the same, beside a real nix-daemon
 *     json           what the block of commands before it printed
 *     cpp, go, rust  a program: its first line, `// name`, is the file that it is written to
 *     text           nothing to run
 */
export interface Block {
  /** The line of the opening fence, from 1. */
  readonly line: number
  readonly language: string
  /** The text after the language. */
  readonly mark: string
  readonly body: ReadonlyArray<string>
}

/** All blocks of a page. */
export const blocksOf = (page: string): ReadonlyArray<Block> => {
  const blocks: Array<Block> = []
  const lines = page.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const fence = /^\s*(```+)(\S*) ?(.*)$/.exec(lines[at]!)
    if (fence === null) continue
    const end = lines.findIndex((line, i) => i > at && line.trim() === fence[1])
    if (end < 0) throw new Error(`line ${at + 1}: the block does not end`)
    blocks.push({ line: at + 1, language: fence[2]!, mark: fence[3]!, body: lines.slice(at + 1, end) })
    at = end
  }
  return blocks
}

export interface Step {
  readonly command: string
  /** The expected output, as lines; null if the page shows none. */
  readonly prints: ReadonlyArray<string> | null
}

/**
 * The commands of a block: with their outputs in `console`, without in `sh`. A backslash continues a command on the
 * next line.
 */
export const stepsOf = ({ language, body }: Block): ReadonlyArray<Step> => {
  const steps: Array<{ command: string; prints: Array<string> | null }> = []
  for (const line of body) {
    const last = steps.at(-1)
    if (last?.command.endsWith('\\')) {
      last.command = `${last.command.slice(0, -1)}${line}`
    } else if (language === 'sh') {
      if (line.trim() !== '') steps.push({ command: line, prints: null })
    } else if (line.startsWith('$ ')) {
      steps.push({ command: line.slice(2), prints: [] })
    } else if (last === undefined) {
      throw new Error(`output before the first command: ${line}`)
    } else {
      last.prints?.push(line)
    }
  }
  return steps
}

/** The file for a program. */
export const fileOf = ({ body }: Block): string | undefined => /^\/\/ (\S+)$/.exec(body[0] ?? '')?.[1]

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

const isLine = (line: string, expected: string): boolean =>
  new RegExp(`^${expected.split('…').map(literally).join('.*')}$`).test(line)

/** Whether lines are the expected ones, in which `…` stands for any text, and as a line for any lines. */
export const isPrinted = (lines: ReadonlyArray<string>, expected: ReadonlyArray<string>): boolean => {
  const [first, ...rest] = expected
  if (first === undefined) return lines.length === 0
  if (first !== '…')
    return lines[0] !== undefined && isLine(lines[0], first) && isPrinted(lines.slice(1), rest)
  return rest.length === 0 || lines.some((_, i) => isPrinted(lines.slice(i), rest))
}
