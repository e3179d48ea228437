import fc from 'fast-check'
import type { AnyGrammar, Grammar } from '../../../combinators/index.js'
import type { Profile } from '../../../combinators/limits.js'
import { toArbitrary } from '../../../interpreters/arbitrary/index.js'
import { type Malformed, type RuleKind, toMalformed } from '../../../interpreters/index.js'
import type { Subject } from './checked.js'
import { read } from './compiled.js'
import { exported } from './exported.js'
import { toldOf } from './subjects.js'

/** What the rules of a kind are about, in the words of the guide. */
const kinds: { readonly [K in RuleKind]: string } = {
  end: 'the message ends too early',
  behind: 'bytes behind the message',
  padding: 'padding that is not zero',
  length: 'a length beyond its limit, or what there is',
  count: 'a count beyond its limit, or what there is',
  integer: 'an integer or a bool out of range',
  tag: 'a tag or a mark that there is not',
  constant: 'a constant with another value',
  utf8: 'a text that is not UTF-8',
  text: 'the form of a text',
  letter: 'the letters of a text',
  value: 'a value that a view refuses',
  order: 'the order of sets and maps',
  frames: 'how frames end',
  depth: 'the depth of recursion',
}

interface Tally {
  readonly refused: number
  readonly of: number
}

/** Broken messages of a grammar, the same for all runs, and the kind of the rule that each breaks. */
export const broken = (
  { grammar, protocol }: Omit<Subject, 'decoder'>,
  profile: Profile,
  count: number,
): ReadonlyArray<readonly [kind: RuleKind, sample: Malformed]> => {
  const any = grammar as Grammar<unknown>
  const malformer = toMalformed(any, protocol)
  const kindOf = new Map(malformer.rules.map(({ name, kind }) => [name, kind]))
  const values = fc.sample(toArbitrary(any, protocol), { numRuns: count, seed: 1 })
  return [...malformer.sample(values, 1, new Map(), profile)].map((sample) => [
    kindOf.get(sample.rule)!,
    sample,
  ])
}

/** Whether a decoder refuses bytes. */
export const refuses = ({ grammar, protocol, decoder }: Subject, bytes: Uint8Array): boolean => {
  try {
    read(decoder, bytes, ...toldOf(grammar, protocol))
    return false
  } catch {
    return true
  }
}

const tallied = (newest: (grammar: AnyGrammar) => Subject): ReadonlyMap<RuleKind, Tally> => {
  const tallies = new Map<RuleKind, Tally>()
  for (const [, grammar] of exported) {
    const of = newest(grammar)
    for (const [kind, { bytes }] of broken(of, 'compatible', 40)) {
      const tally = tallies.get(kind) ?? { refused: 0, of: 0 }
      tallies.set(kind, { refused: tally.refused + (refuses(of, bytes) ? 1 : 0), of: tally.of + 1 })
    }
  }
  return tallies
}

/** The table of the guide: how many broken messages the decoders of the exported grammars refuse. */
export const tableOf = (newest: (grammar: AnyGrammar) => Subject): string => {
  const tallies = tallied(newest)
  const rows = (Object.keys(kinds) as ReadonlyArray<RuleKind>).flatMap((kind) => {
    const { refused, of } = tallies.get(kind) ?? { refused: 0, of: 0 }
    return of === 0 ? [] : [[kinds[kind], String(refused), String(of)]]
  })
  const all = [['what is wrong', 'refused', 'of'], ...rows]
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]!.length)))
  const line = (row: ReadonlyArray<string>): string =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(all[0]!), rule, ...rows.map(line)].join('\n')
}
