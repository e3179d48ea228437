import { expect } from 'chai'
import fc from 'fast-check'
import {
  ContentAddress,
  ContentAddressMethodWithAlgo,
  contentAddressHash,
  contentAddressOf,
  DerivationOutputMethod,
  type Hash,
  hashTo,
  parseHash,
} from '../../types/index.js'
import { describeWithShared } from '../support/shared.js'
import { goldenJson, goldenStrings } from './golden.js'
import { guardsAgainstEverythingElse, obeysTheLaws } from './laws.js'
import { read, refuses, rightOf } from './outcomes.js'
import { algorithms, hashes, methods } from './values.js'

const methodsWithAlgo = fc.record({ _tag: methods, algorithm: algorithms })
const sha1: Hash = rightOf(parseHash('sha1-gGemBoenViNZM3hiwqns/Fgzqwo='))
const nix32 = '1amk6n7wxjlw4qkq6dcj6mm7hw3acrw0'
const digest16 = '8067a60687a7562359337862c2a9ecfc5833ab0a'

describe('ContentAddressMethodWithAlgo', () => {
  obeysTheLaws(ContentAddressMethodWithAlgo.format, methodsWithAlgo)
  guardsAgainstEverythingElse(ContentAddressMethodWithAlgo)

  it('has a prefix for each method', () => {
    const texts = ['text:sha256', 'fixed:sha1', 'fixed:r:md5', 'fixed:git:blake3']
    expect(texts.map((text) => read(ContentAddressMethodWithAlgo, text))).to.deep.equal([
      { _tag: 'Text', algorithm: 'sha256' },
      { _tag: 'Flat', algorithm: 'sha1' },
      { _tag: 'NixArchive', algorithm: 'md5' },
      { _tag: 'Git', algorithm: 'blake3' },
    ])
  })

  it('checks the values in its guard', () => {
    expect(ContentAddressMethodWithAlgo.is({ _tag: 'Text', algorithm: 'toString' })).to.equal(false)
    expect(ContentAddressMethodWithAlgo.is({ _tag: 'Nar', algorithm: 'sha1' })).to.equal(false)
    expect(ContentAddressMethodWithAlgo.is({ _tag: 'Flat', algorithm: 'sha1', more: 1 })).to.equal(false)
    expect(ContentAddressMethodWithAlgo.is('fixed:sha1')).to.equal(false)
  })

  it('cannot write a value that it could not read', () => {
    const encode = (value: object) => () =>
      ContentAddressMethodWithAlgo.encode(value as ContentAddressMethodWithAlgo)
    expect(encode({ _tag: 'Flat', algorithm: 'toString' })).to.throw(
      TypeError,
      'a hash algorithm at position 0',
    )
    expect(encode({ _tag: 'Nar', algorithm: 'sha1' })).to.throw(TypeError, 'a content address method')
  })

  refuses(ContentAddressMethodWithAlgo, [
    ['', 0, 'text:, fixed:, fixed:r: or fixed:git:'],
    ['sha256', 0, 'text:'],
    ['r:sha256', 0, 'text:'],
    ['fixed', 0, 'text:'],
    ['fixed:', 6, 'md5, sha1'],
    ['fixed:x:sha256', 6, 'md5, sha1'],
    ['text:sha256:', 11, 'the end of the text'],
    ['fixed:git:sha', 10, 'md5, sha1'],
  ])
})

