import { expect } from 'chai'
import * as fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import type { TextFormat, TextPiece } from '../../../combinators/text-format.js'
import { Code } from '../../../interpreters/compile/code.js'
import { addPieces } from '../../../interpreters/compile/recogniser/code.js'
import {
  knownPattern,
  type Recogniser,
  recogniser,
} from '../../../interpreters/compile/recogniser/recogniser.js'
import * as types from '../../../types/index.js'
import { nixProtocol } from '../../../types/nix-protocol.js'

const takes = (recognise: Recogniser, text: string): boolean => {
  // Inside a larger buffer, at an odd place, so that reading outside the text would be noticed.
  const content = new TextEncoder().encode(text)
  const bytes = new Uint8Array(content.length + 10).fill(0x61)
  bytes.set(content, 3)
  const view = new DataView(bytes.buffer)
  return recognise(bytes, view, 3, 3 + content.length)
}

/** The same pattern as code, and as one step after another. */
const bothForms = (pattern: ReadonlyArray<TextPiece>): readonly [Recogniser, Recogniser] => {
  const known = knownPattern(pattern, agreed)
  const code = new Code('recognises a text', 'bytes, view, start, end')
  addPieces(code, known, 'start', 'return true')
  code.add('return false')
  return [code.make({}), recogniser(known)]
}

const agreed = nixProtocol({ storeDir: '/gnu/store' })

/** A format without its value type, and one of its texts. */
const sample = <A>({ name, pattern, parse, print }: TextFormat<A>, example: string) => ({
  name,
  pattern: pattern ?? [],
  example,
  isCanonical: (text: string): boolean => {
    const value = parse(text, agreed)
    const printed = isRight(value) ? print(value.right, agreed) : null
    return printed?._tag === 'Right' && printed.right === text
  },
})

const formats = [
  sample(types.StorePath.format, '/gnu/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo.drv'),
  sample(types.BaseStorePath.format, 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo'),
  sample(types.StorePathHash.format, 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q'),
  sample(types.StorePathName.format, '..a-b'),
  sample(types.NARHash.format, '15e3c560894cbb27085cf65b5a2ecb18488c999497f4531b6907a7581ce6d527'),
  sample(types.Signature.format, 'cache-1:89+Ss+PP5sPEWfmBi1DVWw=='),
  sample(types.Signature.format, 'k:AAE='),
  sample(types.Signature.format, 'k:AAEC'),
  sample(types.HashAlgorithm.format, 'sha256'),
]

/** The text with one character replaced, inserted or left out. */
const oneEdit = (text: string): fc.Arbitrary<string> =>
  fc
    .record({
      at: fc.nat(text.length),
      gone: fc.constantFrom(0, 1),
      put: fc.constantFrom('', 'a', '.', '-', '/', '=', 'e', 'A', 'é', '\0', '0'),
    })
    .map(({ at, gone, put }) => text.slice(0, at) + put + text.slice(at + gone))

describe('recogniser', () => {
  for (const { name, pattern, example, isCanonical } of formats) {
    const [generated, steps] = bothForms(pattern)

    it(`${name}: accepts ${example}`, () => {
      expect([takes(generated, example), takes(steps, example)]).to.deep.equal([true, true])
    })

    it(`${name}: code and steps accept the same texts one edit away, and only canonical ones`, () => {
      fc.assert(
        fc.property(oneEdit(example), (text) => {
          const taken = takes(generated, text)
          expect(takes(steps, text), text).to.equal(taken)
          expect(!taken || isCanonical(text), text).to.equal(true)
        }),
        { numRuns: 500 },
      )
    })
  }

  it('code and steps agree on patterns of any shape', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '='), maxLength: 5 })
    const piece: fc.Arbitrary<TextPiece> = fc.oneof(
      text.map((literal): TextPiece => ({ _tag: 'literal', text: literal })),
      fc
        .tuple(fc.constantFrom('a', 'ab', 'b.'), fc.nat(3), fc.nat(3))
        .map(([alphabet, min, more]): TextPiece => ({ _tag: 'chars', alphabet, min, max: min + more })),
      fc
        .array(text, { maxLength: 2 })
        .map((texts): TextPiece => ({ _tag: 'unless', whole: texts, starts: [] })),
      fc
        .array(
          text.filter((each) => each !== ''),
          { maxLength: 2 },
        )
        .map((texts): TextPiece => ({ _tag: 'unless', whole: [], starts: texts })),
      fc.array(text, { minLength: 1, maxLength: 3 }).map((texts): TextPiece => ({ _tag: 'oneOf', texts })),
    )
    const last: fc.Arbitrary<ReadonlyArray<TextPiece>> = fc.constantFrom([], [{ _tag: 'base64' }])
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 4 }),
        last,
        fc.array(text, { maxLength: 4 }),
        (pieces, end, parts) => {
          const pattern = [...pieces, ...end]
          const input = parts.join('')
          const [generated, steps] = bothForms(pattern)
          expect(takes(generated, input)).to.equal(takes(steps, input))
        },
      ),
      { numRuns: 5000 },
    )
  })
})
