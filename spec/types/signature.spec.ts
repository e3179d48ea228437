import { expect } from 'chai'
import fc from 'fast-check'
import { right } from 'fp-ts/lib/Either.js'
import { AnySignature, Signature, signatureBytes, signatureKeyName } from '../../types/index.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { processorTime } from '../support/processor-time.js'
import { describeWithShared } from '../support/shared.js'
import { goldenStrings } from './golden.js'
import { agreesWithItsPattern, guardsAgainstEverythingElse, obeysTheLaws } from './laws.js'
import { read, refuses, rightOf } from './outcomes.js'
import { signatures } from './values.js'

const order = Signature.format.compare ?? (() => Number.NaN)

const keyed = fc
  .tuple(
    fc.oneof(fc.constantFrom('a', 'b', 'aa', '\uffee', '𐀀'), fc.string({ unit: 'grapheme', minLength: 1 })),
    fc.uint8Array({ minLength: 1, maxLength: 4 }),
  )
  .filter(([key]) => !key.includes(':'))
  .map(([key, bytes]) => `${key}:${Buffer.from(bytes).toString('base64')}` as Signature)

/** The order by its definition, with bytes that somebody else compares. */
const orderByDefinition = (a: Signature, b: Signature): number => {
  const split = (text: string) => [
    Buffer.from(text.split(':')[0] ?? ''),
    Buffer.from(text.split(':')[1] ?? '', 'base64'),
  ]
  const [[keyA, bytesA], [keyB, bytesB]] = [split(a), split(b)] as [[Buffer, Buffer], [Buffer, Buffer]]
  return Buffer.compare(keyA, keyB) || Buffer.compare(bytesA, bytesB)
}

describe('Signature', () => {
  agreesWithItsPattern(Signature.format)
  guardsAgainstEverythingElse(Signature)
  obeysTheLaws(Signature.format, keyed)

  describeWithShared('golden files', () => {
    it('reads the signatures of a realisation unchanged', () => {
      const texts = goldenSignatures()
      expect(texts.length).to.equal(2)
      expect(texts.map((text) => Signature.encode(read(Signature, text)))).to.deep.equal(texts)
      expect(texts.map((text) => signatureBytes(read(Signature, text)).length)).to.deep.equal([64, 64])
    })
  })

  it('normalises unusual base64', () => {
    const odd = ['k:FeM=', 'k:FeM', 'k:Fe\nM=', 'k:FeN=', 'k:FeM=:junk']
    expect(odd.map((text) => read(Signature, text))).to.deep.equal(odd.map(() => 'k:FeM='))
    expect(odd.map((text) => Signature.is(text))).to.deep.equal([true, false, false, false, false])
  })

  it('ends the key name at the first colon', () => {
    expect(signatureKeyName(read(Signature, 'käse:AAAA'))).to.equal('käse')
    expect(signatureBytes(read(Signature, 'k:FeM='))).to.deep.equal(Uint8Array.of(0x15, 0xe3))
  })

  refuses(Signature, [
    ['', 0, 'the name of a key'],
    [':AAAA', 0, 'the name of a key'],
    ['key', 3, '":"'],
    ['key:', 4, 'base64 of at least one byte'],
    ['key:=', 4, 'base64 of at least one byte'],
    ['key:A', 4, 'base64 of at least one byte'],
    ['key:AA!A', 6, 'a base64 character'],
    ['käse:AA!A', 8, 'a base64 character'],
    ['key:a:AAAA', 5, 'a base64 character'],
    ['key:AA-_', 6, 'a base64 character'],
    ['k\ud83d:AAAA', 1, 'whole Unicode characters'],
  ])

  it('is ordered by key name, then by the decoded bytes', () => {
    const texts = ['b:AAAA', 'a:/w==', 'a:AA==', 'a:AAA=', 'a:aaaa', 'aa:AA=='].map((text) =>
      read(Signature, text),
    )
    expect(texts.sort(order)).to.deep.equal(['a:AA==', 'a:AAA=', 'a:aaaa', 'a:/w==', 'aa:AA==', 'b:AAAA'])
  })

  it('is ordered by UTF-8 bytes, not by UTF-16 units', () => {
    const texts = ['𐀀:AA==', '\uffee:AA=='].map((text) => read(Signature, text))
    expect(texts.sort(order)).to.deep.equal(['\uffee:AA==', '𐀀:AA=='])
  })

  it('is ordered like its definition', () => {
    fc.assert(
      fc.property(fc.oneof(keyed, signatures), fc.oneof(keyed, signatures), (a, b) => {
        expect(Math.sign(order(a, b))).to.equal(orderByDefinition(a, b))
        expect(order(a, b) === 0).to.equal(a === b)
      }),
    )
  })

  it('reads a long signature in proportional time', () => {
    const time = processorTime(() => {
      expect(read(Signature, `k:${'A'.repeat(4_000_000)}`).length).to.equal(4_000_002)
      expect(read(Signature, `${'k'.repeat(4_000_000)}:AAAA`).length).to.equal(4_000_005)
    })
    expect(time).to.be.lessThan(10_000)
  })
})

/** Texts with and without the form, close to one another, with characters that UTF-16 orders otherwise. */
const anyTexts = fc.oneof(
  keyed,
  fc
    .array(fc.constantFrom('a', 'b', ':', '=', 'A', 'AA', '\n', '!', '\uffee', '𐀀', '\udc80', '\udcfc'), {
      maxLength: 6,
    })
    .map((parts) => parts.join('')),
)

describe('any text in place of a signature', () => {
  const given = nixProtocol()
  const { parse, print, strict, compare = () => Number.NaN } = AnySignature.format
  const values = anyTexts.map((text) => rightOf(parse(text, given)))

  it('is kept, or normalised if it is a valid signature', () => {
    for (const text of ['', 'fake-sig-1', ':AAAA', 'k:', 'k:!', '\udcfc', 'k\ud83d:AAAA']) {
      expect(parse(text, given)).to.deep.equal(right(text))
      expect(print(text, given)).to.deep.equal(right(text))
    }
    expect(parse('k:FeM', given)).to.deep.equal(right('k:FeM='))
    expect(print('k:FeM', given)._tag).to.equal('Left')
    expect(AnySignature.decode('fake-sig-1')).to.deep.equal(right('fake-sig-1'))
    expect(['fake-sig-1', 'k:FeM=', 'k:FeM', 7].map((value) => AnySignature.is(value))).to.deep.equal([
      true,
      true,
      false,
      false,
    ])
  })

  it('is rejected by Signature', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(strict?.(value, given)._tag).to.equal(Signature.is(value) ? 'Right' : 'Left')
      }),
    )
  })

  it('has a total order, in which only equal texts are equal', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        expect(Math.sign(compare(a, b))).to.equal(-Math.sign(compare(b, a)) + 0)
        expect(compare(a, b) === 0).to.equal(a === b)
        if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).to.be.at.most(0)
      }),
      { numRuns: 2000 },
    )
  })

  it('is ordered by its decoded bytes, a name alone before its signatures', () => {
    const texts = ['k:AAAA', 'k', '\udcfc', 'é', 'k:!', 'a:AAAA', '']
    expect([...texts].sort(compare)).to.deep.equal(['', 'a:AAAA', 'k', 'k:!', 'k:AAAA', 'é', '\udcfc'])
  })
})

/** Those of realisation-with-deps.bin. */
const goldenSignatures = (): ReadonlyArray<string> =>
  goldenStrings('realisation-with-deps').flatMap(
    (text) => (JSON.parse(text) as { signatures: ReadonlyArray<string> }).signatures,
  )
