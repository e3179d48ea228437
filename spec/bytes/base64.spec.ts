import { expect } from 'chai'
import fc from 'fast-check'
import { left, right } from 'fp-ts/lib/Either.js'
import { base64Length, decodeBase64, encodeBase64, isCanonicalBase64 } from '../../bytes/base64.js'

// RFC 4648, section 10.
const vectors = [
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg=='],
  ['fooba', 'Zm9vYmE='],
  ['foobar', 'Zm9vYmFy'],
] as const

describe('base64', () => {
  for (const [text, base64] of vectors) {
    it(`of ${JSON.stringify(text)} is the same as in RFC 4648`, () => {
      const bytes = new TextEncoder().encode(text)
      expect(encodeBase64(bytes)).to.equal(base64)
      expect(decodeBase64(base64)).to.deep.equal(right(bytes))
      expect(isCanonicalBase64(base64)).to.equal(true)
      expect(base64Length(bytes.length)).to.equal(base64.length)
    })
  }

  it('is the same as the platform writes, for bytes of any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20_000 }), (bytes) => {
        const text = encodeBase64(bytes)
        expect(text).to.equal(Buffer.from(bytes).toString('base64'))
        expect(decodeBase64(text)).to.deep.equal(right(bytes))
        expect(isCanonicalBase64(text)).to.equal(true)
      }),
    )
  })

  it('is read like in Nix: newlines, stray bits and everything after the first = are ignored', () => {
    for (const text of ['Zm9v\nYg==', 'Zm9vYh==', 'Zm9vYg', 'Zm9vYg=!', 'Zm9vYg==Zm9v']) {
      expect(decodeBase64(text)).to.deep.equal(right(new TextEncoder().encode('foob')))
      expect(isCanonicalBase64(text)).to.equal(false)
    }
  })

  it('has an issue where it is invalid', () => {
    expect(decodeBase64('Zm9v-_8=')).to.deep.equal(left(4))
    expect(decodeBase64('Z m9')).to.deep.equal(left(1))
    expect(decodeBase64('Zm9é')).to.deep.equal(left(3))
  })
})
