import {
  escapedText,
  framed,
  lazy,
  listOf,
  listToEnd,
  lowBits,
  mapOf,
  optionalByTag,
  setOf,
  struct,
  tagged,
  tuple,
  u8,
  u64,
  until,
  utf8,
  withBytes,
} from '../../../combinators/index.js'
import { Fields, Names } from './fields.js'
import { caseNames, shownObject } from './names.js'
import type { Recipe, Untyped } from './recipe.js'
import { around, endsRecursion, type Where, type Word } from './word.js'

export const record: Word = (draw, where, part) => {
  const fields = new Names(draw, where, part)
  return {
    parts: fields.parts,
    make: (parts) => struct('Struct', fields.made(parts)),
    show: (parts) => `struct('Struct', ${fields.shown(parts)})`,
  }
}

export const row: Word = (draw, where, part) => {
  const fields = new Fields(draw, where, part, draw.below(4))
  return {
    parts: fields.parts,
    make: (parts) => tuple(...fields.made(parts)),
    show: (parts) => `tuple(${fields.shown(parts).join(', ')})`,
  }
}

const numbers = [0, 1, 2] as const
const texts = ['', 'b', 'ü'] as const

/** A recursion that ends in one of the cases, the first. */
const otherCase = (where: Where): Where => ({ ...where, ...endsRecursion(where) })

export const union: Word = (draw, where, part) => {
  const [tag, marks, shownTag] = draw.one([
    [u8, numbers, 'u8'],
    [u64, numbers, 'u64'],
    [lowBits(2), numbers, 'lowBits(2)'],
    [utf8, texts, 'utf8'],
    [escapedText, texts, 'escapedText'],
  ] as const)
  const names = draw.some(caseNames, 1, 3)
  const bodies = names.map((_, i) => new Names(draw, i === 0 ? where : otherCase(where), part))
  const rest = draw.below(2) === 0 ? new Names(draw, otherCase(where), part) : null
  const asStructs = draw.below(2) === 0
  const all = rest === null ? bodies : [...bodies, rest]
  const pieces = <A>(parts: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> => {
    const left = [...parts]
    return all.map((body) => left.splice(0, body.parts.length))
  }
  return {
    parts: all.flatMap(({ parts }) => parts),
    make: (parts) => {
      const bodiesOf = pieces(parts).map((each, i) => all[i]!.made(each))
      const cases = names.map((name, i) => {
        const fields = bodiesOf[i]!
        return [name, [marks[i]!, asStructs ? struct(name, fields) : fields]] as const
      })
      // The types know only names and tags that are written in the code.
      const given = ['is', tag, Object.fromEntries(cases)] as unknown as Parameters<typeof tagged>
      const other = { Rest: ['tag', bodiesOf[names.length]] } as unknown as Parameters<typeof tagged>[3]
      return rest === null
        ? tagged(given[0], given[1], given[2])
        : tagged(given[0], given[1], given[2], other)
    },
    show: (parts) => {
      const shown = pieces(parts).map((each, i) => all[i]!.shown(each))
      const cases = names.map((name, i) => [name, `[${JSON.stringify(marks[i])}, ${shown[i]}]`] as const)
      const other = rest === null ? '' : `, { Rest: ['tag', ${shown[names.length]}] }`
      return `tagged('is', ${shownTag}, ${shownObject(cases)}${other})`
    },
  }
}

/** A reference to a recursive grammar from inside it: the innermost, or one that many levels further out. */
export const selfAt = (out: number): Recipe => ({
  parts: [],
  make: (_, all) => {
    const self = all.at(-1 - out)
    if (self === undefined) {
      throw new TypeError('not inside a recursive grammar')
    }
    return lazy(self)
  },
  show: (_, depth) => `lazy(() => Tree${depth - 1 - out})`,
})

/** The places where a recursive grammar may contain itself. */
const below: ReadonlyArray<readonly [string, (self: Untyped) => unknown]> = [
  ['listOf(%)', listOf],
  ['optionalByTag(u8, %)', (self) => optionalByTag(u8, self)],
  ['setOf(%)', setOf],
  ['mapOf(u8, %)', (self) => mapOf(u8, self)],
  ['mapOf(%, utf8)', (self) => mapOf(self, utf8)],
  ['framed(listToEnd(%))', (self) => framed(listToEnd(self))],
  ['until(u8, { next: 1, end: 0 }, %)', (self) => until(u8, { next: 1, end: 0 }, self)],
  ['listOf(withBytes(%))', (self) => listOf(withBytes(self))],
  ['optionalByTag(u8, withBytes(%))', (self) => optionalByTag(u8, withBytes(self))],
]

export const recursive: Word = (draw, where, part) => {
  const inTree = { ...where, levels: where.levels + 1, mayRecur: false, mayReachEnd: false }
  const fields = new Names(draw, inTree, part)
  const [text, make] = draw.one(below)
  return {
    recursive: true,
    parts: [...fields.parts, around(text, [selfAt(0)], (self) => make(self!))],
    make: (parts, all) => struct(`Tree${all.length}`, { ...fields.made(parts), below: parts.at(-1)! }),
    show: (parts, depth) =>
      `Tree${depth} = struct('Tree${depth}', { ...${fields.shown(parts)}, below: ${parts.at(-1)} })`,
  }
}
