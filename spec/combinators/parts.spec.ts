import { expect } from 'chai'
import { framed, lazy, listOf, named, struct, u64, utf8, withBytes } from '../../combinators/index.js'
import { type Grammar, grammarOf, type Node } from '../../combinators/node.js'
import { mapParts, nodesIn, partsOf, rewriting } from '../../combinators/parts.js'
import { compile } from '../../interpreters/index.js'
import { allGrammars } from '../support/grammars.js'

interface Tree {
  readonly label: bigint
  readonly children: ReadonlyArray<Tree>
}
const Tree: Grammar<Tree> = struct('Tree', { label: u64, children: listOf(lazy(() => Tree)) })

const everyNode = new Set(allGrammars.flatMap(([, { node }]) => [...nodesIn(node)]))

const kinds: { readonly [T in Node['_tag']]: true } = {
  int: true,
  bool: true,
  bytes: true,
  text: true,
  struct: true,
  sequence: true,
  choice: true,
  gated: true,
  pure: true,
  lazy: true,
  imap: true,
  until: true,
  framed: true,
  span: true,
}

/** A node as plain data, with what is inside: another node differs from it somewhere. */
const nodeKeys = (value: unknown): ReadonlyArray<unknown> => {
  if (typeof value !== 'object' || value === null) {
    return []
  }
  const isNode = '_tag' in value && Object.hasOwn(kinds, value._tag as string)
  return isNode ? [value] : Object.values(value).flatMap(nodeKeys)
}

describe('the parts of a node', () => {
  const trees = [...everyNode, ...nodesIn(Tree.node), ...nodesIn(framed(withBytes(utf8)).node)]

  it('are tested with nodes of every kind', () => {
    expect([...new Set(trees.map(({ _tag }) => _tag))].sort()).to.deep.equal(Object.keys(kinds).sort())
  })

  it('are all nodes that it has, except a count, a tag, a mark, and how a value is shown', () => {
    for (const node of trees.filter(({ _tag }) => _tag !== 'lazy')) {
      const { count, tag, mark, value, like, json, ...rest } = node as Node & {
        readonly [key: string]: unknown
      }
      expect(partsOf(node)).to.have.members(Object.values(rest).flatMap(nodeKeys) as Array<Node>)
    }
  })

  it('are the nodes that mapParts replaces, each in its place', () => {
    for (const node of trees) {
      const replacements = new Map<Node, Node>()
      const replaced = mapParts(node, (part) => {
        const other: Node = { _tag: 'pure', value: replacements.size }
        replacements.set(part, replacements.get(part) ?? other)
        return replacements.get(part) ?? other
      })
      expect(partsOf(replaced)).to.deep.equal(partsOf(node).map((part) => replacements.get(part) ?? part))
      const back = mapParts(
        replaced,
        (part) => [...replacements].find(([, made]) => made === part)?.[0] ?? part,
      )
      if (node._tag !== 'lazy') {
        expect(back).to.deep.equal(node)
      }
    }
  })

  it('are visited once in a recursive grammar', () => {
    expect([...nodesIn(Tree.node)].map(({ _tag }) => _tag)).to.deep.equal([
      'struct',
      'int',
      'sequence',
      'lazy',
    ])
  })
})

describe('a grammar rewritten', () => {
  const renamed = rewriting<Node>((node, part) => ({ ...mapParts(node, part), name: `my ${node.name}` }))

  it('is recursive and shares nodes where the old one did', () => {
    const pair = struct('Pair', { a: Tree, b: Tree })
    const nodes = [...nodesIn(renamed(pair.node))]
    expect(nodes).to.have.lengthOf(nodesIn(pair.node).size)
    const [top] = nodes
    expect(new Set(top === undefined ? [] : partsOf(top)).size).to.equal(1)
  })

  it('calls the function of lazy only if it is needed', () => {
    const later = named(
      'Later',
      lazy<bigint>(() => defined),
    )
    const node = renamed(struct('S', { later }).node)
    const defined = u64
    expect(compile(grammarOf<{ later: bigint }>(node), {}).size({ later: 1n })).to.equal(8)
  })

  it('calls the rule once for each node', () => {
    const asked: Array<Node> = []
    const noting = rewriting<Node>((node, part) => {
      asked.push(node)
      return mapParts(node, part)
    })
    nodesIn(noting(struct('Pair', { a: Tree, b: Tree }).node))
    expect(asked).to.have.lengthOf(new Set(asked).size)
  })
})
