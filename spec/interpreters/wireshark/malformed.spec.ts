import { expect } from 'chai'
import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import type { Grammar, IssueTag } from '../../../combinators/index.js'
import * as G from '../../../grammar/index.js'
import { compile, toMalformed } from '../../../interpreters/index.js'
import { toWireshark } from '../../../interpreters/wireshark/index.js'
import { toArbitrary } from '../../../laws/index.js'
import { PacketHeader, RecordingWriter } from '../../../session/index.js'
import { describeWithTshark } from '../../support/tshark.js'
import { tsharkPackets } from '../../support/tshark-dissection.js'

const given = { version: '1.38', features: [], storeDir: '/nix/store' } as const

const grammars: ReadonlyArray<readonly [name: string, grammar: Grammar<unknown>]> = (
  [
    'BuildResult',
    'UnkeyedValidPathInfo',
    'LogMessage',
    'ClientHello',
    'SetOptionsRequest',
    'BasicDerivation',
  ] as const
).flatMap((name) => (name in G ? [[name, (G as never)[name] as Grammar<unknown>] as const] : []))

// A dissector has neither the functions of texts and views nor the limits of a codec.
const unseen: ReadonlySet<IssueTag> = new Set<IssueTag>(['InvalidText', 'InvalidValue', 'LimitExceeded'])

describeWithTshark('a malformed message in Wireshark', () => {
  it('has the issue of the codec, at its byte', () => {
    expect(grammars.length).to.be.greaterThan(3)
    const samples = grammars.flatMap(([type, grammar]) =>
      [
        ...toMalformed(grammar, given).sample(
          fc.sample(toArbitrary(grammar, given), { numRuns: 80, seed: 1 }),
          1,
        ),
      ].flatMap(({ bytes }) => {
        const read = compile(grammar, given).decode(bytes)
        const isSeen = isLeft(read) && !unseen.has(read.left._tag) && bytes.length > 0
        return isSeen ? [{ type, bytes, issue: read.left }] : []
      }),
    )
    expect(samples.length).to.be.greaterThan(100)
    const script = toWireshark(
      grammars.map(([type, grammar]) => ({ type, filter: type, grammar })),
      { name: 'nix', header: PacketHeader },
    )
    const writer = new RecordingWriter('malformed')
    const about = { part: 'Whole', version: given.version, features: [], operation: '' } as const
    const packets = samples.map(({ type, bytes }) => writer.bytes('client', bytes, null, { ...about, type }))
    const shown = tsharkPackets(Buffer.concat([writer.start(), ...packets]), script)
    const differences = samples.flatMap(({ type, issue }, i) => {
      const said = shown[i]?.notes.join('; ')
      const place = 'position' in issue ? ` (byte ${issue.position} of the text)` : ''
      const wanted = `${issue._tag} at byte ${issue.offset}: got ${issue.actual}${place}, expected ${issue.expected}`
      // A long one is cut.
      return said?.slice(0, 200) === wanted.slice(0, 200) ? [] : [`${type}: wanted ${wanted}; shown ${said}`]
    })
    expect(differences.join('\n')).to.equal('')
  })
})
