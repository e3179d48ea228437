import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { versionsOf } from '../../combinators/deciding.js'
import {
  allOf,
  anyOf,
  bytesOf,
  defaults,
  feature,
  type Gate,
  type Grammar,
  gatesOf,
  holds,
  lazy,
  listOf,
  not,
  optional,
  since,
  struct,
  type TextFormat,
  text,
  u8,
  u64,
  under,
  versioned,
} from '../../combinators/index.js'
import { agree, branch, gated, nothing, says, sequence } from '../../conversation/index.js'
import { compile, dissect, toJson, toMalformed, toMarkdown, toParser } from '../../interpreters/index.js'
import { checkLaws, describeLaws, toArbitrary } from '../../laws/index.js'
import { bothWays } from '../support/both-ways.js'
import { rightOf } from '../support/either.js'

/** A kettle, whose protocol has major version 2, and a stove of major version 1, which also has a feature. */
const kettle = gatesOf('kettle', 2)
const stove = gatesOf('stove', 1)

const Kettle = struct('Kettle', { water: u8, heat: versioned(kettle.since('2.1'), u64, 0n) })
const Stove = struct('Stove', {
  plates: u8,
  gas: versioned(stove.since('1.3'), u8, 0),
  timer: versioned(stove.feature('timer'), u8, 0),
})

const refused = (act: () => unknown, ...words: ReadonlyArray<string>): void => {
  for (const each of words) {
    expect(act).to.throw(TypeError, each)
  }
}

const foreign = 'belongs to the protocol kettle, whose versions are 2.x'

describe('gates of a protocol with a name', () => {
  it('are decided under its versions', () => {
    const [water, heat] = ['0700000000000000', '0500000000000000']
    bothWays(Kettle, { water: 7, heat: 0n }, water, { version: '2.0' })
    bothWays(Kettle, { water: 7, heat: 5n }, water + heat, { version: '2.1' })
    expect(holds(kettle.before('2.1'), { version: '2.0', features: [] })).to.equal(true)
    expect(holds(stove.feature('timer'), { version: '1.0', features: ['timer'] })).to.equal(true)
  })

  it('are not decided under those of another, alone or inside others', () => {
    const asked: ReadonlyArray<Gate> = [kettle.since('2.1'), kettle.before('2.1'), kettle.feature('whistle')]
    for (const gate of asked.flatMap((each) => [each, not(each), allOf(each), anyOf(each)])) {
      for (const version of ['1.38', '3.0', '0.2'] as const) {
        refused(() => holds(gate, { version, features: [] }), foreign, version)
      }
    }
  })

  it('have versions of one major number', () => {
    // @ts-expect-error the compiler refuses it too
    expect(() => kettle.since('1.30')).to.throw(RangeError, 'the protocol kettle, whose versions are 2.x')
    // @ts-expect-error the compiler refuses it too
    expect(() => kettle.before('3.0')).to.throw(RangeError, 'the protocol kettle, whose versions are 2.x')
    // @ts-expect-error the compiler refuses it too
    expect(() => kettle.since('2.256')).to.throw(RangeError, '2.256')
    for (const major of [-1, 256, 1.5, NaN]) {
      expect(() => gatesOf('kettle', major)).to.throw(RangeError, 'a major number from 0 to 255')
    }
    expect(() => gatesOf('', 2)).to.throw(RangeError, 'a protocol needs a name')
  })
})

describe('a grammar with gates of a named protocol', () => {
  it('is rejected by every interpreter under a version of another protocol', () => {
    const given = { version: '1.38' } as const
    const words = `Kettle ${foreign}`
    refused(() => compile(Kettle, given), `${words}, but compile was given version 1.38`)
    refused(() => toJson(Kettle, given, { water: 7, heat: 0n }), words)
    refused(() => toParser(Kettle, given), words)
    refused(() => dissect(Kettle, given, new Uint8Array(8)), words)
    refused(() => toMalformed(Kettle, given), words)
    refused(() => toArbitrary(Kettle, given), words)
    refused(() => compile(defaults({ version: '1.38' }, Kettle)), foreign)
    refused(() => under({ version: '1.38', features: [] }, Kettle), foreign)
  })

  it('is checked at every level, also in recursion', () => {
    interface Shelf {
      readonly kettle: { readonly water: number; readonly heat: bigint }
      readonly more: ReadonlyArray<Shelf>
    }
    const Shelf: Grammar<Shelf> = lazy(() => struct('Shelf', { kettle: Kettle, more: listOf(Shelf) }))
    refused(() => compile(listOf(Shelf), { version: '1.38' }), foreign)
    expect(compile(listOf(Shelf), { version: '2.1' }).encode([])._tag).to.equal('Right')
  })

  it('has laws that depend only on its own versions', () => {
    expect(
      versionsOf(struct('Old', { a: versioned(kettle.since('2.0'), u8, 0), b: Kettle }).node),
    ).to.deep.equal(['2.0', '2.1'])
    expect(versionsOf(Kettle.node)).to.deep.equal(['2.0', '2.1'])
  })

  describeLaws(Kettle)
})

