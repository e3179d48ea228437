/** Wraps what is longer than so many columns, between words; every line but the first begins with the indent. */
const wrapped = (text: string, width: number, indent = ''): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = `${indent}${word}`
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

/**
 * Fills the paragraphs of a help text, each to as many columns as there are. Lines that begin with a space stay as they are:
 * options, which commander has wrapped, and examples.
 */
export const filled = (text: string, width: number): string => {
  const lines: Array<string> = []
  let paragraph: Array<string> = []
  const close = (): void => {
    lines.push(...(paragraph.length === 0 ? [] : wrapped(paragraph.join(' '), width)))
    paragraph = []
  }
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith(' ')) {
      close()
      lines.push(line)
    } else {
      paragraph.push(line)
    }
  }
  close()
  return lines.join('\n')
}
