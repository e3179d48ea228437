/**
 * Breaks a text between words into lines of at most that many columns; a longer word has a line of its own.
 */
const wrapped = (text: string, width: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

/**
 * Fills the paragraphs of a help text to the given width. Lines that begin with a space are kept: options, which
 * commander has wrapped, and examples.
 */
export const filled = (text: string, width: number): string => {
  const lines: Array<string> = []
  let paragraph: Array<string> = []
  const close = (): void => {
    for (const line of paragraph.length === 0 ? [] : wrapped(paragraph.join(' '), width)) {
      lines.push(line)
    }
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
