import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { grammarPage } from '../../cli/commands/grammar-page.js'
import {
  bool32,
  byProtocol,
  enumOf,
  escapedText,
  feature,
  flagsOf,
  framed,
  type Gate,
  i16,
  imap,
  intUpTo,
  lazy,
  limited,
  listOf,
  literal,
  lowBits,
  mapOf,
  named,
  openEnumOf,
  optional,
  optionalByTag,
  optionalEnumOf,
  paddedBytes,
  pure,
  rawBytes,
  refine,
  setOf,
  since,
  strictBool,
  struct,
  summarised,
  tagged,
  text,
  tuple,
  u8,
  u32,
  u64,
  until,
  utf8,
  versioned,
} from '../../combinators/index.js'
import type { AnyGrammar, Grammar, Node } from '../../combinators/node.js'
import { nodesIn, partsOf } from '../../combinators/parts.js'
import { size } from '../../combinators/primitives/int.js'
import type { TextPiece } from '../../combinators/text-format.js'
import { innerGrammars } from '../../grammar/inner.js'
import { sections } from '../../grammar/sections.js'
import { parseTypeExpression } from '../../grammar/type-expression.js'
import { toMarkdown } from '../../interpreters/markdown/index.js'
import { DerivedPath, StorePathName } from '../../types/index.js'

type Names = ReadonlyMap<string, AnyGrammar>

/** What has a section. */
const sectioned: Names = new Map<string, AnyGrammar>([
  ...sections.flatMap(({ grammars }) => grammars),
  ...innerGrammars(),
])

/** Words that a page must have for a node, whatever stands around them. */
type Facts = ReadonlyArray<string>

const leavesOf = (gate: Gate): Facts => {
  switch (gate._tag) {
    case 'since':
      return [`${gate.version} or above`]
    case 'before':
      return [`below ${gate.version}`]
    case 'feature':
      return [gate.feature]
    case 'allOf':
    case 'anyOf':
      return gate.gates.flatMap(leavesOf)
    case 'not':
      return ['not (', ...leavesOf(gate.gate)]
  }
}

const powers: { readonly [max: string]: string } = {
  [String(2n ** 32n - 1n)]: '2^32−1',
  [String(2n ** 53n - 1n)]: '2^53−1',
  [String(2n ** 63n - 1n)]: '2^63−1',
  [String(2n ** 64n - 1n)]: '2^64−1',
}

const bound = (max: bigint): string => powers[String(max)] ?? String(max)

const inHex = (value: bigint): Facts => (value < 0x10000n ? [] : [`0x${value.toString(16)}`])

/** A value that is always there, that stands for an absent one, or that says what follows. */
const valueFacts = (value: unknown): Facts => {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return [String(value), ...inHex(BigInt(value))]
    case 'string':
      return [value === '' ? 'the empty text' : `\`${value}\``]
    case 'boolean':
      return [String(value)]
    default:
      return value instanceof Uint8Array
        ? [Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join(' ')]
        : []
  }
}

const pieceFacts = (piece: TextPiece): Facts => {
  switch (piece._tag) {
    case 'literal':
      return [`\`${piece.text}\``]
    case 'storeDir':
      return ['the store directory']
    case 'chars':
      return [piece.max < 65536 ? `${piece.max} characters` : `${piece.min} or more characters`]
    case 'unless':
      return [...piece.whole, ...piece.starts].map((each) => `\`${each}\``)
    case 'oneOf':
      return piece.texts.map((each) => `\`${each}\``)
    case 'base64':
      return ['base64']
  }
}

