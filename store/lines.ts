import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { isSome, none, type Option, some } from 'fp-ts/lib/Option.js'
import { encodeEscaped } from '../bytes/escaped.js'
import type { FieldPath } from '../combinators/issue.js'
import type { Protocol } from '../combinators/protocol.js'
import { show } from '../combinators/show.js'
import { alphabet, type TextFormat, type TextsOf } from '../combinators/text-format.js'
import type { BrokenText } from './store-text.js'
import { type FieldIssue, inValue, issueAt, within } from './text-issue.js'

/** The format of a line's value. */
export type LineFormat<A> = Pick<TextFormat<A>, 'summary' | 'parse' | 'print'> & { readonly texts: TextsOf }

/** A kind of line, and how often it may occur. */
export interface LineRule<A> {
  readonly name: string
  readonly count: 'one' | 'maybe' | 'several'
  readonly format: LineFormat<unknown>
  /** Only for the compiler: the type of the line in the value. */
  readonly value?: A
}

const rule = <A>(name: string, count: LineRule<A>['count'], format: LineFormat<never>): LineRule<A> => ({
  name,
  count,
  format: format as unknown as LineFormat<unknown>,
})

/** A required line. */
export const one = <A>(name: string, format: LineFormat<A>): LineRule<A> =>
  rule(name, 'one', format as LineFormat<never>)

/** An optional line. */
export const maybe = <A>(name: string, format: LineFormat<A>): LineRule<Option<A>> =>
  rule(name, 'maybe', format as LineFormat<never>)

/** A line that may occur any number of times. */
export const several = <A>(name: string, format: LineFormat<A>): LineRule<ReadonlyArray<A>> =>
  rule(name, 'several', format as LineFormat<never>)

/** The rules of a text of lines, by the field of its value and in the order in which they are written. */
export interface LineRules {
  readonly [field: string]: LineRule<unknown>
}

/** An unknown line. */
export interface OtherLine {
  readonly name: string
  readonly value: string
  /** The name of the last known line before it; the empty text if there is none. */
  readonly after: string
}

/** The fields of a text of lines, and its other lines. */
export type Lines<R extends LineRules> = {
  readonly [Field in keyof R]: R[Field] extends LineRule<infer A> ? A : never
} & { readonly others: ReadonlyArray<OtherLine> }

interface Rules<R extends LineRules> {
  readonly rules: R
  /** Whether the last line must end with a newline too. */
  readonly ended: boolean
  /** The place of a field in the value; at the top by default. */
  readonly place?: (field: string) => FieldPath
}

const placeOf = <R extends LineRules>({ place }: Rules<R>, field: string): FieldPath =>
  place?.(field) ?? [field]

/** Reads `Name: value` on each line. */
export const parseLines = <R extends LineRules>(
  description: Rules<R>,
  text: string,
  protocol: Protocol,
): Either<FieldIssue, Lines<R>> => {
  const { rules, ended } = description
  const fields = new Map(Object.entries(rules).map(([field, { name }]) => [name, field]))
  const found = new Map<string, Array<unknown>>(Object.keys(rules).map((field) => [field, []]))
  const others: Array<OtherLine> = []
  let after = ''
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at)
    if (newline < 0 && ended) return left(issueAt(text, text.length, [], 'a newline'))
    const end = newline < 0 ? text.length : newline
    const colon = text.indexOf(':', at)
    if (colon <= at || colon > end) {
      return left(issueAt(text, colon === at ? at : end, [], colon === at ? 'the name of a line' : '":"'))
    }
    const start = colon + 2
    if (!text.startsWith(': ', colon)) return left(issueAt(text, colon + 1, [], 'a space'))
    const name = text.slice(at, colon)
    const value = text.slice(start, end)
    const field = fields.get(name)
    if (field === undefined) {
      others.push({ name, value, after })
    } else {
      const { format, count } = rules[field]!
      const values = found.get(field)!
      const place = placeOf(description, field)
      if (count !== 'several' && values.length > 0) {
        return left(issueAt(text, at, place, `one line ${name} only`))
      }
      const path = count === 'several' ? [...place, values.length] : place
      const read = within(text, start, path, format.parse(value, protocol))
      if (isLeft(read)) return read
      values.push(read.right)
      after = name
    }
    at = end + 1
  }
  const entries: Array<readonly [string, unknown]> = []
  for (const [field, values] of found) {
    const { count, name } = rules[field]!
    if (count === 'one' && values.length === 0) {
      return left(issueAt(text, text.length, placeOf(description, field), `a line ${name}`))
    }
    const [first] = values
    entries.push([
      field,
      count === 'several' ? values : count === 'one' ? first : values.length === 0 ? none : some(first),
    ])
  }
  return right({ ...Object.fromEntries(entries), others } as unknown as Lines<R>)
}

interface Line {
  readonly text: string
  /** Null for an unknown line. */
  readonly field: string | null
  readonly name: string
}

const otherLine = ({ name, value }: OtherLine, index: number): Either<FieldIssue, Line> =>
  /^[^:\n]+$/.test(name) && !value.includes('\n')
    ? right({ text: `${name}: ${value}`, field: null, name })
    : left({
        position: 0,
        path: ['others', index],
        expected: 'a name without ":", and one line',
        actual: 'others',
      })

const valuesOf = ({ count }: LineRule<unknown>, value: unknown): ReadonlyArray<unknown> =>
  count === 'several'
    ? (value as ReadonlyArray<unknown>)
    : count === 'one'
      ? [value]
      : isSome(value as Option<unknown>)
        ? [(value as { readonly value: unknown }).value]
        : []

