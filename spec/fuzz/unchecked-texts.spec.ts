import { expect } from 'chai'
import { type Either, isLeft, isRight, left, right } from 'fp-ts/lib/Either.js'
import { type Finding, type FuzzOptions, functionTarget, fuzz } from '../../fuzz/index.js'
import { Signature, StorePath, StorePathName } from '../../grammar/index.js'
import { type AnyGrammar, type Grammar, listOf, paddedBytes, struct, utf8 } from '../../index.js'
import { compile } from '../../interpreters/index.js'
import { rightOf } from '../support/either.js'

/** The same layout, with other texts or without a check of them. */
const orderOf = <P, N>(path: Grammar<P>, name: Grammar<N>) =>
  struct('Order', { path, others: listOf(path), name, note: utf8 })
const Order = orderOf(StorePath, StorePathName)

type Decode = (bytes: Uint8Array) => Either<unknown, unknown>

const findings = async (grammar: AnyGrammar, decode: Decode, options: FuzzOptions = {}) => {
  const target = functionTarget<unknown>({ decode })
  const all = { seed: 1, runs: 2000, findings: 100, minimise: 0, ...options }
  return (await fuzz(grammar as Grammar<unknown>, target, all)).findings
}

const groups = (all: ReadonlyArray<Finding>): ReadonlyArray<string> =>
  all.map(({ mistake: { kind, group } }) => `${kind} ${group}`).toSorted()

/** A decoder of one text, with a check of its own. */
const textThat =
  (isOne: (text: string) => boolean): Decode =>
  (bytes) => {
    const read = compile(utf8).decode(bytes)
    return isLeft(read) || isOne(read.right) ? read : left('another text')
  }

const isLongName = (text: string): boolean => /^[0-9A-Za-z+._?=-]+$/.test(text) && !/^\.\.?(-|$)/.test(text)
const isName = (text: string): boolean => isLongName(text) && text.length <= 211