/** What a node says by itself, without its parts. */
const ownFacts = (node: Node, names: Names): Facts => {
  switch (node._tag) {
    case 'int':
      return [bound(node.max), ...(node.keepBits === undefined ? [] : [`low ${node.keepBits} bits`])]
    case 'bool':
      return node.strict ? ['0 is false, 1 is true'] : ['0 is false, everything else', bound(node.max)]
    case 'bytes':
      return [
        ...(node.length === 'padded'
          ? []
          : [node.length === 'toEnd' ? 'to the end of the message' : `${node.length} bytes`]),
        ...(node.limit === undefined ? [] : [`t most ${node.limit} bytes`]),
      ]
    case 'text': {
      const { encoding, optional: isOptional, limit, format } = node
      const section = format === null ? undefined : names.get(format.name)?.node
      const isElsewhere = section?._tag === 'text' && section !== node && section.format === format
      return [
        encoding === 'escaped' ? 'mostly UTF-8' : 'UTF-8',
        ...(isOptional ? ['absent'] : []),
        ...(limit === undefined ? [] : [`t most ${limit} bytes`]),
        ...(format === null
          ? []
          : isElsewhere
            ? [`[${format.name}]`]
            : [
                ...(format.pattern ?? []).flatMap(pieceFacts),
                ...(format.syntax ?? []).flatMap(({ gate, rules, note = '' }) => [
                  ...(gate === undefined ? [] : leavesOf(gate)),
                  ...rules,
                  note,
                ]),
                // There is something to know of every text.
                ...(format.pattern === undefined && format.syntax === undefined ? ['NO SYNTAX'] : []),
              ]),
      ]
    }
    case 'struct':
      return node.fields.flatMap(({ key, fixed }) => [
        ...(node.shape === 'record' ? [`- ${key} :: `] : []),
        ...(fixed === undefined
          ? []
          : [fixed.ignored ? '(hardcoded to ' : '(always ', ...valueFacts(fixed.value)]),
      ])
    case 'sequence':
      return [
        { list: 'List of', set: 'Set of', map: 'Map of' }[node.kind],
        ...(node.kind === 'map' && node.duplicates === 'first' ? ['the first'] : []),
      ]
    case 'choice':
      return [
        ...(node.shape._tag === 'tagged' ? [`${node.shape.key} :: `] : []),
        ...(node.rest === 'tag' ? ['other numbers are kept'] : []),
        ...(typeof node.rest === 'object' ? ['any other', node.rest.name, node.rest.key] : []),
        ...node.cases.flatMap(({ name, tag }) => [
          name,
          String(tag),
          ...(typeof tag === 'bigint' ? inHex(tag) : []),
        ]),
      ]
    case 'gated':
      return [
        ...node.arms.flatMap(({ gate }) => leavesOf(gate)),
        ...(node.otherwise._tag === 'pure' ? valueFacts(node.otherwise.value) : []),
      ]
    case 'pure':
      return valueFacts(node.value)
    case 'imap':
      return typeof node.json === 'string' ? [`he value is a ${node.json}`] : []
    case 'until':
      return [...valueFacts(node.next), ...valueFacts(node.end)]
    case 'framed':
      return ['rames', 'hold']
    case 'span':
      return ['with its bytes']
    case 'lazy':
      return []
  }
}

/** The count, the tag or the mark of a node. The usual count is not mentioned everywhere. */
const announcedBy = (node: Node): ReadonlyArray<Node> => {
  switch (node._tag) {
    case 'sequence':
      return node.count === size.node || node.count === 'toEnd' ? [] : [node.count]
    case 'choice':
      return [node.tag]
    case 'until':
      return [node.mark]
    default:
      return []
  }
}

const isLeaf = ({ _tag }: Node): boolean => ['int', 'bool', 'bytes', 'text'].includes(_tag)

/** All that the page of a grammar must have: what is in a section of another page is linked. */
const factsOf = (grammar: AnyGrammar, names: Names): Facts => {
  const seen = new Set<Node>()
  // The name of a case is also that of its fields.
  const told = new Set(
    [...nodesIn(grammar.node)].flatMap((node) =>
      node._tag === 'choice' && node.shape._tag === 'tagged' ? partsOf(node) : [],
    ),
  )
  const facts: Array<string> = []
  const visit = (node: Node, isMentioned: boolean): void => {
    if (node !== grammar.node && node.name !== undefined && names.get(node.name)?.node === node) {
      facts.push(`[${node.name}](#${node.name.toLowerCase()})`)
      return
    }
    if (seen.has(node)) {
      return
    }
    seen.add(node)
    if (isMentioned && node.name !== undefined && node.name !== 'tuple' && !told.has(node)) {
      facts.push(`\`${node.name}\``)
    }
    if (node.summary !== undefined) {
      facts.push(node.summary.slice(1))
    }
    for (const fact of ownFacts(node, names)) {
      facts.push(fact)
    }
    // For a primitive with one value, the value says everything.
    const said =
      node._tag === 'struct'
        ? node.fields.filter((field) => field.fixed?.ignored === false && isLeaf(field.node))
        : []
    for (const part of [...announcedBy(node), ...partsOf(node)]) {
      if (!said.some((field) => field.node === part)) {
        // The view on the outside decides how the whole is described.
        visit(part, isMentioned || !['imap', 'gated', 'lazy'].includes(node._tag))
      }
    }
  }
  visit(grammar.node, false)
  return facts
}

/** Sections that say the same. */
const aliases: { readonly [fact: string]: string } = { 'UTF-8': '[String]', 'mostly UTF-8': '[Text]' }

const missing = (page: string, facts: Facts): Facts =>
  [...new Set(facts)].filter((fact) => ![fact, aliases[fact] ?? fact].some((each) => page.includes(each)))

interface Tree {
  readonly label: number
  readonly below: ReadonlyArray<Tree>
}
const Tree: Grammar<Tree> = struct('Tree', {
  label: intUpTo(77),
  below: listOf(
    lazy(() => Tree),
    { count: u8 },
  ),
})

