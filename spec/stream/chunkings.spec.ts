import { expect } from 'chai'
import fc from 'fast-check'
import type { Grammar, Protocol } from '../../combinators/index.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { type CompileOptions, compile } from '../../interpreters/index.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { chunkLengths, cut, readFirst } from '../support/chunks.js'
import { edgesOf } from '../support/conversation-edges.js'
import { rightOf } from '../support/either.js'
import { allGrammars } from '../support/grammars.js'
import { interruptible } from '../support/interruptible.js'
import { profiles } from '../support/protocols.js'

const protocols = [
  nixProtocol({ version: '1.10' }),
  nixProtocol({ version: '1.25' }),
  nixProtocol({ version: '1.37' }),
  nixProtocol({ version: '1.38', features: ['realisation-with-path-not-hash'] }),
]

/** What may have happened to a message on its way. */
type Damage =
  | { readonly _tag: 'none' }
  | { readonly _tag: 'cut'; readonly at: number }
  | { readonly _tag: 'byte'; readonly at: number; readonly byte: number }
  | { readonly _tag: 'integer'; readonly at: number; readonly value: bigint }

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const damages: fc.Arbitrary<Damage> = fc.oneof(
  fc.constant({ _tag: 'none' as const }),
  fc.record({ _tag: fc.constant('cut' as const), at: place }),
  fc.record({ _tag: fc.constant('byte' as const), at: place, byte: fc.integer({ min: 0, max: 255 }) }),
  fc.record({
    _tag: fc.constant('integer' as const),
    at: place,
    value: fc.oneof(fc.bigInt({ min: 0n, max: 20n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
  }),
)

const damaged = (message: Uint8Array, damage: Damage): Uint8Array => {
  const bytes = message.slice()
  const at = damage._tag === 'none' ? 0 : Math.floor(damage.at * bytes.length)
  if (damage._tag === 'byte' && bytes.length > 0) bytes[at] = damage.byte
  if (damage._tag === 'integer' && bytes.length >= 8) {
    const aligned = Math.min(at - (at % 8), bytes.length - 8)
    new DataView(bytes.buffer).setBigUint64(aligned, damage.value, true)
  }
  return damage._tag === 'cut' ? bytes.slice(0, at) : bytes
}

/** The stream's answer is that of the codec on the whole message: the value and its end, or the issue. */
const agreementOf = (grammar: Grammar<unknown>, given: Protocol, options: CompileOptions) => {
  const codec = compile(grammar, given, options)
  return async (bytes: Uint8Array, lengths: ReadonlyArray<number>): Promise<void> => {
    const streamed = await readFirst(grammar, cut(bytes, lengths), given, options)
    expect(streamed).to.deep.equal(codec.decodeAt(bytes, 0))
  }
}

const wiresOf = (grammar: Grammar<unknown>, values: ReadonlyArray<unknown>, given: Protocol) => {
  const { encode } = compile(grammar, given)
  return values.map((value) => rightOf(encode(value)))
}

const check =
  (grammar: Grammar<unknown>, values: (given: Protocol) => ReadonlyArray<unknown>) => async () => {
    for (const given of protocols) {
      const wires = wiresOf(grammar, values(given), given)
      expect(wires, 'messages to read').not.to.have.lengthOf(0)
      for (const options of profiles) {
        const expectAgreement = agreementOf(grammar, given, options)
        for (const wire of wires.filter(({ length }) => length < 3000)) {
          await expectAgreement(wire, [1])
          await expectAgreement(wire, [8])
        }
        await fc.assert(
          fc.asyncProperty(fc.constantFrom(...wires), damages, chunkLengths, (wire, damage, lengths) =>
            expectAgreement(damaged(wire, damage), lengths),
          ),
          { numRuns: 60 },
        )
      }
    }
  }

describe('a stream in any chunks is read like the whole message', () => {
  for (const [name, grammar] of allGrammars) {
    const values = (given: Protocol) => [
      ...edgesOf(name, given),
      ...fc.sample(toArbitrary(grammar, given), { numRuns: 6, seed: 1 }),
    ]
    it(name, check(grammar, values))
  }

  for (const { name, grammar, value } of interruptible) {
    it(
      `a grammar of your own: ${name}`,
      check(grammar, () => [value]),
    )
  }

  it('every prefix of a message lacks as many bytes as the codec says', async () => {
    for (const { grammar, value } of interruptible) {
      const [wire] = wiresOf(grammar, [value], nixProtocol())
      const expectGenerated = agreementOf(grammar, nixProtocol(), {})
      const expectClosures = agreementOf(grammar, nixProtocol(), { evaluate: false })
      for (let length = 0; length < (wire?.length ?? 0); length++) {
        const prefix = (wire ?? new Uint8Array(0)).subarray(0, length)
        await expectGenerated(prefix, [3, 5])
        await expectClosures(prefix, [1])
      }
    }
  })

  it('bytes after a value are not read', async () => {
    for (const { grammar, value } of interruptible) {
      const [wire] = wiresOf(grammar, [value], nixProtocol())
      const expectAgreement = agreementOf(grammar, nixProtocol(), {})
      const twice = Uint8Array.from([...(wire ?? []), ...(wire ?? [])])
      await fc.assert(
        fc.asyncProperty(chunkLengths, (lengths) => expectAgreement(twice, lengths)),
        { numRuns: 20 },
      )
    }
  })
})