describe('the form of a text', () => {
  it('that is not checked at all is one finding for each format, with its rules and its fields', async () => {
    const all = await findings(Order, compile(orderOf(utf8, utf8)).decode)
    expect(groups(all)).to.deep.equal(['verdict StorePath: its form', 'verdict StorePathName: its form'])
    const [path, name] = all.toSorted((a, b) => (a.mistake.group < b.mistake.group ? -1 : 1))
    expect(path?.places.toSorted()).to.deep.equal(['others[]', 'path'])
    expect(path?.rules).to.include.members([
      'it is not empty',
      'no NUL follows it',
      'no letter is replaced by another',
    ])
    expect(path?.rules).to.deep.equal([...new Set(path?.rules)])
    expect(name?.places).to.deep.equal(['name'])
    expect(name?.rules.filter((rule) => /at most 211/.test(rule))).to.have.lengthOf(1)
  })

  it('is one finding also among the first ten, so that the run goes on', async () => {
    const decode = compile(orderOf(utf8, utf8)).decode
    const lax: Decode = (bytes) => decode(bytes.length % 8 === 0 ? bytes : bytes.subarray(0, -1))
    expect(groups(await findings(Order, lax, { findings: 10 }))).to.deep.equal([
      'verdict StorePath: its form',
      'verdict StorePathName: its form',
      'verdict nothing behind it',
    ])
  })

  it('names the one rule that is not checked', async () => {
    const correct = await findings(StorePathName, textThat(isName))
    expect(correct).to.deep.equal([])
    const long = await findings(StorePathName, textThat(isLongName), { runs: 4000 })
    expect(long.map(({ rules }) => rules)).to.deep.equal([
      [long[0]?.rules.find((rule) => /^part 2: it has at most 211 characters$/.test(rule))],
    ])
    const dots = await findings(
      StorePathName,
      textThat((text) => isName(text) || text === '.' || text === '..'),
    )
    expect(dots.map(({ rules }) => rules.toSorted())).to.deep.equal([
      ['part 1: it is not "."', 'part 1: it is not ".."'],
    ])
  })

  it('is another finding than the forms that only the canonical profile refuses', async () => {
    const strict = compile(StorePath, {}, { profile: 'canonical' }).decode
    const cleaned: Decode = (bytes) => {
      const text = compile(utf8).decode(bytes)
      return isRight(text) && text.right.includes('~') ? right(text.right) : strict(bytes)
    }
    const all = await findings(StorePath, cleaned, { runs: 5000 })
    expect(groups(all)).to.deep.equal([
      'verdict StorePath: its form',
      'verdict StorePath: text as it is written',
    ])
    const written = all.find(({ input }) => input.expected.verdict === 'accepts')
    expect(written?.rules).to.include('no slash follows it')
    const compatible = await findings(StorePath, compile(StorePath).decode, { profile: 'canonical' })
    expect(groups(compatible)).to.deep.equal(['verdict StorePath: text as it is written'])
  })

  it('has no rules if inputs were only damaged, and those that were broken otherwise', async () => {
    const { decode } = compile(orderOf(utf8, utf8))
    const expected = ['verdict StorePath: its form', 'verdict StorePathName: its form']
    const damaged = await findings(Order, decode, { only: ['damaged'], runs: 4000 })
    expect(groups(damaged)).to.deep.equal(expected)
    expect(damaged.flatMap(({ rules }) => rules)).to.deep.equal([])
    const both = await findings(Order, decode, { ignore: ['valid'], runs: 4000 })
    expect(groups(both)).to.deep.equal(expected)
    expect(both.map(({ input }) => input.kind)).to.deep.equal(['malformed', 'malformed'])
    expect(both.map(({ rules }) => rules.length > 10)).to.deep.equal([true, true])
  })

  it('is found in given messages too, apart from what is only not strict', async () => {
    const textOf = (text: string) => rightOf(compile(utf8).encode(text))
    const inputs = ['a:', 'a: b', 'not a signature'].map(textOf)
    const told = await findings(Signature, compile(Signature).decode, { inputs, profile: 'canonical' })
    expect(told.map(({ mistake: { group }, count, rules }) => [group, count, rules])).to.deep.equal([
      ['Signature: strict text', 3, []],
    ])
    const paths = ['', 'tea', '/nix/store'].map(textOf)
    for (const profile of ['compatible', 'canonical'] as const) {
      const all = await findings(StorePath, compile(utf8).decode, { inputs: paths, profile })
      expect(groups(all), profile).to.deep.equal(['verdict StorePath: its form'])
    }
  })

  it('that crashes has no rules: it has a reason of its own', async () => {
    const crashing = textThat((text) => {
      if (!isName(text)) throw new Error('no name')
      return true
    })
    const [found, ...others] = await findings(StorePathName, crashing)
    expect([found?.mistake.kind, found?.rules, others]).to.deep.equal(['crash', [], []])
  })
})

describe('UTF-8', () => {
  it('that is not checked is one finding, whatever is wrong with it', async () => {
    const all = await findings(utf8, compile(paddedBytes).decode)
    expect(groups(all)).to.deep.equal(['verdict UTF-8'])
    expect(all[0]?.rules.toSorted()).to.deep.equal([
      'no byte 0xff',
      'no character cut short',
      'no continuation without a start',
      'no overlong form',
      'no surrogate',
      'nothing above U+10FFFF',
    ])
  })

  it('names the one sequence that is read though it is wrong', async () => {
    const decode: Decode = (bytes) => {
      const read = compile(utf8).decode(bytes)
      return isLeft(read) && Buffer.from(bytes).includes(Buffer.of(0xed, 0xa0, 0x80))
        ? compile(paddedBytes).decode(bytes)
        : read
    }
    const all = await findings(utf8, decode, { ignore: ['damaged'] })
    expect(all.map(({ rules }) => rules)).to.deep.equal([['no surrogate']])
  })
})

describe('the rules of a finding', () => {
  it('tell which bytes of padding are not checked', async () => {
    const decode: Decode = (bytes) => {
      const at = 8 + (bytes[0] ?? 0)
      const checked = bytes.map((byte, i) => (i > at && at % 8 !== 0 ? 0 : byte))
      return compile(utf8).decode(bytes.length < 24 ? checked : bytes)
    }
    const all = await findings(utf8, decode, { only: ['NonZeroPadding'], runs: 500 })
    expect(groups(all)).to.deep.equal(['verdict padding is zero'])
    expect(all[0]?.rules).to.include('padding byte 2 is zero').and.not.to.include('padding byte 1 is zero')
  })
})
