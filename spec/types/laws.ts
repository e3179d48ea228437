import { expect } from 'chai'
import fc from 'fast-check'
import type { Protocol } from '../../combinators/protocol.js'
import type { TextFormat } from '../../combinators/text-format.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { recogniser } from '../../types/pattern.js'
import { TextType } from '../../types/text-type.js'
import { rightOf } from './outcomes.js'
import { arbitraryOf, nearTexts, regexpOf } from './patterns.js'

/** A printed value reads back as itself, and the codec made of the format says the same. */
export const obeysTheLaws = <A>(
  format: TextFormat<A>,
  values: fc.Arbitrary<A>,
  under: Protocol = nixProtocol(),
): void => {
  const type = new TextType(format, under)
  it('prints every value as a text that reads back as it', () => {
    fc.assert(
      fc.property(values, (value) => {
        const text = rightOf(format.print(value, under))
        expect(rightOf(format.parse(text, under))).to.deep.equal(value)
        expect(rightOf(type.decode(text))).to.deep.equal(value)
        expect(type.encode(value)).to.equal(text)
        expect(type.is(value)).to.equal(true)
      }),
    )
  })
  const { quick } = format
  if (quick !== undefined) {
    it('has a fast path that agrees with parsing and printing', () => {
      let taken = 0
      fc.assert(
        fc.property(
          values,
          fc.nat(80),
          fc.constantFrom('', '0', '4', 'e', ':', '!', '.', '-', 'Z', '\n', 'é'),
          (value, at, put) => {
            const text = rightOf(format.print(value, under))
            expect([undefined, text]).to.include(quick.print(value))
            for (const each of [
              text,
              text.slice(0, at) + put + text.slice(at),
              text.slice(0, at) + put + text.slice(at + 1),
            ]) {
              const read = quick.parse(each)
              if (read !== undefined) {
                taken++
                expect(rightOf(format.parse(each, under))).to.deep.equal(read)
                expect(rightOf(format.print(read, under))).to.equal(each)
                expect(quick.print(read)).to.equal(each)
              }
            }
          },
        ),
        { numRuns: 1000 },
      )
      expect(taken).to.be.greaterThan(0)
    })

    it('has no fast path for invalid texts', () => {
      fc.assert(
        fc.property(
          fc.dictionary(fc.constantFrom('_tag', 'algorithm', 'digest', 'outputName'), fc.anything()),
          (odd) => {
            const printed = quick.print(odd as A)
            expect(printed === undefined || format.parse(printed, under)._tag === 'Right').to.equal(true)
          },
        ),
      )
    })
  }
}

/** What is not a value of the type is not let through, whatever it is. A text may happen to be one. */
export const guardsAgainstEverythingElse = <A>(type: TextType<A>): void => {
  it('rejects everything else in its guard and its decoder, and never throws', () => {
    fc.assert(
      fc.property(fc.anything({ withMap: true, withBigInt: true, withNullPrototype: true }), (anything) => {
        const text = typeof anything === 'string' ? type.make(anything) : undefined
        const accepted = text?._tag === 'Right'
        expect(type.is(anything)).to.equal(accepted && text.right === anything)
        expect(type.decode(anything)._tag).to.equal(accepted ? 'Right' : 'Left')
      }),
    )
  })
}

const storeDirs = ['/nix/store', '/gnu/store', '/s']

/** The pattern, read by another interpreter, takes exactly the texts that the grammar leaves as they are. */
export const agreesWithItsPattern = <A extends string>(format: TextFormat<A>): void => {
  const { pattern = [] } = format
  const recognise = recogniser(pattern)
  for (const storeDir of storeDirs) {
    const under = nixProtocol({ storeDir })
    const inPattern = regexpOf(pattern, under)
    it(`reads every text of its pattern and prints it unchanged, in ${storeDir}`, () => {
      fc.assert(
        fc.property(arbitraryOf(pattern, under), (text) => {
          expect(recognise(text, under)).to.equal(true)
          const value = rightOf(format.parse(text, under))
          expect(value).to.equal(text)
          expect(rightOf(format.print(value, under))).to.equal(text)
        }),
      )
    })

    it(`has every canonical text in its pattern, in ${storeDir}`, () => {
      let canonical = 0
      fc.assert(
        fc.property(nearTexts(pattern, under), (text) => {
          expect(recognise(text, under)).to.equal(inPattern.test(text))
          const read = format.parse(text, under)
          const isCanonical = read._tag === 'Right' && read.right === text
          if (isCanonical) canonical++
          const known = format.name === 'Signature' && /[^\0-\x7f]/.test(text)
          if (!known) expect(inPattern.test(text)).to.equal(isCanonical)
          if (read._tag === 'Right') expect(inPattern.test(read.right) || known).to.equal(true)
        }),
        { numRuns: 1000 },
      )
      expect(canonical).to.be.greaterThan(0)
    })
  }
}
