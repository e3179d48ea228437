import { expect } from 'chai'
import {
  feature,
  type Protocol,
  setOf,
  since,
  struct,
  u64,
  utf8,
  versioned,
} from '../../../combinators/index.js'
import { StorePath } from '../../../grammar/index.js'
import { type CompileOptions, compile } from '../../../interpreters/index.js'
import { concat, int, padded } from '../../support/wire.js'

/** A grammar that each part of a protocol and each option changes. */
const newGrammar = () =>
  struct('Order', {
    tags: setOf(utf8),
    pot: versioned(since('1.2'), u64, 0n),
    sugar: versioned(feature('sugar'), u64, 0n),
    shop: StorePath,
  })

const given: Protocol = { version: '1.2', features: [], storeDir: '/nix/store' }

/** The functions of JavaScript that are made from text while something runs. */
const functionsMade = (run: () => unknown): number => {
  const real = globalThis.Function
  let made = 0
  globalThis.Function = new Proxy(real, {
    construct: (target, parts) => {
      made++
      return Reflect.construct(target, parts)
    },
  })
  try {
    run()
  } finally {
    globalThis.Function = real
  }
  return made
}

describe('compiling a grammar again', () => {
  it('makes no code', () => {
    const grammar = newGrammar()
    expect(functionsMade(() => compile(grammar, given))).to.be.greaterThan(4)
    expect(functionsMade(() => compile(grammar, { ...given }, { profile: 'compatible' }))).to.equal(0)
  })

  it('makes and shows it for onCode', () => {
    const grammar = newGrammar()
    compile(grammar, given)
    const shown: Array<string> = []
    const made = functionsMade(() => compile(grammar, given, { onCode: (source) => shown.push(source) }))
    expect(shown).to.have.lengthOf(made).and.not.be.empty
  })

  it('decodes as the given protocol and options say, whatever was compiled before', () => {
    const protocols: ReadonlyArray<Protocol> = ['1.1', '1.2'].flatMap((version) =>
      [[], ['sugar']].flatMap((features) =>
        ['/nix/store', '/tea'].map((storeDir) => ({ version: version as '1.1', features, storeDir })),
      ),
    )
    const choices: ReadonlyArray<CompileOptions> = [
      {},
      { profile: 'canonical' },
      { limits: { collection: 1 } },
      { limits: { string: 2 } },
      { limits: { message: 32 } },
      { evaluate: false },
      { slices: true },
    ]
    const path = `${'a'.repeat(32)}-pot`
    const sets = [
      concat(int(1), padded('x')),
      concat(int(2), padded('y'), padded('x')),
      concat(int(1), padded('xyz')),
    ]
    const messages = sets.flatMap((tags) =>
      [0, 1, 2].flatMap((numbers) =>
        ['/nix/store', '/tea'].map((dir) =>
          concat(tags, ...Array.from({ length: numbers }, () => int(7)), padded(`${dir}/${path}`)),
        ),
      ),
    )
    const grammar = newGrammar()
    const cases = protocols.flatMap((protocol) => choices.map((options) => ({ protocol, options })))
    // Forwards and back: each follows every kind of difference, and some are found again.
    for (const { protocol, options } of [...cases, ...cases.toReversed(), ...cases]) {
      const { decode } = compile(grammar, protocol, options)
      const fresh = compile(newGrammar(), protocol, options)
      for (const message of messages) {
        expect(
          decode(message),
          `${JSON.stringify({ protocol, options })} ${Buffer.from(message).toString('hex')}`,
        ).to.deep.equal(fresh.decode(message))
      }
    }
  })

  it('forgets the protocols that were not used lately, as a peer could name any number', () => {
    const grammar = newGrammar()
    const at = (place: number): number =>
      functionsMade(() => compile(grammar, { ...given, storeDir: `/store-${place}` }))
    const places = Array.from({ length: 8 }, (_, place) => place)
    expect(places.map(at)).not.to.include(0)
    expect(places.map(at)).to.deep.equal(places.map(() => 0))
    expect(at(8)).to.be.greaterThan(0)
    expect(at(1)).to.equal(0)
    expect(at(0)).to.be.greaterThan(0)
  })
})