/** The lines of a value, in order. */
const linesOf = <R extends LineRules>(
  description: Rules<R>,
  value: Lines<R>,
  protocol: Protocol,
): Either<FieldIssue, ReadonlyArray<Line>> => {
  const { rules } = description
  const known = new Map(Object.values(rules).map(({ name }) => [name, [] as Array<Line>]))
  const atStart: Array<Line> = []
  for (const [index, other] of value.others.entries()) {
    if (known.has(other.name)) {
      return left({
        position: 0,
        path: ['others', index],
        expected: 'a line of which nothing is known',
        actual: other.name,
      })
    }
    const line = otherLine(other, index)
    if (isLeft(line)) return line
    ;(known.get(other.after) ?? atStart).push(line.right)
  }
  const lines: Array<Line> = atStart
  for (const [field, each] of Object.entries(rules)) {
    for (const [index, item] of valuesOf(each, value[field]).entries()) {
      const place = placeOf(description, field)
      const path = each.count === 'several' ? [...place, index] : place
      const printed = inValue(path, each.format.print(item, protocol))
      if (isLeft(printed)) return printed
      if (printed.right.includes('\n')) {
        return left({ position: 0, path, expected: 'one line', actual: 'a newline' })
      }
      lines.push({ text: `${each.name}: ${printed.right}`, field, name: each.name })
    }
    for (const line of known.get(each.name)!) {
      lines.push(line)
    }
  }
  const wrong = misplaced(lines, value.others)
  return wrong < 0
    ? right(lines)
    : left({
        position: 0,
        path: ['others', wrong, 'after'],
        expected: 'the name of the known line that comes before it, in the order of the lines',
        actual: show(value.others[wrong]?.after),
      })
}

/** The index of an unknown line that is not after the known line it names; -1 if there is none. */
const misplaced = (lines: ReadonlyArray<Line>, others: ReadonlyArray<OtherLine>): number => {
  let after = ''
  let index = 0
  for (const { field, name, text } of lines) {
    if (field !== null) {
      after = name
      continue
    }
    const other = others[index]!
    if (other.after !== after || `${other.name}: ${other.value}` !== text) return index
    index++
  }
  return -1
}

const joined = (lines: ReadonlyArray<string>): string => lines.map((line) => `${line}\n`).join('')

/**
 * Writes the lines of a value: the known ones in the order of the rules, each unknown one after its known line.
 */
export const printLines = <R extends LineRules>(
  description: Rules<R>,
  value: Lines<R>,
  protocol: Protocol,
): Either<FieldIssue, string> => {
  const lines = linesOf(description, value, protocol)
  return isLeft(lines) ? lines : right(joined(lines.right.map(({ text }) => text)))
}

const nameOfOther = alphabet('A-Z')
const valueOfOther = alphabet('a-zA-Z0-9 :/._-')

/** Texts of lines, for generators: canonical, with unknown lines at the end. */
export const lineTexts = <R extends LineRules>({ rules }: Rules<R>): TextsOf => {
  return (make, protocol) => {
    const known = Object.values(rules).map(({ name, count, format }) => {
      const line = make.joined(`${name}: `, format.texts(make, protocol), '\n')
      return count === 'one' ? line : make.many(line, 0, count === 'maybe' ? 1 : 3, (all) => all.join(''))
    })
    const other = make.joined(
      'X-',
      make.pattern([{ _tag: 'chars', alphabet: nameOfOther, min: 1, max: 8 }]),
      ': ',
      make.pattern([{ _tag: 'chars', alphabet: valueOfOther, min: 0, max: 20 }]),
      '\n',
    )
    const all = [...known, make.many(other, 0, 2, (others) => others.join(''))]
    return make.joined(...all)
  }
}

const lengthOf = (lines: ReadonlyArray<string>): number => encodeEscaped(joined(lines)).length

/** The lines of a value, with one rule broken in each text. */
export const brokenLines = <R extends LineRules>(
  description: Rules<R>,
  value: Lines<R>,
  protocol: Protocol,
): ReadonlyArray<BrokenText> => {
  const { rules, ended } = description
  const printed = linesOf(description, value, protocol)
  if (isLeft(printed)) return []
  const texts = printed.right.map(({ text }) => text)
  const broken: Array<BrokenText> = []
  for (const [index, { field, text }] of printed.right.entries()) {
    const [before, behind] = [texts.slice(0, index), texts.slice(index + 1)]
    const at = lengthOf(before)
    const colon = text.indexOf(':')
    const name = text.slice(0, colon)
    const put = (breaks: string, lines: ReadonlyArray<string>, offset: number, path: BrokenText['path']) =>
      broken.push({ rule: breaks, text: joined([...before, ...lines, ...behind]), offset, path })
    put('each line has a colon', [name], at + encodeEscaped(name).length, [])
    put('a line has a name', [text.slice(colon)], at, [])
    put('a space follows the colon', [`${name}:`], at + encodeEscaped(name).length + 1, [])
    if (field === null) continue
    const { count, format } = rules[field]!
    const place = placeOf(description, field)
    if (count === 'one') {
      put(`there is a line ${name}`, [], lengthOf([...before, ...behind]), place)
    }
    if (count !== 'several') {
      put(`there is one line ${name}`, [text, text], at + encodeEscaped(text).length + 1, place)
      if (isLeft(format.parse('', protocol))) {
        put(`${name} says something`, [`${name}: `], at + encodeEscaped(name).length + 2, place)
      }
    }
  }
  if (ended && texts.length > 0) {
    const text = joined(texts).slice(0, -1)
    broken.push({ rule: 'the last line ends too', text, offset: encodeEscaped(text).length, path: [] })
  }
  return broken
}
