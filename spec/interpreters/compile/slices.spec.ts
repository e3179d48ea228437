import { expect } from 'chai'
import fc from 'fast-check'
import { none, some } from 'fp-ts/lib/Option.js'
import {
  bytesOf,
  framed,
  listOf,
  mapOf,
  paddedBytes,
  struct,
  tuple,
  utf8,
} from '../../../combinators/index.js'
import * as G from '../../../grammar/index.js'
import { compile } from '../../../interpreters/index.js'
import { StorePath } from '../../../types/index.js'
import { rightOf } from '../../support/either.js'

describe('slices', () => {
  const Grammar = struct('Texts', {
    texts: listOf(utf8),
    map: mapOf(utf8, G.String),
    bytes: paddedBytes,
    framed: framed(listOf(utf8)),
    path: G.OptStorePath,
  })
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.string({ unit: 'binary-ascii', maxLength: 300 }),
  )
  const copying = compile(Grammar)
  const path = rightOf(StorePath.make('/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo'))

  for (const evaluate of [true, false]) {
    const slicing = compile(Grammar, {}, { slices: true, evaluate })

    it(`give the same values as copies (evaluate: ${evaluate})`, () => {
      fc.assert(
        fc.property(fc.array(text), fc.array(fc.tuple(text, text)), text, (texts, entries, more) => {
          const value = {
            texts,
            map: new Map(entries),
            bytes: new TextEncoder().encode(more),
            framed: texts,
            path: texts.length > 2 ? none : some(path),
          }
          const bytes = rightOf(copying.encode(value))
          const expected = copying.decode(bytes)
          expect(slicing.decode(bytes)).to.deep.equal(expected)
          const within = new Uint8Array(bytes.length + 13)
          within.set(bytes, 5)
          expect(slicing.decode(within.subarray(5, 5 + bytes.length))).to.deep.equal(expected)
          expect(rightOf(slicing.decodeAt(within, 5))).to.deep.equal({
            value: rightOf(expected),
            next: 5 + bytes.length,
          })
        }),
        { numRuns: 200 },
      )
    })

    it(`are rejected like copies (evaluate: ${evaluate})`, () => {
      const pair = tuple(utf8, G.StorePath)
      const bad = bytesOf('0200000000000000 c3c3000000000000')
      expect(compile(pair, {}, { slices: true, evaluate }).decode(bad)).to.deep.equal(
        compile(pair).decode(bad),
      )
    })
  }
})
