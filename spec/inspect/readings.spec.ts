import { expect } from 'chai'
import fc from 'fast-check'
import { bytesOf } from '../../bytes/hex.js'
import { readingsOf } from '../../inspect/readings.js'
import { rawIn } from '../support/raw.js'

const readings = (hex: string) =>
  Object.fromEntries(readingsOf(bytesOf(hex)).map(({ as, value }) => [as, value]))

describe('the readings of bytes', () => {
  it('include integers, with and without a sign', () => {
    expect(readings('ff')).to.deep.equal({ u8: '255', i8: '-1', text: 'not UTF-8' })
    expect(readings('22 70 02 6b 00 00 00 80')).to.deep.include({
      u8: '34',
      u16: '28,706',
      u32: '1,795,321,890',
      u64: '9,223,372,038,650,097,698',
      i64: '-9,223,372,035,059,453,918',
    })
  })

  it('include dates', () => {
    expect(readings('22 70 02 6b 00 00 00 00').date).to.equal('2026-11-22T04:31:30Z')
    expect(readings('22 70 02 6b').date).to.equal('2026-11-22T04:31:30Z')
    expect(readings('ff ff ff ff ff ff ff ff').date).to.equal(undefined)
  })

  it('include texts, also with a length in front', () => {
    expect(readings('74 65 61').text).to.equal('"tea"')
    expect(readings('03 00 00 00 00 00 00 00 74 65 61 00 00 00 00 00').string).to.equal('"tea"')
    expect(readings('04 00 00 00 00 00 00 00 74 65 61').string).to.equal(undefined)
  })

  it('include hashes, of the bytes or written as text', () => {
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    const forms = {
      sha256: 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
      'sha256, nix32': '0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73',
      'sha256, base16': empty,
    }
    expect(readings(empty)).to.deep.include(forms)
    expect(readings(Buffer.from(empty).toString('hex'))).to.deep.include(forms)
    expect(readings(Buffer.from(forms['sha256, nix32']).toString('hex'))).to.deep.include(forms)
  })

  it('exist for any bytes, and contain no control characters', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        for (const { value } of readingsOf(bytes)) {
          expect(rawIn(value)).to.deep.equal([])
          expect(value.length).to.be.below(4000)
        }
      }),
    )
  })
})