const Everything = struct('Everything', {
  magic: literal(u64, 0x6c6f7265n),
  bytes: literal(rawBytes(3), Uint8Array.of(0xca, 0xfe, 0x07)),
  word: literal(utf8, 'hello'),
  ignored: literal(u32, 4711, { ignored: true }),
  version: lowBits(13),
  raw: rawBytes(19),
  bounded: limited(21, paddedBytes),
  line: limited(23, utf8),
  strict: strictBool,
  flag: bool32,
  name: optional(text(StorePathName.format)),
  path: text(DerivedPath.format),
  signed: i16,
  access: flagsOf(u8, { read: 4, write: 2 }),
  even: refine(intUpTo(98), 'an even number', (n) => n % 2 === 0),
  yes: imap(
    u8,
    (n) => right(n === 0 ? 'no' : 'yes'),
    (word: string) => right(word === 'no' ? 0 : 1),
    { json: 'string' },
  ),
  nested: listOf(
    tagged('kind', u32, {
      Point: [0, {}],
      Circle: [0x10203, { radius: intUpTo(55), old: versioned(since('1.7'), intUpTo(54), 9) }],
    }),
  ),
  pair: tuple(u8, mapOf(intUpTo(33), struct('Entry', { deep: rawBytes(5) }), { duplicates: 'first' })),
  maybe: optionalByTag(u8, setOf(tuple(intUpTo(34), escapedText))),
  colour: enumOf(u8, { Red: 41, Green: 42 }),
  level: openEnumOf(intUpTo(99), { Low: 43 }),
  trust: optionalEnumOf(u8, 44, { Trusted: 45 }),
  form: byProtocol([[feature('wide'), named('Wide', u64)]], intUpTo(36) as never),
  gone: byProtocol(
    [
      [feature('a'), u64],
      [since('1.9'), u64],
    ],
    17n,
  ),
  constant: pure(4712),
  words: until(utf8, { next: 'more', end: 'over' }, summarised('a step', intUpTo(37))),
  content: framed(listOf(intUpTo(38))),
  tree: Tree,
})

describe('a page of a grammar', () => {
  for (const [name, grammar] of sectioned) {
    it(`shows every fact of every node: ${name}`, () => {
      expect(missing(grammarPage(name), factsOf(grammar, sectioned))).to.deep.equal([])
    })
  }

  it('shows the facts of all combinators, also without a name or a section', () => {
    for (const names of [new Map(), sectioned]) {
      expect(missing(toMarkdown('Everything', Everything, names), factsOf(Everything, names))).to.deep.equal(
        [],
      )
    }
  })

  it('shows the same facts for a part alone', () => {
    for (const { node } of Everything.node._tag === 'struct' ? Everything.node.fields : []) {
      const grammar = { node }
      expect(missing(toMarkdown('Part', grammar), factsOf(grammar, new Map()))).to.deep.equal([])
    }
  })

  it('ends for a recursive grammar', () => {
    expect(toMarkdown('Tree', Tree)).to.equal(`### Tree

- label :: \`integer\` (0 to 77)
- below :: List of \`Tree\` (counted by \`u8\` (0 to 255))`)
  })

  it('nests types without a name', () => {
    const Outer = struct('Outer', {
      rows: listOf({ node: { ...struct('Row', { a: u8, b: bool32 }).node, name: undefined } } as never),
    })
    expect(toMarkdown('Outer', Outer)).to.equal(`### Outer

- rows :: List of these fields
  - a :: \`u8\` (0 to 255)
  - b :: \`bool32\` (0 is false, everything else up to 2^32−1 is true)`)
  })
})

describe('every name on a page', () => {
  /** Names of types: links, what stands before the facts of a type, and names in the syntax of texts. */
  const mentionedIn = (page: string): ReadonlyArray<string> => [
    ...[...page.matchAll(/\[(\w+)\]\(#/g)].map(([, name = '']) => name),
    ...[...page.matchAll(/(?::: |(?<!one )of |to |by |as |\()`(\w+)`(?= \(|,|$| \(always)/gm)].map(
      ([, name = '']) => name,
    ),
    ...syntaxNames(page),
  ]

  const syntaxNames = (page: string): ReadonlyArray<string> =>
    [...page.matchAll(/^```text\n(.*?)^```$/gms)].flatMap(([, rules = '']) => {
      const own = [...rules.matchAll(/^(\w+) = /gm)].map(([, name = '']) => name)
      const words = rules.replace(/"[^"]*"|'[^']*'|<[^>]*>/g, '').match(/\w+/g) ?? []
      return words.filter((word) => !own.includes(word))
    })

  for (const [name] of sectioned) {
    it(`can be printed: ${name}`, () => {
      const names = mentionedIn(grammarPage(name))
      expect(names.filter((each) => parseTypeExpression(each)._tag === 'Left')).to.deep.equal([])
    })
  }

  it('is found by the search of these tests', () => {
    expect(mentionedIn(grammarPage('DerivedPath'))).to.include.members(['String', 'StorePath', 'OutputName'])
    expect(mentionedIn(grammarPage('ExportInfo'))).to.include.members(['u32', 'OptStorePath'])
    expect(mentionedIn(grammarPage('NarNode'))).to.include.members(['escapedText', 'NarEntry'])
  })

  it('means one type', () => {
    expect(new Set([...sectioned.keys()].map((name) => name.toLowerCase())).size).to.equal(sectioned.size)
  })
})
