import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import { either as E } from 'fp-ts'
import {
  type AnyGrammar,
  bytesOf,
  escapedText,
  framed,
  type Grammar,
  i64,
  imap,
  lazy,
  limited,
  listOf,
  literal,
  lowBits,
  mapOf,
  optionalByTag,
  type Protocol,
  paddedBytes,
  rawBytes,
  refine,
  setOf,
  strictBool,
  struct,
  tagged,
  tuple,
  u8,
  u32,
  u64,
  until,
  utf8,
  withBytes,
} from '../../combinators/index.js'
import * as G from '../../grammar/index.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { compile } from '../../interpreters/compile/index.js'
import { type Malformed, toMalformed } from '../../interpreters/malformed/index.js'
import { issueOf, rightOf } from '../support/either.js'
import { allGrammars } from '../support/grammars.js'
import { realisationsByPath } from '../support/protocols.js'
import { describeWithShared, sharedPath } from '../support/shared.js'

interface Tree {
  readonly label: bigint
  readonly children: ReadonlyArray<Tree>
}
const Tree: Grammar<Tree> = struct('Tree', { label: u64, children: listOf(lazy(() => Tree)) })

type Fork = { readonly is: 'Leaf' } | { readonly is: 'Fork'; readonly left: Fork; readonly right: Fork }
const Fork: Grammar<Fork> = tagged('is', u8, {
  Leaf: [0, {}],
  Fork: [1, { left: lazy(() => Fork), right: lazy(() => Fork) }],
})

/** A grammar with every kind of node, none of them Nix's own. */
const Everything = struct('Everything', {
  magic: literal(u64, 7n),
  old: literal(u8, 1, { ignored: true }),
  flags: lowBits(16),
  yes: strictBool,
  name: utf8,
  log: escapedText,
  tree: Tree,
  set: setOf(u32),
  map: mapOf(u64, u8),
  maybe: optionalByTag(u8, u32),
  field: tagged('type', utf8, { Int: ['int', { value: u64 }], None: ['none', {}] }),
  even: refine(u32, 'an even number', (n) => n % 2 === 0),
  rounded: imap(
    u64,
    (n) => E.right(n - (n % 10n)),
    (n) => (n % 10n === 0n ? E.right(n) : E.left('a multiple of ten')),
  ),
  rest: until(u64, { next: 1n, end: 0n }, u32),
  framed: framed(utf8),
})

/** Values back to back, as the files have them. */
const times = (count: number, item: AnyGrammar): Grammar<unknown> =>
  tuple(...Array.from({ length: count }, () => item)) as AnyGrammar as Grammar<unknown>

const sample = (malformed: Iterable<Malformed>, rule: string): Malformed => {
  const found = [...malformed].find((each) => each.rule === rule)
  expect(found, rule).not.to.equal(undefined)
  return found!
}

const seen = ({
  _tag,
  offset,
  path,
}: {
  _tag: string
  offset: number
  path: ReadonlyArray<string | number>
}) => ({
  tag: _tag,
  offset,
  path,
})

/** Holds a sample against the codec of each profile. */
const refusing = (grammar: Grammar<unknown>, given: Partial<Protocol>) => {
  const compatible = compile(grammar, given)
  const canonical = compile(grammar, given, { profile: 'canonical' })
  return ({ rule, bytes, profile, issue }: Malformed): void => {
    expect(seen(issueOf(canonical.decode(bytes))), rule).to.deep.equal(issue)
    if (profile === 'canonical') {
      rightOf(compatible.decode(bytes))
    } else {
      expect(seen(issueOf(compatible.decode(bytes))), rule).to.deep.equal(issue)
    }
  }
}

describeWithShared('malformed, from messages of the reference implementation', () => {
  const golden = (name: string): Uint8Array => readFileSync(sharedPath('golden', name))
  const cases: ReadonlyArray<readonly [string, Grammar<unknown>, Partial<Protocol>]> = [
    ['worker-protocol/valid-path-info-1.16.bin', times(3, G.ValidPathInfo), { version: '1.16' }],
    ['worker-protocol/derived-path-1.30.bin', times(4, G.DerivedPath), { version: '1.30' }],
  ]
  for (const [name, grammar, given] of cases) {
    it(`writes ${name} byte for byte before it breaks it, and every broken message is rejected`, () => {
      const bytes = golden(name)
      const value = rightOf(compile(grammar, given).decode(bytes))
      const all = [...toMalformed(grammar, given).from(value)]
      const { bytes: longer } = sample(all, 'message: nothing behind it')
      expect(Buffer.from(longer.subarray(0, -1)).equals(bytes)).to.equal(true)
      expect(all.length).to.be.greaterThan(100)
      all.forEach(refusing(grammar, given))
    })
  }
})

