import { later } from '../bytes/later.js'
import { type AnyGrammar, grammarOf, type Node } from '../combinators/node.js'
import { nodesIn, partsOf } from '../combinators/parts.js'
import { size, u32, u64 } from '../combinators/primitives/int.js'
import { escapedText } from '../combinators/primitives/text.js'
import { type Section, sections } from './sections.js'
import { serveSections } from './serve/sections.js'

type Named = readonly [name: string, grammar: AnyGrammar]

/**
 * Combinators that grammars use under their own names. `size` is one too, but on a page it would be confused with Size.
 */
const words: ReadonlyArray<Named> = [
  ['u32', u32],
  ['u64', u64],
  ['escapedText', escapedText],
]

/** The fields after a tag are described with the tag; their name is that of the case. */
const isTold = (nodes: Iterable<Node>): ReadonlySet<Node> => {
  const told = new Set<Node>()
  for (const node of nodes) {
    for (const body of node._tag === 'choice' && node.shape._tag === 'tagged' ? partsOf(node) : []) {
      told.add(body)
    }
  }
  return told
}

const grammarsOf = (all: ReadonlyArray<Section>): ReadonlyArray<Named> =>
  all.flatMap(({ grammars }) => grammars)

const namedInside = (all: ReadonlyArray<Section>, others: ReadonlyArray<Named>): ReadonlyArray<Named> => {
  const grammars = grammarsOf(all)
  const nodes = new Set(grammars.flatMap(([, { node }]) => [...nodesIn(node)]))
  const told = isTold(nodes)
  const known = new Set(['size', ...[...grammars, ...others].map(([name]) => name)])
  const found = new Map<string, AnyGrammar>()
  for (const node of nodes) {
    const { name } = node
    if (name !== undefined && name !== 'tuple' && !told.has(node) && !known.has(name) && !found.has(name)) {
      found.set(name, grammarOf(node))
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** The named grammars inside the grammars of the protocol that are not in the {@link sections}. */
export const innerGrammars = later((): ReadonlyArray<Named> => [...words, ...namedInside(sections, words)])

/** The same for grammars that only the serve protocol uses. */
export const serveInnerGrammars = later(
  (): ReadonlyArray<Named> => namedInside(serveSections, [...grammarsOf(sections), ...innerGrammars()]),
)

/** All grammars to list or print: those in a specification, and then the inner ones. */
export const allSections = later(
  (): ReadonlyArray<Section> => [
    ...sections,
    { title: 'Parts of others', grammars: innerGrammars() },
    ...serveSections,
    { title: 'Serve protocol: parts of others', grammars: serveInnerGrammars() },
  ],
)

const own = later(
  () => new Map<string, AnyGrammar>([...grammarsOf([...sections, ...serveSections]), ['size', size]]),
)

/** Every grammar that has a name. */
export const grammarsByName = later(
  (): ReadonlyMap<string, AnyGrammar> => new Map([...grammarsOf(allSections()), ['size', size]]),
)

/** The grammar with a name. Inner grammars are searched only if no section has it. */
export const grammarNamed = (name: string): AnyGrammar | undefined =>
  own().get(name) ?? grammarsByName().get(name)
