import { createHash } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import {
  Base16Digest,
  digestSize,
  HashAlgorithm,
  HashDigest,
  hashAlgorithms,
  hashBytes,
  hashFromBytes,
  hashTo,
  NARHash,
  Nix32Digest,
  PrefixedNARHash,
  parseHash,
  prefixedNARHash,
} from '../../types/index.js'
import { processorTime } from '../support/processor-time.js'
import { describeWithShared } from '../support/shared.js'
import { goldenJson, goldenStrings } from './golden.js'
import { agreesWithItsPattern, guardsAgainstEverythingElse, obeysTheLaws } from './laws.js'
import { issueOf, read, refuses, rightOf } from './outcomes.js'
import { hashes } from './values.js'

const hex = '15e3c560894cbb27085cf65b5a2ecb18488c999497f4531b6907a7581ce6d527'
const sri = 'sha256-FePFYIlMuycIXPZbWi7LGEiMmZSX9FMbaQenWBzm1Sc='
const base64 = sri.slice(7)
const nix32 = '09ymwqf5i9q7d4dm7x4pjjcqqj0qrcp5lnznbh42gfsci5hcbqqm'
const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

describe('hashes', () => {
  it('have the same sizes as in other implementations', () => {
    for (const algorithm of ['md5', 'sha1', 'sha256', 'sha512'] as const) {
      const digest = createHash(algorithm).digest()
      expect(digestSize[algorithm]).to.equal(digest.length)
      expect(hashBytes(rightOf(hashFromBytes(algorithm, digest)))).to.deep.equal(new Uint8Array(digest))
    }
  })

  it('write the sha256 of nothing as Nix does', () => {
    const hash = rightOf(parseHash(`sha256:${emptySha256}`))
    expect(hashTo('nix32', hash)).to.equal('0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73')
    expect(hashTo('sri', hash)).to.equal('sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=')
  })

  describeWithShared('golden files', () => {
    it('has the nix32 of content-address.bin for the SRI of its JSON', () => {
      const wire = goldenStrings('content-address').map((text) => text.slice(text.lastIndexOf(':') + 1))
      const json = goldenJson('content-address') as ReadonlyArray<{ readonly hash: string }>
      expect(json.map(({ hash }) => hashTo('nix32', rightOf(parseHash(hash))))).to.deep.equal(wire)
      expect(wire.length).to.equal(3)
    })
  })

  it('are read and written in every form', () => {
    fc.assert(
      fc.property(hashes, (hash) => {
        const { algorithm } = hash
        for (const form of ['base16', 'nix32', 'base64'] as const) {
          const text = hashTo(form, hash)
          expect(rightOf(parseHash(text, algorithm))).to.deep.equal(hash)
          expect(rightOf(parseHash(`${algorithm}:${text}`))).to.deep.equal(hash)
          expect(rightOf(parseHash(`${algorithm}:${text}`, algorithm))).to.deep.equal(hash)
        }
        expect(rightOf(parseHash(hashTo('base16', hash).toUpperCase(), algorithm))).to.deep.equal(hash)
        expect(rightOf(parseHash(hashTo('sri', hash)))).to.deep.equal(hash)
        expect(hashTo('sri', hash)).to.equal(`${algorithm}-${hashTo('base64', hash)}`)
      }),
    )
  })

  it('have the lengths of the specification', () => {
    const lengths = hashAlgorithms.map((algorithm) => {
      const hash = rightOf(hashFromBytes(algorithm, new Uint8Array(digestSize[algorithm])))
      return [
        algorithm,
        hashTo('base16', hash).length,
        hashTo('nix32', hash).length,
        hashTo('base64', hash).length,
      ]
    })
    expect(lengths).to.deep.equal([
      ['md5', 32, 26, 24],
      ['sha1', 40, 32, 28],
      ['sha256', 64, 52, 44],
      ['sha512', 128, 103, 88],
      ['blake3', 64, 52, 44],
    ])
  })

  describe('parseHash rejects', () => {
    const refusals: ReadonlyArray<readonly [string, HashAlgorithm | undefined, number, string]> = [
      [hex, undefined, 0, 'with its algorithm'],
      ['', 'sha256', 0, 'a sha256 digest of 64 base16, 52 nix32 or 44 base64'],
      [hex.slice(1), 'sha256', 63, 'a sha256 digest'],
      [`${hex}0`, 'sha256', 64, 'a sha256 digest'],
      [`${hex.slice(0, 63)}g`, 'sha256', 63, 'base16'],
      [`sha256:${hex.slice(0, 63)}g`, undefined, 70, 'base16'],
      [`sha1:${hex}`, undefined, 45, 'a sha1 digest'],
      [`sha1:${hex}`, 'sha256', 0, 'a sha256 hash'],
      [`SHA256:${hex}`, undefined, 0, 'md5, sha1, sha256, sha512 or blake3'],
      [`:${hex}`, undefined, 0, 'md5, sha1'],
      [`sha256:${sri}`, undefined, 58, 'a sha256 digest'],
      [`sha256:sha256:${hex}`, undefined, 71, 'a sha256 digest'],
      [`sha256-${hex}`, undefined, 71, 'base64 of 32 bytes'],
      [`sha256-${base64.slice(4)}`, undefined, 47, 'base64 of 32 bytes'],
      ['sha256-', undefined, 7, 'base64 of 32 bytes'],
      [`${base64.slice(0, 40)}====`, 'sha256', 44, 'base64 of 32 bytes'],
      [`2${nix32.slice(1)}`, 'sha256', 0, 'unused high bits'],
      [nix32.toUpperCase(), 'sha256', 2, 'nix32'],
      [`${hex.slice(0, 30)}é${hex.slice(0, 33)}`, 'sha256', 30, 'base16'],
    ]
    for (const [text, algorithm, position, expected] of refusals) {
      it(`${text} as ${algorithm ?? 'any'} at ${position}`, () => {
        const issue = issueOf(parseHash(text, algorithm))
        expect(issue.expected).to.include(expected)
        expect(issue.position).to.equal(position)
      })
    }
  })

  it('are read in SRI without padding, as in the reference implementation', () => {
    expect(rightOf(parseHash(sri.slice(0, -1))).digest).to.equal(hex)
  })

  it('reject a wrong number of bytes', () => {
    expect(issueOf(hashFromBytes('md5', new Uint8Array(20)))).to.equal('expected 16 bytes of md5, got 20')
  })

  it('throw for an invalid digest, which only a cast can bring', () => {
    const forged = { algorithm: 'sha1', digest: hex as Base16Digest } as const
    expect(() => hashTo('nix32', forged)).to.throw(TypeError, 'not the base16 of a sha1 digest')
  })

  it('reject a megabyte without reading it again and again', () => {
    const time = processorTime(() => {
      for (const character of ['a', ':', '-', '=']) {
        expect(parseHash(character.repeat(1_000_000), 'sha256')._tag).to.equal('Left')
        expect(parseHash(`sha256-${character.repeat(1_000_000)}`)._tag).to.equal('Left')
      }
    })
    expect(time).to.be.lessThan(5000)
  })
})

