import { later } from '../bytes/later.js'
import { type AnyGrammar, grammarOf, type Node } from '../combinators/node.js'
import { nodesIn, partsOf } from '../combinators/parts.js'
import { size, u32, u64 } from '../combinators/primitives/int.js'
import { escapedText } from '../combinators/primitives/text.js'
import { type Section, sections } from './sections.js'
import { serveSections } from './serve/sections.js'

type Named = readonly [name: string, grammar: AnyGrammar]

/** Words of the combinators that grammars use as they are. `size` is a name too, but on a page it would be that of Size. */
const words: ReadonlyArray<Named> = [
  ['u32', u32],
  ['u64', u64],
  ['escapedText', escapedText],
]

/** The fields behind a tag are told where the tag is; what they are called is the name of the case. */
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

/** What stands inside the grammars of the protocol under a name of its own, and has no place among the {@link sections}. */
export const innerGrammars = later((): ReadonlyArray<Named> => [...words, ...namedInside(sections, words)])

/** The same of the serve protocol: what stands inside its grammars alone. */
export const serveInnerGrammars = later(
  (): ReadonlyArray<Named> => namedInside(serveSections, [...grammarsOf(sections), ...innerGrammars()]),
)

/** All there is to list or print: what has a place in a specification, and at last what stands inside. */
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

/** The grammar of a name. To find one that has a place in a specification no other is looked into. */
export const grammarNamed = (name: string): AnyGrammar | undefined =>
  own().get(name) ?? grammarsByName().get(name)
