/** The contents of a file. Keys are printed in their order; undefined values are left out. */
export type Yaml =
  | string
  | number
  | bigint
  | boolean
  | ReadonlyArray<Yaml>
  | ReadonlyMap<string | bigint, Yaml>
  | { readonly [key: string]: Yaml | undefined }

const isScalar = (value: Yaml): value is string | number | bigint | boolean => typeof value !== 'object'

/** Words that YAML 1.1 or 1.2 does not read as a text. */
const otherWords: ReadonlySet<string> = new Set('true false null yes no on off y n'.split(' '))

/** Texts that need no quotation marks, words and expressions alike. */
const plain = /^[A-Za-z_(]([A-Za-z0-9_ ().=<>%*,+!&-]*[A-Za-z0-9_)])?$/

/** Characters that must be escaped: controls, invisible ones, halves of surrogate pairs. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

const scalar = (value: string | number | bigint | boolean): string => {
  if (typeof value !== 'string') {
    return String(value)
  }
  if (plain.test(value) && !otherWords.has(value.toLowerCase())) {
    return value
  }
  return value.search(unseen) < 0 ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(seen(value))
}

/** A text with all its characters visible. */
const seen = (text: string): string =>
  text.replace(unseen, (character) =>
    character === '\n' ? character : `\\u{${character.codePointAt(0)!.toString(16)}}`,
  )

/** The most characters of a line of prose. */
const width = 96

const wrapped = (text: string, room: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line = ''
  for (const word of text.split(/ +/)) {
    if (line !== '' && line.length + word.length >= room) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

/** Prose under its key, a paragraph for each line of it. */
const prose = (text: string, indent: number): ReadonlyArray<string> =>
  seen(text)
    .split('\n')
    .flatMap((line) => wrapped(line.trim(), width - indent))
    .map((line) => (line === '' ? '' : `${' '.repeat(indent)}${line}`))

const entry = (key: string, value: Yaml, indent: number): ReadonlyArray<string> => {
  const head = `${' '.repeat(indent)}${key}:`
  if (key === 'doc' && typeof value === 'string') {
    return [`${head} |`, ...prose(value, indent + 2)]
  }
  if (isScalar(value)) {
    return [`${head} ${scalar(value)}`]
  }
  if (Array.isArray(value) && value.every(isScalar)) {
    return [`${head} [${value.map((each) => flowScalar(each)).join(', ')}]`]
  }
  const lines = block(value, indent + 2)
  return lines.length === 0 ? [`${head} {}`] : [head, ...lines]
}

/** Between brackets a comma would end a text. */
const flowScalar = (value: string | number | bigint | boolean): string =>
  typeof value === 'string' && value.includes(',') ? `'${value.replaceAll("'", "''")}'` : scalar(value)

const entriesOf = (value: Exclude<Yaml, string | number | bigint | boolean | ReadonlyArray<Yaml>>) =>
  value instanceof Map
    ? [...(value as ReadonlyMap<string | bigint, Yaml>)]
    : Object.entries(value as { readonly [key: string]: Yaml | undefined })

const block = (
  value: Exclude<Yaml, string | number | bigint | boolean>,
  indent: number,
): ReadonlyArray<string> => {
  if (Array.isArray(value)) {
    return (value as ReadonlyArray<Yaml>).flatMap((each) => {
      if (isScalar(each)) {
        return [`${' '.repeat(indent)}- ${scalar(each)}`]
      }
      const [first = '', ...rest] = block(each, indent + 2)
      return [`${' '.repeat(indent)}- ${first.trimStart()}`, ...rest]
    })
  }
  return entriesOf(value as Exclude<typeof value, ReadonlyArray<Yaml>>).flatMap(([key, each]) =>
    each === undefined ? [] : entry(typeof key === 'string' ? keyText(key) : String(key), each, indent),
  )
}

/** The keys of Kaitai Struct may begin with a hyphen. */
const keyText = (key: string): string => (/^-[a-z-]+$/.test(key) ? key : scalar(key))

/** Prints YAML. The same value always has the same text: nothing is folded, shortened or referred to. */
export const printYaml = (file: { readonly [key: string]: Yaml | undefined }): string =>
  `${block(file, 0).join('\n')}\n`
