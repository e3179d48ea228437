import { expect } from 'chai'
import { type Either, isRight, left } from 'fp-ts/lib/Either.js'
import { type Finding, functionTarget, fuzz } from '../../fuzz/index.js'
import { ValidPathInfo } from '../../grammar/index.js'
import type { TypeOf } from '../../index.js'
import { compile } from '../../interpreters/index.js'

type Info = TypeOf<typeof ValidPathInfo>

const codec = compile(ValidPathInfo)

/** The findings of a decoder that is right, but refuses these values. */
const refusing = async (
  refuses: (info: Info) => boolean,
  decode: (bytes: Uint8Array) => Either<unknown, Info> = codec.decode,
): Promise<ReadonlyArray<Finding>> => {
  const target = functionTarget<Info>({
    decode: (bytes) => {
      const read = decode(bytes)
      return isRight(read) && refuses(read.right) ? left('no') : read
    },
  })
  return (await fuzz(ValidPathInfo, target, { seed: 1, runs: 1500, minimise: 600 })).findings
}

/** A text with bytes that are not UTF-8 has them as lone surrogates. */
const isUtf8 = (text: string): boolean => text.isWellFormed()

describe('why an acceptable message is refused', () => {
  it('is not its form if the same is refused in the canonical form', async () => {
    const found = await refusing(({ info }) => info.narSize < 2n)
    expect(found.map(({ mistake, input }) => [mistake.rule, input.expected.verdict])).to.deep.equal([
      ['valid, refused: no', 'accepts'],
    ])
    expect(found[0]?.count).to.be.above(1)
  })

  it('is not its form if another text of that form is accepted: it names the bytes, and they are few', async () => {
    const found = await refusing(({ info }) => !info.signatures.every(isUtf8))
    expect(found.map(({ mistake: { group, cause } }) => [group, cause])).to.deep.equal([
      ['info.signatures[]: refused for bytes that are not UTF-8', 'bytes that are not UTF-8'],
    ])
    const [{ firstLength, input, minimised, rules } = found[0]!] = found
    expect([minimised, rules]).to.deep.equal([true, []])
    expect(input.bytes.length).to.be.below(firstLength)
  })

  it('is something else if no more is known', async () => {
    const found = await refusing(({ info }) =>
      info.signatures.some((each) => each.length > 8 && !/:/.test(each)),
    )
    expect(found.map(({ mistake }) => mistake.group)).to.deep.equal([
      'info.signatures[]: refused for another reason than its form',
    ])
  })

  it('is its form if only that is refused', async () => {
    const { decode } = compile(ValidPathInfo, {}, { profile: 'canonical' })
    const found = await refusing(() => false, decode)
    expect(found.map(({ mistake }) => mistake.cause).filter((each) => each !== undefined)).to.deep.equal([])
    expect(found.map(({ mistake }) => mistake.group)).to.include.members([
      'Signature: strict text',
      'in ascending order',
      '0 or 1',
    ])
  })
})
