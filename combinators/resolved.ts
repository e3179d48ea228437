import { expectLazies } from './ends.js'
import { holds } from './gate.js'
import {
  type AnyGrammar,
  type GatedNode,
  type Grammar,
  grammarOf,
  type Labelled,
  type Node,
  type ResolvedNode,
  type Ungated,
} from './node.js'
import { mapParts, partsOf, rewriting } from './parts.js'
import type { Agreed, Protocol } from './protocol.js'
import type { TextFormat, TextSyntax } from './text-format.js'

/** A grammar without gates. */
export interface ResolvedGrammar<A> extends Grammar<A> {
  readonly node: ResolvedNode
}

/** The node of a gated one under a protocol, without its name. */
export const armUnder = ({ arms, otherwise }: GatedNode, agreed: Agreed): Node =>
  arms.find(({ gate }) => holds(gate, agreed))?.node ?? otherwise

/** The same node with the labels of another, if that has any. Only the store directory is still open. */
const labelledAs = <N extends Node>({ name, summary, defaults }: Labelled, node: N): N => {
  const storeDir = defaults?.storeDir
  return name === undefined && summary === undefined && storeDir === undefined
    ? node
    : {
        ...node,
        ...(name === undefined ? {} : { name }),
        ...(summary === undefined ? {} : { summary }),
        ...(storeDir === undefined ? {} : { defaults: { ...node.defaults, storeDir } }),
      }
}

/** The syntax rules that hold, without their conditions. */
const syntaxUnder = (syntax: ReadonlyArray<TextSyntax>, agreed: Agreed): ReadonlyArray<TextSyntax> =>
  syntax.flatMap(({ gate, ...rules }) => (gate === undefined || holds(gate, agreed) ? [rules] : []))

/** The format under one protocol; the store directory is still that of the codec. */
const formatUnder = (format: TextFormat<unknown>, { version, features }: Agreed): TextFormat<unknown> => {
  const { gates: _, defaults, parse, print, strict, syntax, texts, otherTexts, ...rest } = format
  // The same protocol is asked for repeatedly.
  let [from, to]: [Protocol | null, Protocol | null] = [null, null]
  const under = (given: Protocol): Protocol => {
    if (from !== given || to === null) {
      from = given
      to = { ...given, version, features }
    }
    return to
  }
  return {
    ...rest,
    ...(defaults?.storeDir === undefined ? {} : { defaults: { storeDir: defaults.storeDir } }),
    ...(syntax === undefined ? {} : { syntax: syntaxUnder(syntax, { version, features }) }),
    parse: (text, given) => parse(text, under(given)),
    print: (value, given) => print(value, under(given)),
    ...(strict === undefined ? {} : { strict: (value, given) => strict(value, under(given)) }),
    ...(texts === undefined ? {} : { texts: (make, given) => texts(make, under(given)) }),
    ...(otherTexts === undefined ? {} : { otherTexts: (make, given) => otherTexts(make, under(given)) }),
  }
}

type Resolve = (node: Node) => ResolvedNode

const resolving = (agreed: Agreed, special: (node: Node) => ResolvedNode | null = () => null): Resolve =>
  rewriting<ResolvedNode>((node, part) => {
    const own = special(node)
    if (own !== null) {
      return own
    }
    switch (node._tag) {
      case 'gated':
        return labelledAs(node, part(armUnder(node, agreed)))
      case 'text':
        return node.format?.gates === undefined ? node : { ...node, format: formatUnder(node.format, agreed) }
      case 'lazy':
        return mapParts(node, part)
      default:
        // A node without gates stays the same object, by which others identify it.
        return isResolved(node, part) ? node : mapParts(node, part)
    }
  })

const isResolved = (node: Ungated, part: Resolve): node is ResolvedNode =>
  partsOf(node).every((each) => part(each) === each) &&
  (node._tag !== 'imap' || typeof node.json !== 'object' || part(node.json) === node.json) &&
  (node._tag !== 'pure' || node.like === undefined || part(node.like) === node.like)

/** The resolved grammars of one protocol. */
interface Known extends Agreed {
  readonly part: Resolve
  readonly grammars: WeakMap<Node, ResolvedGrammar<never>>
}

/** A program that uses more protocols starts again with an empty cache. */
const mostKnown = 16
const known: Array<Known> = []

/** Parts that no gate needs may be missing. */
const sameFeatures = (a: Known['features'] | undefined, b: Known['features'] | undefined): boolean =>
  a === b ||
  (a !== undefined && b !== undefined && a.length === b.length && a.every((each, i) => each === b[i]))

const knownUnder = ({ version, features }: Agreed): Known => {
  const found = known.find((each) => each.version === version && sameFeatures(each.features, features))
  if (found !== undefined) {
    return found
  }
  const made: Known = {
    version,
    features,
    part: resolving({ version, features }),
    grammars: new WeakMap(),
  }
  known.push(made)
  if (known.length > mostKnown) {
    known.shift()
  }
  return made
}

/**
 * A grammar with all gates decided: it has no gates and no versions, so interpreters need not handle them. Text formats
 * that depend on the version or a feature get these. The result is cached, since some interpreters are called for each
 * value, and many grammars share parts.
 *
 * @throws TypeError for the content of a `lazy` grammar that is invalid at its place.
 */
export function resolved<A>(grammar: Grammar<A>, agreed: Agreed): ResolvedGrammar<A>
export function resolved(grammar: AnyGrammar, agreed: Agreed): ResolvedGrammar<unknown>
export function resolved({ node }: AnyGrammar, agreed: Agreed): AnyGrammar {
  const { part, grammars } = knownUnder(agreed)
  const found = grammars.get(node)
  if (found !== undefined) {
    return found
  }
  expectLazies(node)
  const grammar = grammarOf(part(node)) as ResolvedGrammar<never>
  grammars.set(node, grammar)
  return grammar
}

/** The same for a grammar that is being built, whose `lazy` parts may not be defined yet. */
export const resolvedWhileBuilt = <A>({ node }: Grammar<A>, agreed: Agreed): Grammar<A> =>
  grammarOf<A>(knownUnder(agreed).part(node))

/** A resolved node, and what is said of some of the nodes in it. */
export interface Marked<M> {
  readonly node: ResolvedNode
  /** It grows, as what is lazy is asked for. */
  readonly marks: ReadonlyMap<ResolvedNode, M>
}

/** The same for a grammar of which some nodes are marked: each of them becomes a node of its own, by which it is found. */
export const resolvedWith = <M>(
  { node }: AnyGrammar,
  agreed: Agreed,
  marks: ReadonlyMap<Node, M>,
): Marked<M> => {
  const found = new Map<ResolvedNode, M>()
  const part = resolving(agreed, (each) => {
    const mark = marks.get(each)
    if (mark === undefined) {
      return null
    }
    const own = { ...resolved({ node: each }, agreed).node }
    found.set(own, mark)
    return own
  })
  expectLazies(node)
  return { node: part(node), marks: found }
}