describe('gates of two protocols', () => {
  const both = struct('Kitchen', { kettle: Kettle, stove: Stove })
  const words = [
    'Kitchen mixes the gates of two protocols',
    'protocol version 2.1 or above (kettle 2.x)',
    'protocol version 1.3 or above (stove 1.x)',
  ]

  it('are rejected by the codec, whatever is given', async () => {
    for (const given of [{}, { version: '1.3', features: [] }, { version: '2.1', features: [] }] as const) {
      refused(() => compile(both, given), ...words)
    }
    refused(
      () => compile(both, { version: '2.1', features: [] }),
      'use under to fix the version of one of them',
    )
    refused(() => toParser(both, { version: '2.1' }), ...words)
    let told = ''
    await checkLaws(both, { versions: ['2.1'] }).catch((error: Error) => {
      told = error.message
    })
    expect(told).to.include('two protocols')
  })

  it('are recognised by a feature alone, and by an unnamed gate with another major number', () => {
    const timed = struct('Timed', { kettle: Kettle, timer: versioned(stove.feature('timer'), u8, 0) })
    refused(() => compile(timed, { version: '2.1', features: [] }), 'feature timer (stove 1.x)')
    const plain = struct('Plain', { kettle: Kettle, gas: versioned(since('1.3'), u8, 0) })
    refused(() => compile(plain, { version: '2.1' }), 'Plain mixes the gates of two protocols')
    const named = struct('Named', { kettle: Kettle, pan: versioned(gatesOf('pan', 2).since('2.1'), u8, 0) })
    refused(() => compile(named, { version: '2.1' }), '(pan 2.x)')
  })

  it('may stand side by side if those of one are decided', () => {
    const Old = under({ version: '1.2', features: ['timer'] }, Stove)
    bothWays(
      struct('Kitchen', { kettle: Kettle, stove: Old }),
      { kettle: { water: 7, heat: 0n }, stove: { plates: 4, gas: 0, timer: 9 } },
      '0700000000000000 0400000000000000 0900000000000000',
      { version: '2.0' },
    )
  })

  it('are not assumed for an unnamed gate with the same major number, or for a feature', () => {
    const forked = struct('Forked', {
      kettle: Kettle,
      lid: versioned(since('2.3'), u8, 0),
      whistle: versioned(feature('whistle'), u8, 0),
    })
    expect(
      rightOf(compile(forked, { version: '2.3', features: ['whistle'] }).decode(new Uint8Array(32))),
    ).to.deep.equal({ kettle: { water: 0, heat: 0n }, lid: 0, whistle: 0 })
  })

  it('are rejected in a flow, when it is built', () => {
    const version = says('client', 'version', u8)
    const kettleSaid = says('client', 'kettle', Kettle)
    const stoveSaid = says('server', 'stove', Stove)
    refused(() => sequence(kettleSaid, stoveSaid), 'this flow mixes the gates of two protocols')
    refused(() => gated(stove.since('1.3'), kettleSaid), 'two protocols')
    refused(() => sequence(kettleSaid, gated(stove.since('1.3'), stoveSaid)), 'two protocols')
    refused(
      () => sequence(version, branch('version', { Tea: [1, kettleSaid, stove.feature('timer')] }, nothing)),
      'feature timer (stove 1.x)',
    )
    refused(() => sequence(kettleSaid, gated(since('1.1'), nothing)), 'protocol version 1.1 or above')
    expect(() => sequence(kettleSaid, gated(since('2.1'), says('server', 'lid', u8)))).not.to.throw()
    expect(() => sequence(version, gated(kettle.since('2.1'), kettleSaid))).not.to.throw()
    expect(() =>
      sequence(
        kettleSaid,
        agree('nothing', { kettle: Kettle }, 'client', () => right({})),
      ),
    ).not.to.throw()
  })
})

describe('a text format with gates of a named protocol', () => {
  const spoken = kettle.since('2.1')
  const format: TextFormat<{ readonly name: string }> = {
    name: 'KettleName',
    summary: 'the name of a kettle',
    value: 'structure',
    gates: [spoken],
    parse: (name, protocol) =>
      name === ''
        ? { _tag: 'Left', left: { position: 0, expected: 'a name', actual: 'nothing' } }
        : right({ name: holds(spoken, protocol) ? name.toUpperCase() : name }),
    print: ({ name }) => right(name),
  }

  it('may be absent', () => {
    const codec = compile(optional(text(format)), { version: '2.1' })
    expect(rightOf(codec.decode(new Uint8Array(8)))).to.deep.equal({ _tag: 'None' })
    expect(rightOf(codec.decode(bytesOf('0100000000000000 6100000000000000')))).to.deep.equal({
      _tag: 'Some',
      value: { name: 'A' },
    })
  })

  it('is rejected under a version of another protocol', () => {
    refused(() => compile(text(format), { version: '1.38' }), `KettleName ${foreign}`)
  })

  it('does not appear on a page', () => {
    expect(toMarkdown('Kettle', Kettle)).to.include('2.1')
  })
})