describe('DerivationOutputMethod', () => {
  obeysTheLaws(DerivationOutputMethod.format, methodsWithAlgo)
  guardsAgainstEverythingElse(DerivationOutputMethod)

  it('has other prefixes, and none for a flat file', () => {
    const texts = ['text:sha256', 'sha1', 'r:md5', 'git:sha512']
    expect(texts.map((text) => read(DerivationOutputMethod, text))).to.deep.equal([
      { _tag: 'Text', algorithm: 'sha256' },
      { _tag: 'Flat', algorithm: 'sha1' },
      { _tag: 'NixArchive', algorithm: 'md5' },
      { _tag: 'Git', algorithm: 'sha512' },
    ])
  })

  refuses(DerivationOutputMethod, [
    ['', 0, 'md5, sha1'],
    ['fixed:sha256', 0, 'r:, git:, text: or no prefix'],
    ['fixed:r:sha256', 0, 'r:, git:, text: or no prefix'],
    ['r:', 2, 'md5, sha1'],
    ['r:sha256:', 8, 'the end of the text'],
    ['sha256 ', 6, 'the end of the text'],
  ])
})

describe('ContentAddress', () => {
  obeysTheLaws(
    ContentAddress.format,
    fc.tuple(methods, hashes).map(([method, hash]) => contentAddressOf(method, hash)),
  )
  guardsAgainstEverythingElse(ContentAddress)

  describeWithShared('golden files', () => {
    for (const name of ['content-address', 'optional-content-address']) {
      it(`reads ${name}.bin as its JSON, and writes it again`, () => {
        const texts = goldenStrings(name).filter((text) => text !== '')
        const words = { Text: 'text', Flat: 'flat', NixArchive: 'nar', Git: 'git' } as const
        const values = texts.map((text) => read(ContentAddress, text))
        const json = (goldenJson(name) as ReadonlyArray<unknown>).filter((value) => value !== null)
        expect(
          values.map((ca) => ({ method: words[ca._tag], hash: hashTo('sri', contentAddressHash(ca)) })),
        ).to.deep.equal(json)
        expect(values.map((value) => ContentAddress.encode(value))).to.deep.equal(texts)
        expect(texts).not.to.deep.equal([])
      })
    }
  })

  it('reads base16, nix32 and base64 by their length', () => {
    const value = { _tag: 'Flat', algorithm: 'sha1', digest: nix32 }
    for (const digest of [nix32, digest16, digest16.toUpperCase(), 'gGemBoenViNZM3hiwqns/Fgzqwo=']) {
      expect(read(ContentAddress, `fixed:sha1:${digest}`), digest).to.deep.equal(value)
    }
    expect(contentAddressHash(contentAddressOf('Git', sha1))).to.deep.equal(sha1)
  })

  it('prints only nix32 of the length of the algorithm', () => {
    const value = contentAddressOf('Flat', sha1)
    expect(ContentAddress.is(value)).to.equal(true)
    expect(ContentAddress.is({ ...value, digest: digest16 })).to.equal(false)
    expect(ContentAddress.is({ ...value, algorithm: 'sha256' })).to.equal(false)
    expect(() => ContentAddress.encode({ ...value, algorithm: 'sha256' })).to.throw(
      TypeError,
      'a sha256 digest',
    )
    expect(() => ContentAddress.encode({ ...value, digest: digest16 as typeof value.digest })).to.throw(
      TypeError,
      nix32,
    )
    expect(() =>
      contentAddressHash({ ...value, algorithm: 'md5', digest: 'x' as typeof value.digest }),
    ).to.throw(TypeError)
  })

  refuses(ContentAddress, [
    ['', 0, 'text:, fixed:'],
    ['fixed:r:sha1', 8, 'md5, sha1, sha256, sha512 or blake3 and ":"'],
    ['fixed:sha1:', 11, 'a sha1 digest of 40 base16, 32 nix32 or 28 base64 characters'],
    [`fixed:sha1:${nix32}0`, 44, 'a sha1 digest'],
    [`fixed:sha1:${digest16.slice(0, 39)}x`, 50, 'base16'],
    ['fixed:sha1:sha1-gGemBoenViNZM3hiwqns/Fgzqwo=', 44, 'a sha1 digest'],
    [`fixed:sha1-${nix32}`, 6, 'and ":"'],
    [`fixed:sha256:${nix32}`, 45, 'a sha256 digest'],
  ])
})
