import { expect } from 'chai'
import type { Either } from 'fp-ts/lib/Either.js'
import type { TextIssue } from '../../combinators/text-format.js'
import {
  Base16Digest,
  ContentAddress,
  DrvOutputByHash,
  digestSize,
  fromBase16,
  fromBase64,
  fromNix32,
  type HashAlgorithm,
  HashDigest,
  hashAlgorithms,
  NARHash,
  Nix32Digest,
  parseHash,
  StorePath,
  StorePathHash,
} from '../../types/index.js'
import { issueOf } from './outcomes.js'

type Read = (text: string) => Either<TextIssue, unknown>

interface Encoding {
  readonly name: string
  /** How many symbols a digest of so many bytes takes, by arithmetic. */
  readonly length: (bytes: number) => number
  /** The highest symbol, of which every digest but for its first symbol may consist. */
  readonly last: string
  /** No symbol in any encoding. */
  readonly foreign: string
  readonly read: Read
  /** The types of a digest in this encoding alone. */
  readonly types: ReadonlyArray<Read>
}

const encodings: ReadonlyArray<Encoding> = [
  {
    name: 'base16',
    length: (bytes) => 2 * bytes,
    last: 'f',
    foreign: '~',
    read: fromBase16,
    types: [Base16Digest.make, HashDigest.make],
  },
  {
    name: 'nix32',
    length: (bytes) => Math.ceil((8 * bytes) / 5),
    last: 'z',
    foreign: '~',
    read: fromNix32,
    types: [Nix32Digest.make, HashDigest.make],
  },
  {
    name: 'base64',
    length: (bytes) => 4 * Math.ceil(bytes / 3),
    last: '/',
    foreign: '~',
    read: fromBase64,
    types: [HashDigest.make],
  },
]

const positionOf = (outcome: Either<TextIssue, unknown>): number => issueOf(outcome).position

const withSymbol = (text: string, at: number, symbol: string): string =>
  text.slice(0, at) + symbol + text.slice(at + 1)

/** Where a digest may stand, behind what. */
const around = (
  algorithm: HashAlgorithm,
  encoding: string,
): ReadonlyArray<{ readonly before: string; readonly read: Read }> => [
  { before: `${algorithm}:`, read: (text: string) => parseHash(text) },
  { before: `fixed:r:${algorithm}:`, read: ContentAddress.make },
  ...(encoding === 'base64' ? [{ before: `${algorithm}-`, read: (text: string) => parseHash(text) }] : []),
  ...(algorithm === 'sha256' ? [{ before: '', read: NARHash.make }] : []),
  { before: '', read: (text) => parseHash(text, algorithm) },
]

describe('the place of an issue in a digest', () => {
  for (const algorithm of hashAlgorithms) {
    const size = digestSize[algorithm]
    for (const { name, length, last, foreign, read, types } of encodings) {
      const symbols = length(size)
      const text = last.repeat(symbols)
      const places = around(algorithm, name)

      it(`is the first invalid symbol, in ${algorithm} in ${name}`, () => {
        for (let at = 0; at < symbols; at++) {
          const wrong = withSymbol(withSymbol(text, symbols - 1, foreign), at, foreign)
          for (const each of [read, ...types]) {
            expect(positionOf(each(wrong)), wrong).to.equal(at)
          }
          for (const { before, read: whole } of places) {
            expect(positionOf(whole(before + wrong)), before + wrong).to.equal(before.length + at)
          }
          const id = `${algorithm}:${wrong}!out`
          expect(positionOf(DrvOutputByHash.make(id)), id).to.equal(algorithm.length + 1 + at)
        }
      })
    }

    const spare = encodings[1]!.length(size) * 5 - size * 8
    const highest = '0123456789abcdfghijklmnpqrsvwxyz'[2 ** (5 - spare) - 1]!
    const next = '0123456789abcdfghijklmnpqrsvwxyz'[2 ** (5 - spare)]
    it(`is the first symbol if that is one too large, in ${algorithm} in nix32`, () => {
      const rest = 'z'.repeat(encodings[1]!.length(size) - 1)
      expect(fromNix32(highest + rest)._tag).to.equal('Right')
      if (next === undefined) {
        expect(spare).to.equal(0)
        return
      }
      const wrong = next + rest
      const reads: ReadonlyArray<Read> = [fromNix32, Nix32Digest.make, HashDigest.make]
      for (const each of reads) {
        expect(issueOf(each(wrong))).to.include({ position: 0, expected: 'unused high bits to be zero' })
      }
      for (const { before, read } of around(algorithm, 'nix32')) {
        expect(issueOf(read(before + wrong))).to.include({
          position: before.length,
          expected: 'unused high bits to be zero',
        })
      }
    })

    for (const [name, first, after] of [
      ['base16', 'f', 'g'],
      ['base64', '/', '~'],
    ] as const) {
      const symbols = encodings.find((each) => each.name === name)!.length(size)
      it(`is the first symbol if that is beyond the alphabet, in ${algorithm} in ${name}`, () => {
        const rest = first.repeat(symbols - 1)
        for (const { before, read } of around(algorithm, name)) {
          expect(positionOf(read(`${before}${after}${rest}`))).to.equal(before.length)
        }
      })
    }
  }

  it('is the first invalid symbol, in the hash part of a store path', () => {
    for (let at = 0; at < 32; at++) {
      const wrong = withSymbol(withSymbol('z'.repeat(32), 31, 'e'), at, 'e')
      expect(positionOf(StorePathHash.make(wrong))).to.equal(at)
      expect(positionOf(StorePath.make(`/nix/store/${wrong}-x`))).to.equal(11 + at)
    }
  })
})
