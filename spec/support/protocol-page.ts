/** The facts about each section of a page, as short sentences, so that two pages can be compared. */
export type Facts = ReadonlyMap<string, ReadonlySet<string>>

/** Sections with another name on the compared page. */
const otherNames: { readonly [title: string]: string } = {
  'AddMultipleToStore format': 'AddMultipleToStore',
  'Export path format': 'ExportPath',
  'Import paths format': 'ImportPaths',
}

const withoutLinks = (text: string): string =>
  text
    .replace(/\[([^\]]+)\]\s*[([][^)\]]*[)\]]/g, '$1')
    .replace(/`|<br>/g, '')
    .trim()

/** A heading with the condition of the fields under it; null for the heading of a section. */
const gateOf = (heading: string): string | null => {
  const since = /\b([0-9]+\.[0-9]+) or (newer|above)/.exec(heading)
  if (since !== null) {
    return `since ${since[1]}`
  }
  const below = /\b(?:below|older than) ([0-9]+\.[0-9]+)/.exec(heading)
  if (below !== null) {
    return `before ${below[1]}`
  }
  const feature = /^If feature (\S+)/.exec(heading)
  if (feature !== null) {
    return `feature ${feature[1]}`
  }
  const when = /^(?:If|While) (\S+) is (\w+)/.exec(heading)
  if (when !== null) {
    return `${when[1]} is ${when[2]}`
  }
  return /^(If|While|Repeated|Always)\b/.test(heading) ? heading : null
}

const fieldFacts = (key: string, rest: string, gate: string): ReadonlyArray<string> => {
  const plain = withoutLinks(rest)
  const type = plain.replace(/\s*\(.*$/, '').trim()
  const fixed = /\((?:[^)]*\band )?(?:hardcoded to|always) ([^\s,)]+)/.exec(plain)
  const otherwise = /\(defaults to ([^\s,)]+)/.exec(plain)
  return [
    `${key} :: ${type}`,
    ...(gate === '' || gate === 'Always' ? [] : [`${key} if ${gate}`]),
    ...(fixed === null ? [] : [`${key} = ${fixed[1]}`]),
    ...(otherwise === null ? [] : [`${key} defaults to ${otherwise[1]}`]),
  ]
}

const lineFacts = (line: string, gate: string): ReadonlyArray<string> => {
  const row = /^\|\s*([^|]*?)\s*\|\s*([^|]*?)\s*\|/.exec(line)
  if (row !== null) {
    return /^[0-9]+$/.test(row[2]!) ? [`${row[1]} = ${row[2]}`] : []
  }
  const field = /^-?\s*(\w[\w ]*?) :: *(.*)$/.exec(line)
  if (field !== null) {
    return fieldFacts(field[1]!, field[2]!, gate)
  }
  const plain = withoutLinks(line)
  const enumeration = /^An? (?:(Int|UInt8) )?(?:optional |open )?enum(?: \((\w+)\))?/.exec(plain)
  if (enumeration !== null) {
    return [`an enum of ${enumeration[1] ?? enumeration[2]}`]
  }
  return /^(A )?String\b/.test(plain) && /^(A )?\[String\]/.test(line) ? ['a String'] : []
}

/** Reads a page: `### Section`, `#### If …`, `- field :: Type (defaults to …)`, tables of names and numbers. */
export const factsOf = (page: string): Facts => {
  const facts = new Map<string, Set<string>>()
  let section = ''
  let gate = ''
  for (const line of page.split('\n')) {
    const heading = /^(#{2,6}) +(.*)$/.exec(line)
    if (heading === null) {
      for (const fact of lineFacts(line, gate)) {
        facts.get(section)?.add(fact)
      }
      continue
    }
    const title = heading[2]!.trim()
    const found = gateOf(title)
    if (found !== null) {
      gate = found
      continue
    }
    section = otherNames[title] ?? title
    gate = ''
    facts.set(section, facts.get(section) ?? new Set())
  }
  return facts
}

export interface Correction {
  readonly section: string
  /** The document's version, as a fact. */
  readonly says: string
  /** The library's version of it; null if there is none. */
  readonly writes: string | null
}

/**
 * The rows of the tables of corrections: section, the document's version, the library's version, the reason.
 */
export const correctionsOf = (page: string): ReadonlyArray<Correction> =>
  page.split('\n').flatMap((line) => {
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
    const [section = '', says = '', writes = ''] = cells
    const fact = (cell: string): string | null => /^`([^`]+)`$/.exec(cell)?.[1] ?? null
    const said = fact(says)
    return cells.length === 4 && said !== null ? [{ section, says: said, writes: fact(writes) }] : []
  })
