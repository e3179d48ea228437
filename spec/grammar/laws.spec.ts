import { isDeepStrictEqual } from 'node:util'
import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import type { Grammar, Protocol } from '../../combinators/index.js'
import { type Codec, type CompileOptions, compile } from '../../interpreters/index.js'
import { edgesOf } from '../support/conversation-edges.js'
import { issueOf, rightOf } from '../support/either.js'
import { allGrammars } from '../support/grammars.js'
import { allProtocols, profiles } from '../support/protocols.js'
import { concat } from '../support/wire.js'

type AnyCodec = Codec<unknown>

const junk = new Uint8Array([0xde, 0xad, 0xbe, 0xef, 0xff, 0xff, 0xff, 0xff, 0xff])

/** Fast where the values are equal, and shows the difference where they are not. */
const same = (actual: unknown, expected: unknown): void => {
  if (!isDeepStrictEqual(actual, expected)) {
    expect(actual).to.deep.equal(expected)
    expect.fail('equal to the eye and not to the machine')
  }
}

const readsAndWrites = (codec: AnyCodec, value: unknown): Uint8Array => {
  const bytes = rightOf(codec.encode(value))
  same(codec.decode(bytes), right(value))
  expect(codec.size(value)).to.equal(bytes.length)
  return bytes
}

/** A message that starts at a byte that no view of 8 bytes can start at, with bytes before and behind it. */
const readsInPlace = (codec: AnyCodec, value: unknown, bytes: Uint8Array): void => {
  for (const before of [3, 5, 8]) {
    const message = concat(junk.subarray(0, before), bytes, junk)
    const found = right({ value, next: before + bytes.length })
    same(codec.decodeAt(message, before), found)
    const view = concat(junk.subarray(0, 7), message).subarray(7)
    same(codec.decodeAt(view, before), found)
  }
}

const seesTheRest = (codec: AnyCodec, bytes: Uint8Array): void => {
  const issue = issueOf(codec.decode(concat(bytes, new Uint8Array(1))))
  expect([issue._tag, issue.offset, issue.path]).to.deep.equal(['TrailingBytes', bytes.length, []])
}

const writesIntoPlace = (codec: AnyCodec, value: unknown, bytes: Uint8Array): void => {
  const at = 5
  const target = new Uint8Array(at + bytes.length + 9).fill(0xaa)
  same(codec.encodeInto(value, target, at), right(at + bytes.length))
  same(target.subarray(at, at + bytes.length), bytes)
  expect([...target.subarray(0, at), ...target.subarray(at + bytes.length)].every((byte) => byte === 0xaa)).to
    .be.true
  same(codec.encodeInto(value, new Uint8Array(bytes.length), 0), right(bytes.length))
  if (bytes.length > 0) {
    expect(issueOf(codec.encodeInto(value, new Uint8Array(bytes.length - 1), 0))._tag).to.equal('NoSpace')
    expect(issueOf(codec.encodeInto(value, target, target.length - bytes.length + 1))._tag).to.equal(
      'NoSpace',
    )
  }
}

const seesTheEndMissing = (codec: AnyCodec, bytes: Uint8Array): void => {
  for (let length = 0; length < bytes.length; length++) {
    const issue = issueOf(codec.decode(bytes.subarray(0, length)))
    if (
      issue._tag !== 'UnexpectedEnd' ||
      !(issue.missing >= 1 && issue.missing <= bytes.length - length) ||
      issue.offset > length
    ) {
      expect.fail(`${length} of ${bytes.length} bytes: ${JSON.stringify(issue)}`)
    }
  }
}

const differs = (a: ReadonlyArray<Uint8Array>, b: ReadonlyArray<Uint8Array>): boolean =>
  !isDeepStrictEqual(a, b)

const obeys = (
  name: Parameters<typeof edgesOf>[0],
  grammar: Grammar<unknown>,
  options: CompileOptions,
): void => {
  const seen = new Map<string, ReadonlyArray<Uint8Array>>()
  for (const given of allProtocols) {
    const codec = compile(grammar, given, options)
    const plain = compile(grammar, given, { ...options, evaluate: false })
    const values = edgesOf(name, given)
    const all = values.map((value) => readsAndWrites(codec, value))
    values.forEach((value, i) => {
      const bytes = all[i] as Uint8Array
      same(plain.encode(value), right(bytes))
      same(plain.decode(bytes), right(value))
    })
    // The rest depends only on the wire form, which is new only if the bytes are.
    const before = seen.get(given.features.join())
    if (before === undefined || differs(before, all)) {
      values.forEach((value, i) => {
        const bytes = all[i] as Uint8Array
        for (const each of [codec, plain]) {
          readsInPlace(each, value, bytes)
          seesTheRest(each, bytes)
          writesIntoPlace(each, value, bytes)
        }
        seesTheEndMissing(codec, bytes)
        same(plain.decode(bytes.subarray(0, -1)), codec.decode(bytes.subarray(0, -1)))
      })
    }
    seen.set(given.features.join(), all)
  }
}

describe('every grammar', () => {
  it('has edge cases, under every protocol', () => {
    for (const [name] of allGrammars) {
      for (const given of allProtocols) {
        expect(edgesOf(name, given), `${name} at ${given.version}`).to.have.length.above(0)
      }
    }
  })

  for (const [name, grammar] of allGrammars) {
    it(`${name}: reads what it writes, at 1.10 to 1.38, and reports missing and trailing bytes`, () => {
      for (const options of profiles) {
        obeys(name, grammar, options)
      }
    })
  }

  it('uses the store directory of the protocol', () => {
    const there: Partial<Protocol> = { storeDir: '/gnu/store' }
    for (const [name, grammar] of allGrammars) {
      for (const value of edgesOf(name, compile(grammar).protocol)) {
        const written = JSON.stringify([value], (_, each) => (typeof each === 'bigint' ? `${each}` : each))
        const elsewhere = compile(grammar, there).encode(value)
        const inMap = name === 'BasicDerivation' || name === 'BuildResult' || name === 'KeyedBuildResult'
        if (!inMap) {
          expect(elsewhere._tag, name).to.equal(written.includes('/nix/store/') ? 'Left' : 'Right')
        }
      }
    }
  })
})