describe('malformed', () => {
  const protocols = [
    { version: '1.10' as const },
    { version: '1.28' as const },
    { version: '1.37' as const },
    { version: '1.38' as const, features: [realisationsByPath] },
  ]

  for (const [name, grammar] of allGrammars) {
    it(`breaks ${name} in exactly one way, and the codec says which`, () => {
      for (const given of protocols) {
        const malformer = toMalformed(grammar, given)
        const expectRefused = refusing(grammar, given)
        const rules = new Map(malformer.rules.map((rule) => [rule.name, rule]))
        fc.assert(
          fc.property(
            toArbitrary(grammar, given),
            fc.array(fc.nat(), { maxLength: 30 }),
            (value, choices) => {
              for (const choice of choices) {
                const broken = malformer.pick(value, choice)!
                expect(rules.get(broken.rule)).to.include({ tag: broken.issue.tag, profile: broken.profile })
                expectRefused(broken)
              }
            },
          ),
          { numRuns: 5 },
        )
      }
    })
  }

  it('reaches every rule of a grammar that has one node of each kind', () => {
    const malformer = toMalformed(Everything)
    const expectRefused = refusing(Everything as Grammar<unknown>, {})
    const reached = new Set<string>()
    for (const value of fc.sample(toArbitrary(Everything, {}, { items: 3, depth: 2 }), {
      numRuns: 30,
      seed: 3,
    })) {
      for (const each of malformer.from(value)) {
        reached.add(each.rule)
        expectRefused(each)
      }
    }
    // A literal gives its text one length, and so a fixed number of padding bytes.
    const rounded = 'rounded: a value that it accepts'
    const even = 'even: a value as it is written'
    const missed = malformer.rules.map(({ name }) => name).filter((name) => !reached.has(name))
    expect(
      missed.filter((name) => name !== rounded && name !== even && !/padding byte/.test(name)),
    ).to.deep.equal([])
    expect(malformer.rules.length).to.be.greaterThan(220)
  })

  it('names each rule once, with its place in the grammar', () => {
    const names = toMalformed(Everything).rules.map(({ name }) => name)
    expect(new Set(names).size).to.equal(names.length)
    expect(names).to.include.members([
      'magic: the value that is fixed',
      'old: the value that is fixed',
      'tree.children[]: within the depth limit',
      'tree.children[].label: there',
      'map: each key once',
      'field.type tag: one of the words, not upper case',
      'field(Int).value: there',
      'framed: an end frame',
      'framed: in the frames, there whole, not half',
      'message: nothing behind it',
    ])
  })

  it('groups the rules that one mistake breaks, and says what each is in its group', () => {
    const { rules, from } = toMalformed(G.StorePath)
    const groupedIn = (name: string) =>
      rules.filter(({ group }) => group === name).map(({ detail, tag, profile }) => [detail, tag, profile])
    expect(groupedIn('StorePath: its form')).to.deep.include.members([
      ['it is not empty', 'InvalidText', 'compatible'],
      ['no letter is replaced by another', 'InvalidText', 'compatible'],
    ])
    expect(groupedIn('StorePath: text as it is written')).to.deep.include.members([
      ['no slash follows it', 'NotCanonical', 'canonical'],
    ])
    expect(groupedIn('padding is zero').map(([detail]) => detail)).to.include('padding byte 7 is zero')
    expect(toMalformed(utf8).rules).to.deep.include({
      name: 'message: UTF-8: no byte 0xff',
      group: 'UTF-8',
      detail: 'no byte 0xff',
      wrong: 'the text has a byte 0xff',
      tag: 'NotUtf8',
      kind: 'utf8',
      profile: 'compatible',
    })
    for (const path of fc.sample(toArbitrary(G.StorePath), { numRuns: 3, seed: 1 })) {
      for (const { rule, group, detail } of from(path)) {
        expect(rules.find(({ name }) => name === rule)).to.include({ group, detail })
      }
    }
  })

  it('says the rules of a text, and of the end of a message, in sentences with all characters', () => {
    const told = allGrammars.flatMap(([, grammar]) =>
      toMalformed(grammar, { version: '1.37' }).rules.filter(({ kind }) =>
        ['text', 'letter', 'end'].includes(kind),
      ),
    )
    const details = [...new Set(told.map(({ detail }) => detail))]
    expect(details.length).to.be.greaterThan(40)
    const sentence = /^(part \d+: )?\S+.* (is|are|has|have|does|do|follows?) /
    expect(details.filter((each) => !sentence.test(each) || each.includes('…'))).to.deep.equal([])
    expect(details).to.include.members([
      'each of its characters is one of 0-9 a-f',
      'part 1: each of its characters is one of ASCII except :',
      'the message does not end in its middle',
    ])
  })

  it('has a rule for an ignored literal only in the canonical profile, and for any other in both', () => {
    const rules = toMalformed(Everything).rules
    const profileOf = (name: string) => rules.find((rule) => rule.name === name)?.profile
    expect(profileOf('magic: the value that is fixed')).to.equal('compatible')
    expect(profileOf('old: the value that is fixed')).to.equal('canonical')
  })

  it('uses another value for a constant, within its limit, or has no rule for it', () => {
    const broken: ReadonlyArray<readonly [literal: ReturnType<typeof literal>, values: number]> = [
      [literal(paddedBytes, new Uint8Array(0)), 1],
      [literal(limited(1, paddedBytes), Uint8Array.of(0)), 1],
      [literal(limited(0, paddedBytes), new Uint8Array(0)), 0],
      [literal(rawBytes(0), new Uint8Array(0)), 0],
      [literal(limited(1, utf8), 'x'), 1],
      [literal(limited(0, utf8), ''), 0],
      [literal(i64, -2n), 1],
      [literal(listOf(u8), []), 0],
    ]
    for (const [constant, count] of broken) {
      const grammar = struct('S', { constant }) as Grammar<unknown>
      const samples = [...toMalformed(grammar).from({})]
      samples.forEach(refusing(grammar, {}))
      const others = samples.filter(({ rule }) => rule === 'constant: the value that is fixed')
      expect(others, constant.node._tag).to.have.lengthOf(count)
    }
  })

  it('has no rule about low bits if all bits count', () => {
    const samples = [...toMalformed(lowBits(32)).from(7)]
    expect(samples.map(({ rule }) => rule)).not.to.include('message: only the low 32 bits')
    samples.forEach(refusing(lowBits(32) as AnyGrammar as Grammar<unknown>, {}))
  })

  it('does not mistake a value that a view reads but does not write for another one', () => {
    const Short = imap(
      u64,
      (n) => E.right(String(n)),
      (digits: string) => (digits.length < 3 ? E.right(BigInt(digits)) : E.left('two digits')),
    )
    const grammar = refine(withBytes(Short), 'not 0', ({ value }) => value !== '0')
    const samples = [...toMalformed(grammar).from({ value: '7', bytes: bytesOf('0700000000000000') })]
    samples.forEach(refusing(grammar as AnyGrammar as Grammar<unknown>, {}))
    expect(samples.map(({ rule }) => rule)).to.include('message: not 0')
  })

  it('nests a recursive value beyond any limit, with the path of the level that is rejected', () => {
    const tree: Tree = { label: 1n, children: [{ label: 2n, children: [{ label: 3n, children: [] }] }] }
    const { bytes, issue } = sample(
      toMalformed(Tree, {}, { limits: { depth: 5 } }).from(tree),
      'children[]: within the depth limit',
    )
    expect(issue).to.deep.equal({
      tag: 'LimitExceeded',
      offset: 6 * 16,
      path: Array.from({ length: 6 }, () => ['children', 0]).flat(),
    })
    expect(seen(issueOf(compile(Tree, {}, { limits: { depth: 5 } }).decode(bytes)))).to.deep.equal(issue)
    rightOf(compile(Tree, {}, { limits: { depth: 64 } }).decode(bytes))
  })

  it('finds the level that is rejected if a value recurs in several places', () => {
    const leaf: Fork = { is: 'Leaf' }
    const fork = (left: Fork, right: Fork): Fork => ({ is: 'Fork', left, right })
    const value = fork(fork(leaf, fork(leaf, leaf)), fork(leaf, fork(leaf, leaf)))
    for (const depth of [3, 4, 5, 6, 7, 64]) {
      const broken = [...toMalformed(Fork, {}, { limits: { depth } }).from(value)].filter(({ rule }) =>
        rule.endsWith('within the depth limit'),
      )
      expect(new Set(broken.map(({ rule }) => rule)).size).to.be.greaterThan(1)
      for (const { bytes, issue } of broken) {
        expect(seen(issueOf(compile(Fork, {}, { limits: { depth } }).decode(bytes)))).to.deep.equal(issue)
        rightOf(compile(Fork, {}, { limits: { depth: 1000 } }).decode(bytes))
      }
    }
  })

  it('announces more than the message limit, if the limit of a text allows it', () => {
    const limits = { message: 4096 }
    const Pair = tuple(u8, utf8)
    const broken = sample(
      toMalformed(Pair, {}, { limits }).from([1, 'hi']),
      '[1]: no more bytes than a message may have',
    )
    expect(broken.issue).to.deep.equal({ tag: 'LimitExceeded', offset: 8, path: [1] })
    const issue = issueOf(compile(Pair, {}, { limits }).decode(broken.bytes))
    expect(issue).to.include({ _tag: 'LimitExceeded', limit: 'message', offset: 8 })
    expect([...toMalformed(Pair).from([1, 'hi'])].map(({ rule }) => rule)).not.to.include(broken.rule)
  })

  it('counts the frame headers in an offset inside frames', () => {
    const Long = framed(struct('Long', { bytes: paddedBytes, number: u8 }))
    const value = { bytes: new Uint8Array(70_000), number: 1 }
    const broken = sample(toMalformed(Long).from(value), 'number: in the frames, there to its last byte')
    // Two headers, the length and the bytes come before it.
    expect(broken.issue).to.deep.equal({ tag: 'FramesEnd', offset: 8 + 8 + 8 + 70_000, path: ['number'] })
    refusing(Long as Grammar<unknown>, {})(broken)
  })

  it('rejects bytes after a value in frames with the path of the frames', () => {
    const grammar = listOf(framed(u8))
    const broken = sample(toMalformed(grammar).from([1, 2]), '[]: nothing behind the value in the frames')
    expect(broken.issue).to.deep.equal({ tag: 'TrailingBytes', offset: 24, path: [0] })
    refusing(grammar as Grammar<unknown>, {})(broken)
  })

  it('gives the same samples for the same seed, and spreads them over the rules', () => {
    const malformer = toMalformed(G.UnkeyedValidPathInfo)
    const values = fc.sample(toArbitrary(G.UnkeyedValidPathInfo), { numRuns: 150, seed: 1 })
    const rulesOf = (seed: number) => [...malformer.sample(values, seed)].map(({ rule }) => rule)
    expect(rulesOf(5)).to.deep.equal(rulesOf(5))
    expect(rulesOf(5)).not.to.deep.equal(rulesOf(6))
    expect(new Set(rulesOf(5)).size).to.be.greaterThan(100)
  })

  it('breaks the given rule, wherever it can', () => {
    const malformer = toMalformed(listOf(utf8))
    const rule = '[]: padding byte 1 is zero'
    expect([...malformer.from(['a', 'b', 'abcdefgh'], rule)].map(({ issue }) => issue.path)).to.deep.equal([
      [0],
      [1],
    ])
    expect([...malformer.from(['a'], 'no such rule')]).to.deep.equal([])
  })

  it('breaks a rule in another way each time, if there are several', () => {
    const Name = refine(utf8, 'a name', (name) => !['', '.', '..'].includes(name) && !/[/\0]/.test(name))
    const malformer = toMalformed(Name)
    const names = new Set<string>()
    for (let choice = 0; choice < 500; choice++) {
      const { rule, bytes } = malformer.pick('a', choice)!
      if (rule === 'message: a name') {
        names.add(Buffer.from(bytes.subarray(8, 8 + bytes[0]!)).toString())
      }
    }
    expect([...names]).to.include.members(['', '.', '..', 'x/y', 'a/', 'a\0'])
  })

  it('exceeds a limit by one, with all the bytes announced', () => {
    const most = sample(
      toMalformed(limited(40, utf8)).from('hi'),
      'message: at most 40 bytes, with one more behind them',
    )
    expect(most.issue).to.deep.equal({ tag: 'LimitExceeded', offset: 0, path: [] })
    expect(most.bytes).to.have.lengthOf(8 + 48)
    const many = listOf(u8, { count: u8 })
    const items = sample(toMalformed(many).from([7]), 'count: at most 255 items, with one more behind them')
    expect(items.issue).to.deep.equal({ tag: 'OutOfRange', offset: 0, path: [] })
    expect(items.bytes).to.have.lengthOf(8 + 256 * 8)
    refusing(many as AnyGrammar as Grammar<unknown>, {})(items)
  })

  it('adds 2^32 to counts, tags and bounded integers', () => {
    const plus = (grammar: AnyGrammar, value: unknown, rule: string) =>
      sample(toMalformed(grammar as Grammar<unknown>).from(value), rule).bytes.subarray(0, 8)
    expect(plus(u8, 7, 'message: at most 255, not 2^32 more')).to.deep.equal(bytesOf('0700000001000000'))
    expect(plus(listOf(u8), [1], 'count: a count below 2^32')).to.deep.equal(bytesOf('0100000001000000'))
    expect(plus(Fork, { is: 'Leaf' }, 'is tag: at most 255, not 2^32 more')).to.deep.equal(
      bytesOf('0000000001000000'),
    )
  })

  it('adds 2^32 to lengths so that a reader of 32 bits would accept them', () => {
    const { bytes } = sample(toMalformed(utf8).from('hi'), 'message: a length below 2^32')
    expect(bytes).to.deep.equal(bytesOf('0200000001000000 6869000000000000'))
  })

  it('throws for a value of another type', () => {
    expect(() => toMalformed(u8).from(256)).to.throw(RangeError)
    // @ts-expect-error the compiler refuses it too
    expect(() => toMalformed(u8).from('hi')).to.throw(RangeError)
  })
})