describe('HashAlgorithm', () => {
  agreesWithItsPattern(HashAlgorithm.format)
  guardsAgainstEverythingElse(HashAlgorithm)
  refuses(HashAlgorithm, [
    ['', 0, 'md5, sha1, sha256, sha512 or blake3'],
    ['SHA256', 0, 'md5'],
    ['sha224', 0, 'md5'],
    ['sha256:', 6, 'the end of the text'],
  ])
})

describe('NARHash', () => {
  agreesWithItsPattern(NARHash.format)
  guardsAgainstEverythingElse(NARHash)

  it('reads every form of a sha256', () => {
    const forms = [
      hex,
      hex.toUpperCase(),
      nix32,
      base64,
      `sha256:${hex}`,
      `sha256:${nix32}`,
      `sha256:${base64}`,
      sri,
    ]
    expect(forms.map((form) => read(NARHash, form))).to.deep.equal(forms.map(() => hex))
  })

  it('prints the normal form only', () => {
    expect(NARHash.is(hex)).to.equal(true)
    expect(NARHash.is(hex.toUpperCase())).to.equal(false)
    expect(NARHash.is(sri)).to.equal(false)
    expect(() => NARHash.encode(sri as unknown as NARHash)).to.throw(
      TypeError,
      `the canonical "${hex}" at position 0`,
    )
  })

  it('is the type of a digest', () => {
    expect(hashTo('nix32', { algorithm: 'sha256', digest: read(NARHash, hex) })).to.equal(nix32)
  })

  refuses(NARHash, [
    ['', 0, 'a sha256 digest'],
    [`blake3:${hex}`, 0, 'a sha256 hash'],
    [`sha256:${hex} `, 71, 'a sha256 digest'],
  ])
})

