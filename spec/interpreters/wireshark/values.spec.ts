import { expect } from 'chai'
import fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import type { Grammar } from '../../../combinators/index.js'
import type { Protocol } from '../../../combinators/protocol.js'
import { protocolFor } from '../../../combinators/protocol-for.js'
import { resolved } from '../../../combinators/resolved.js'
import { compile, toJson } from '../../../interpreters/index.js'
import { toWireshark } from '../../../interpreters/wireshark/index.js'
import { toArbitrary } from '../../../laws/index.js'
import { PacketHeader, RecordingWriter } from '../../../session/index.js'
import { edgesOf } from '../../support/conversation-edges.js'
import { rightOf } from '../../support/either.js'
import { allGrammars } from '../../support/grammars.js'
import { allProtocols } from '../../support/protocols.js'
import { Draw, randomRecipe } from '../../support/random-grammars/index.js'
import { madeFrom } from '../../support/random-grammars/recipe.js'
import { differenceOf, wantedValues } from '../../support/shown-values.js'
import { describeWithTshark } from '../../support/tshark.js'
import { tsharkPackets } from '../../support/tshark-dissection.js'

interface Sample {
  readonly type: string
  readonly grammar: Grammar<unknown>
  readonly given: Partial<Protocol>
  readonly value: unknown
}

/** Whether a message of so many bytes is one packet. */
const isOne = (size: number): boolean => size > 0 && size <= 2 ** 17

/** The samples that no packet shows as their JSON form has them. */
const differences = (samples: ReadonlyArray<Sample>): ReadonlyArray<string> => {
  const types = new Map(samples.map(({ type, grammar }) => [type, grammar]))
  const script = toWireshark(
    Array.from(types, ([type, grammar]) => ({ type, filter: type, grammar })),
    { name: 'nix', header: PacketHeader },
  )
  const writer = new RecordingWriter('samples')
  const packets = samples.map(({ type, grammar, given, value }) =>
    writer.bytes('client', rightOf(compile(grammar, given).encode(value)), null, {
      part: 'Whole',
      version: given.version ?? null,
      features: given.features ?? [],
      operation: '',
      type,
    }),
  )
  const shown = tsharkPackets(Buffer.concat([writer.start(), ...packets]), script)
  expect(shown.length).to.equal(samples.length)
  return samples.flatMap(({ type, grammar, given, value }, i) => {
    const { values, notes } = shown[i]!
    const node = resolved(grammar, protocolFor('a spec', grammar.node, given)).node
    const wanted = wantedValues(node, rightOf(toJson(grammar, given, value)), type)
    const header = values.findIndex(({ filter }) => filter === 'type')
    const difference = differenceOf(wanted, values.slice(header + 1))
    return difference === null && notes.length === 0
      ? []
      : [`${type} at ${given.version} [${given.features}]: ${difference}; ${notes.join(', ')}`]
  })
}

describeWithTshark('the values that Wireshark shows', () => {
  it('are those of the JSON form, of every grammar at every version', () => {
    const samples = allGrammars.flatMap(([type, grammar]) => {
      const seen = new Set<string>()
      return allProtocols.flatMap((given) => {
        const codec = compile(grammar, given)
        return edgesOf(type, given).flatMap((value): ReadonlyArray<Sample> => {
          const bytes = codec.encode(value)
          const key = isRight(bytes) ? Buffer.from(bytes.right).toString('latin1') : ''
          const isOther = isOne(key.length) && !seen.has(key)
          seen.add(key)
          return isOther ? [{ type, grammar, given, value }] : []
        })
      })
    })
    expect(samples.length).to.be.greaterThan(300)
    expect(differences(samples)).to.deep.equal([])
  })

  it('are those of the JSON form, of grammars of random combinators', () => {
    const given = { version: '1.2', features: [], storeDir: '/a/dir' } as const
    const samples = Array.from({ length: 60 }, (_, seed): ReadonlyArray<Sample> => {
      try {
        const grammar = madeFrom(randomRecipe(new Draw(seed)))
        const codec = compile(grammar, given)
        const values = fc.sample(toArbitrary(grammar, given), { numRuns: 4, seed })
        return values
          .filter((value) => isOne(codec.size(value)))
          .map((value) => ({ type: `T${seed}`, grammar, given, value }))
      } catch {
        // These combinators do not fit together.
        return []
      }
    }).flat()
    expect(samples.length).to.be.greaterThan(100)
    expect(differences(samples)).to.deep.equal([])
  })
})
