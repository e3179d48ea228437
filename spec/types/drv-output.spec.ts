import { expect } from 'chai'
import { DrvOutputByHash, OutputName } from '../../types/index.js'
import { describeWithShared } from '../support/shared.js'
import { goldenJson, goldenStrings } from './golden.js'
import { guardsAgainstEverythingElse, obeysTheLaws } from './laws.js'
import { read, refuses } from './outcomes.js'
import { drvOutputs } from './values.js'

const hex = '15e3c560894cbb27085cf65b5a2ecb18488c999497f4531b6907a7581ce6d527'
const value = { _tag: 'Hash', algorithm: 'sha256', digest: hex, outputName: 'baz' }

describe('DrvOutputByHash', () => {
  obeysTheLaws(DrvOutputByHash.format, drvOutputs)
  guardsAgainstEverythingElse(DrvOutputByHash)

  describeWithShared('golden files', () => {
    it('reads drv-output.bin as its JSON, and writes it again', () => {
      const texts = goldenStrings('drv-output')
      expect(texts).to.deep.equal(goldenJson('drv-output'))
      expect(texts.map((text) => DrvOutputByHash.encode(read(DrvOutputByHash, text)))).to.deep.equal(texts)
      expect(read(DrvOutputByHash, texts[0] ?? '')).to.deep.equal(value)
    })

    it('reads the keys that Nix 2.35 writes to older peers', () => {
      const key = `sha256:${'0'.repeat(64)}!bar`
      expect(DrvOutputByHash.encode(read(DrvOutputByHash, key))).to.equal(key)
    })
  })

  it('reads any encoding with its algorithm, and SRI', () => {
    const hashes = [
      `sha256:${hex.toUpperCase()}`,
      'sha256:09ymwqf5i9q7d4dm7x4pjjcqqj0qrcp5lnznbh42gfsci5hcbqqm',
      'sha256:FePFYIlMuycIXPZbWi7LGEiMmZSX9FMbaQenWBzm1Sc=',
      'sha256-FePFYIlMuycIXPZbWi7LGEiMmZSX9FMbaQenWBzm1Sc=',
    ]
    for (const hash of hashes) expect(read(DrvOutputByHash, `${hash}!baz`), hash).to.deep.equal(value)
  })

  it('prints only digests of the algorithm, and output names', () => {
    const given = read(DrvOutputByHash, `sha256:${hex}!baz`)
    expect(() => DrvOutputByHash.encode({ ...given, algorithm: 'sha1' })).to.throw(TypeError, 'a sha1 digest')
    expect(() =>
      DrvOutputByHash.encode({ ...given, digest: hex.toUpperCase() as typeof given.digest }),
    ).to.throw(TypeError, hex)
    expect(() => DrvOutputByHash.encode({ ...given, outputName: 'a!b' as typeof given.outputName })).to.throw(
      TypeError,
    )
    expect(() => DrvOutputByHash.encode({ ...given, algorithm: 'sha3' as 'sha1' })).to.throw(
      TypeError,
      'md5, sha1',
    )
    expect(DrvOutputByHash.is({ ...given, algorithm: 'blake3' })).to.equal(true)
    expect(DrvOutputByHash.is({ ...given, algorithm: 'sha512' })).to.equal(false)
  })

  it('takes quickly the same output names', () => {
    const { quick } = DrvOutputByHash.format
    const names = ['.', '..', '.-', '..-', '.-x', '..-x', '...', '.a', 'a.-', 'a', '-', 'a'.repeat(211)]
    for (const outputName of [...names, 'a'.repeat(212), '', 'a!b', 'a\n', 'é']) {
      const taken = OutputName.is(outputName)
      const made = { ...value, outputName }
      expect(quick?.parse(`sha256:${hex}!${outputName}`), outputName).to.deep.equal(taken ? made : undefined)
      expect(quick?.print(made as never) === undefined, outputName).to.equal(!taken)
    }
  })

  refuses(DrvOutputByHash, [
    ['', 0, 'a hash with its algorithm'],
    [`${hex}!baz`, 0, 'a hash with its algorithm'],
    [`sha256:${hex}`, 71, '"!"'],
    [`sha256:${hex}!`, 72, 'a character of a name'],
    [`sha256:${hex}!a!b`, 73, 'at most 211'],
    [`sha256:${hex}^baz`, 71, 'a sha256 digest'],
    [`sha255:${hex}!baz`, 0, 'md5, sha1'],
    [`sha256:${hex.slice(0, 60)}!baz`, 67, 'a sha256 digest'],
    [`sha256:${hex.slice(0, 63)}x!baz`, 70, 'base16'],
    ['!baz', 0, 'a hash with its algorithm'],
  ])
})
