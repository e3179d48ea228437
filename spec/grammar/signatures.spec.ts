import { expect } from 'chai'
import fc from 'fast-check'
import { none, some } from 'fp-ts/lib/Option.js'
import { type Grammar, type Protocol, setOf } from '../../combinators/index.js'
import * as G from '../../grammar/index.js'
import { compile, dissect, runParser, toParser } from '../../interpreters/index.js'
import { toMalformed } from '../../interpreters/malformed/index.js'
import { NixReader } from '../../stream/nix-reader.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { sha256, storePath } from '../support/edge-values.js'
import { issueOf, rightOf } from '../support/either.js'
import { concat, int, padded } from '../support/wire.js'

/** Legal up to Nix 2.33 and in Lix; the last is the form that Nix has since 2.34. */
const free = ['fake-sig-1', '', 'k:', ':AAAA', 'k:!', 'ü']
const latin1 = Uint8Array.of(0x6b, 0xfc, 0x3a, 0x41)
const path = storePath('foo')

const jsonOf = (signature: string): string =>
  `{"dependentRealisations":{},"id":"sha256:${sha256}!out","outPath":"${path.slice('/nix/store/'.length)}",` +
  `"signatures":[${JSON.stringify(signature)}]}`

/** Messages with one signature, by hand, and where in the value it is. */
const messages: ReadonlyArray<{
  readonly name: string
  readonly grammar: Grammar<unknown>
  readonly given: Partial<Protocol>
  readonly bytes: (signature: Uint8Array) => Uint8Array
  readonly path: ReadonlyArray<string | number>
}> = [
  {
    name: 'a signature',
    grammar: G.Signature as Grammar<unknown>,
    given: {},
    bytes: (each) => each,
    path: [],
  },
  {
    name: 'a path info',
    grammar: G.UnkeyedValidPathInfo as Grammar<unknown>,
    given: { version: '1.35' },
    bytes: (each) =>
      concat(padded(''), padded(sha256), int(0), int(1), int(2), int(0), int(1), each, padded('')),
    path: ['signatures', 0],
  },
  {
    name: 'a request of AddSignatures',
    grammar: G.operations.AddSignatures.request as Grammar<unknown>,
    given: { version: '1.35' },
    bytes: (each) => concat(padded(path), int(1), each),
    path: ['signatures', 0],
  },
  {
    name: 'a realisation by path',
    grammar: G.UnkeyedRealisation as Grammar<unknown>,
    given: { features: ['realisation-with-path-not-hash'] },
    bytes: (each) => concat(padded(path), int(1), each),
    path: ['signatures', 0],
  },
]

/** What each reader makes of a message; they must agree. */
const readBy = async (
  grammar: Grammar<unknown>,
  given: Partial<Protocol>,
  bytes: Uint8Array,
  profile: 'compatible' | 'canonical',
) => {
  const read = compile(grammar, given, { profile }).decode(bytes)
  const agreed = nixProtocol(given)
  expect(compile(grammar, given, { profile, evaluate: false }).decode(bytes)).to.deep.equal(read)
  expect(runParser(toParser(grammar, given, { profile }), bytes)).to.deep.equal(
    read._tag === 'Left' ? read : { _tag: 'Right', right: { value: read.right, next: bytes.length } },
  )
  expect(dissect(grammar, agreed, bytes, { profile }).result).to.deep.equal(read)
  const reader = new NixReader([bytes.subarray(0, 13), bytes.subarray(13)], { protocol: given, profile })
  expect(await reader.readValue(grammar)()).to.deep.equal(read)
  return read
}

describe('a signature of any text', () => {
  for (const { name, grammar, given, bytes, path: place } of messages) {
    it(`is read and written unchanged in ${name}; the canonical profile says where it is wrong`, async () => {
      const canonical = compile(grammar, given, { profile: 'canonical' })
      const compatible = compile(grammar, given)
      for (const content of [...free.map((text) => padded(text)), padded(latin1)]) {
        const message = bytes(content)
        const value = rightOf(await readBy(grammar, given, message, 'compatible'))
        expect(rightOf(compatible.encode(value))).to.deep.equal(message)
        expect(compatible.size(value)).to.deep.equal(message.length)
        const issue = issueOf(await readBy(grammar, given, message, 'canonical'))
        expect([issue._tag, issue.path]).to.deep.equal(['InvalidText', place])
        const refused = issueOf(canonical.encode(value))
        expect([refused._tag, refused.path]).to.deep.equal(['InvalidText', place])
      }
    })
  }

  it('is read and written unchanged in the JSON of a realisation', async () => {
    const grammar = G.Realisation as Grammar<unknown>
    for (const text of free) {
      const message = padded(jsonOf(text))
      const value = rightOf(await readBy(grammar, {}, message, 'compatible'))
      expect(value).to.deep.include({ signatures: [text], text: none })
      expect(rightOf(compile(grammar).encode(value))).to.deep.equal(message)
      expect(issueOf(await readBy(grammar, {}, message, 'canonical'))).to.deep.include({
        _tag: 'InvalidText',
      })
      expect(issueOf(compile(grammar, {}, { profile: 'canonical' }).encode(value))._tag).to.equal(
        'InvalidText',
      )
    }
    const odd = rightOf(compile(grammar).decode(padded(jsonOf('k:FeM'))))
    expect(odd).to.deep.include({ signatures: ['k:FeM='], text: some(jsonOf('k:FeM')) })
  })

  it('has one order in a set, whatever order it was given', () => {
    const set = compile(setOf(G.Signature))
    const texts = ['b:AAAA', 'b', 'a:AA==', 'a', '\udcfc', 'fake-sig-1']
    const sorted = concat(
      int(6),
      ...['a', 'a:AA==', 'b', 'b:AAAA', 'fake-sig-1'].map((text) => padded(text)),
      padded(Uint8Array.of(0xfc)),
    )
    fc.assert(
      fc.property(fc.shuffledSubarray(texts, { minLength: texts.length }), (shuffled) => {
        expect(rightOf(set.encode(shuffled))).to.deep.equal(sorted)
      }),
    )
    expect(issueOf(set.encode(['a', 'a']))._tag).to.equal('DuplicateKey')
  })

  it('has no rules in the compatible profile except those of padded bytes', () => {
    const rules = toMalformed(G.Signature).rules
    const texts = rules.filter(
      ({ tag }) => tag === 'InvalidText' || tag === 'NotCanonical' || tag === 'NotUtf8',
    )
    expect(texts.length).to.be.greaterThan(5)
    expect(new Set(texts.map(({ profile }) => profile))).to.deep.equal(new Set(['canonical']))
    expect(new Set(texts.map(({ tag }) => tag))).to.deep.equal(new Set(['InvalidText', 'NotCanonical']))
  })
})
