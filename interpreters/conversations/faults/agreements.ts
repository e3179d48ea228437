import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { equalValues } from '../../../bytes/equal.js'
import { joined } from '../../../bytes/joined.js'
import type { AgreeNode } from '../../../conversation/node.js'
import { computed, written } from '../grow-agreement.js'
import type { GrownSilent, GrownWord } from '../grown.js'
import type { BrokenSession } from '../session.js'
import { brokenOf } from './change.js'
import { grownIn } from './rounds.js'
import { type Occasion, type Site, shuffledBy, sitesOf } from './site.js'

type Agreement = GrownSilent & { readonly node: AgreeNode }

const isAgreement = (each: { readonly _tag: string }): each is Agreement =>
  each._tag === 'silent' && (each as GrownSilent).node._tag === 'agree'

const tries = 200

/** Another value of a message for which one agreement fails, and no other. */
export const disagreement = (occasion: Occasion): BrokenSession | null => {
  const { grown, draw } = occasion
  const all = [...grownIn(grown)].filter(isAgreement)
  const sites = sitesOf(occasion)
  for (const agreement of shuffledBy(draw, all)) {
    for (const word of shuffledBy(
      draw,
      [...agreement.from.values()].flatMap(({ of }) => (of._tag === 'word' ? [of] : [])),
    )) {
      const value = word.counts ? undefined : refusedValue(occasion, agreement, all, word)
      const broken = value === undefined ? null : brokenBy(occasion, agreement, word, value, sites)
      if (broken !== null) {
        return broken
      }
    }
  }
  return null
}

const withWord = ({ node, from }: Agreement, word: GrownWord, value: unknown) =>
  computed(node, new Map([...from].map(([key, each]) => [key, each.of === word ? { value } : each])))

const refusedValue = (
  { draw, maker }: Occasion,
  agreement: Agreement,
  all: ReadonlyArray<Agreement>,
  word: GrownWord,
): unknown => {
  const others = all.filter(
    (each) => each !== agreement && [...each.from.values()].some(({ of }) => of === word),
  )
  const { node, plans, branch, label } = word
  // Any value on the same path, not only those that lead to the wanted protocol.
  const wishes =
    branch === null || label === undefined
      ? []
      : [{ _tag: 'label', fields: branch.on.slice(1), label } as const]
  const values = maker.word(node, plans.protocol, wishes)
  for (let i = 0; i < tries; i++) {
    const { value } = draw.value(values)
    const isAlone = () =>
      others.every((each) => {
        const made = withWord(each, word, value)
        return isRight(made) && equalValues(made, computed(each.node, each.from))
      })
    if (isLeft(withWord(agreement, word, value)) && isAlone()) {
      return value
    }
  }
  return undefined
}

const brokenBy = (
  occasion: Occasion,
  { node, from }: Agreement,
  word: GrownWord,
  value: unknown,
  sites: ReadonlyArray<Site>,
): BrokenSession | null => {
  const words = [...from.values()].filter(({ of }) => of.node.side === node.blames)
  const blamed = sites.filter(({ item }) => words.some(({ of }) => of === item.of)).at(-1)
  const site = sites.find(({ item }) => item.of === word)
  // The issue and the change must be in one stream, or the other stream must keep its offsets.
  if (blamed === undefined || site === undefined) {
    return null
  }
  const bytes = written(word.plans, word.node, value)
  const isSame = site.strand === blamed.strand
  const longer = isSame && site.index < blamed.index ? bytes.length - site.item.bytes.length : 0
  const offset = blamed.item.start + longer
  const change = {
    strand: blamed.strand,
    at: offset,
    found: { tag: 'InvalidValue', offset, path: [blamed.item.of.node.key], guard: blamed.item.guard },
    change: { stops: false },
  } as const
  const withValue = ({ strand: { items } }: Site): Uint8Array =>
    joined(items.map((item) => (item.of === word ? bytes : item.bytes)))
  if (isSame) {
    return brokenOf(occasion, 'the sides disagree', blamed.item, { ...change, bytes: withValue(site) })
  }
  const made = brokenOf(occasion, 'the sides disagree', blamed.item, {
    ...change,
    bytes: blamed.strand.bytes,
  })
  return made === null || site.strand.carrier !== null || blamed.strand.carrier !== null
    ? null
    : { ...made, [site.strand.side]: withValue(site) }
}