describe('PrefixedNARHash', () => {
  agreesWithItsPattern(PrefixedNARHash.format)
  guardsAgainstEverythingElse(PrefixedNARHash)

  it('is a sha256 in nix32 with its algorithm, whatever form it had', () => {
    const forms = [`sha256:${nix32}`, `sha256:${hex}`, `sha256:${base64}`, sri]
    expect(forms.map((form) => read(PrefixedNARHash, form))).to.deep.equal(forms.map(() => `sha256:${nix32}`))
    expect(prefixedNARHash(read(NARHash, hex))).to.equal(`sha256:${nix32}`)
    expect(() => prefixedNARHash(sri as unknown as NARHash)).to.throw(TypeError, 'not the base16')
  })

  refuses(PrefixedNARHash, [
    ['', 0, 'a hash with its algorithm'],
    [hex, 0, 'a hash with its algorithm'],
    [nix32, 0, 'a hash with its algorithm'],
    [`blake3:${hex}`, 0, 'a sha256 hash'],
    [`sha256:${hex} `, 71, 'a sha256 digest'],
  ])
})

describe('HashDigest', () => {
  guardsAgainstEverythingElse(HashDigest)
  obeysTheLaws(
    HashDigest.format,
    fc
      .tuple(hashes, fc.constantFrom('base16', 'nix32', 'base64'))
      .map(([hash, form]) => hashTo(form as 'base16', hash) as string as HashDigest),
  )

  it('keeps the text as it is', () => {
    const withNewline = `${base64.slice(0, 20)}\n${base64.slice(20, 43)}`
    for (const text of [hex, hex.toUpperCase(), nix32, base64, withNewline]) {
      expect(read(HashDigest, text)).to.equal(text)
    }
  })

  refuses(HashDigest, [
    ['', 0, 'a digest as long as one of'],
    [hex.slice(1), 63, 'a digest as long as one of'],
    [`${hex}${hex}0`, 128, 'a digest as long as one of'],
    [`sha256:${hex}`, 71, 'a digest as long as one of'],
    [`${hex.slice(0, 63)}g`, 63, 'base16'],
    ['d41d8cd98f00b204e9800998ecf8427!', 31, 'base16'],
    [`2${nix32.slice(1)}`, 0, 'unused high bits'],
    [`${'z'.repeat(31)}!`, 31, 'nix32'],
    [`${'f'.repeat(31)}!`, 31, 'base16'],
  ])
})

describe('Base16Digest and Nix32Digest', () => {
  obeysTheLaws(
    Base16Digest.format,
    hashes.map(({ digest }) => digest),
  )
  obeysTheLaws(
    Nix32Digest.format,
    hashes.map((hash) => hashTo('nix32', hash)),
  )

  it('convert upper case to lower, in base16 only', () => {
    expect(read(Base16Digest, hex.toUpperCase())).to.equal(hex)
    expect(Nix32Digest.make(nix32.toUpperCase())._tag).to.equal('Left')
  })

  refuses(Base16Digest, [
    ['15e3', 4, '32, 40, 64 or 128'],
    [nix32, 2, 'base16'],
  ])
  refuses(Nix32Digest, [
    ['0000', 4, '26, 32, 52 or 103'],
    [hex, 2, 'nix32'],
  ])
})
