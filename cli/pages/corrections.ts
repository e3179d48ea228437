import { readFileSync } from 'node:fs'

/** The cells of a row of a table; null for any other line, and for the line after the head. */
const cellsOf = (line: string): ReadonlyArray<string> | null =>
  line.startsWith('|') && !/^\|[\s|:-]*\|$/.test(line)
    ? line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim())
    : null

interface Correction {
  readonly sections: ReadonlyArray<string>
  readonly text: string
}

const correctionOf = (cells: ReadonlyArray<string>): Correction => {
  const [section = '', ...others] = cells
  const parts = section.split(', ')
  // Other rows are about fields in several sections.
  const sections = parts.every((part) => /^[A-Z]\w*$/.test(part)) ? parts : []
  if (others.length === 1) {
    return { sections, text: others[0] ?? '' }
  }
  if (others.length === 2) {
    return { sections, text: `${others[0]}: ${others[1]}` }
  }
  const [theirs = '', ours = '', why = ''] = others
  const isSame = why === 'as above' ? '' : `; ${why}`
  return {
    sections,
    text: `the document says ${theirs}${ours === '' ? '' : `, here it is ${ours}`}${isSame}`,
  }
}

const heads = new Set(['Section', 'Field'])

/** The entries of docs/corrections.md for each section, in order. */
const corrections = (): ReadonlyMap<string, ReadonlyArray<string>> => {
  const page = readFileSync(new URL('../../docs/corrections.md', import.meta.url), 'utf8')
  const bySection = new Map<string, Array<string>>()
  for (const line of page.split('\n')) {
    const cells = cellsOf(line)
    if (cells !== null && !heads.has(cells[0] ?? '')) {
      const { sections, text } = correctionOf(cells)
      for (const section of sections) {
        bySection.set(section, [...(bySection.get(section) ?? []), text])
      }
    }
  }
  return bySection
}

let read: ReadonlyMap<string, ReadonlyArray<string>> | undefined

const known = (): ReadonlyMap<string, ReadonlyArray<string>> => {
  read ??= corrections()
  return read
}

/** The text below a section whose grammar differs from the published document; empty for the others. */
export const correctionsBelow = (section: string): ReadonlyArray<string> => {
  const texts = known().get(section) ?? []
  return texts.length === 0
    ? []
    : [
        [
          '> This library and the published document differ ([corrections](corrections.md)):',
          '>',
          ...texts.map((text) => `> - ${text}`),
        ].join('\n'),
      ]
}

/** The sections with corrections. */
export const correctedSections = (): ReadonlyArray<string> => [...known().keys()]
