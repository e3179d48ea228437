import { expect } from 'chai'
import fc from 'fast-check'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { some } from 'fp-ts/lib/Option.js'
import {
  framed,
  type Grammar,
  type IssueTag,
  imap,
  literal,
  mapOf,
  setOf,
  struct,
  u32,
  u64,
  utf8,
} from '../../../combinators/index.js'
import * as G from '../../../grammar/index.js'
import { compile } from '../../../interpreters/index.js'
import { sha256, storePath } from '../../support/edge-values.js'
import { issueOf, rightOf } from '../../support/either.js'
import { concat, int, padded } from '../../support/wire.js'

/**
 * One property for each row of the table of differences. Bytes that the encoder would not write are read by the
 * compatible profile as the value, and refused by the canonical one; what is written for the value is read by both.
 */
const differs = <A>(
  grammar: Grammar<A>,
  other: fc.Arbitrary<{ readonly bytes: Uint8Array; readonly value: A }>,
  tags: ReadonlyArray<IssueTag>,
): void => {
  const compatible = compile(grammar)
  const canonical = compile(grammar, {}, { profile: 'canonical' })
  fc.assert(
    fc.property(other, ({ bytes, value }) => {
      expect(compatible.decode(bytes)).to.deep.equal(right(value))
      expect(issueOf(canonical.decode(bytes))._tag).to.be.oneOf([...tags])
      // Some values, such as a set with duplicates, are kept as they were read and cannot be written.
      const written = compatible.encode(value)
      if (written._tag === 'Right') {
        expect(written.right).not.to.deep.equal(bytes)
        expect(canonical.encode(value)).to.deep.equal(written)
        const again = rightOf(canonical.decode(written.right))
        expect(canonical.encode(again)).to.deep.equal(written)
        expect(compatible.decode(written.right)).to.deep.equal(right(again))
      }
    }),
    { numRuns: 60 },
  )
}

const u64s = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const path = storePath('foo')
const text = <A>(value: A, ...texts: ReadonlyArray<string>) =>
  fc.constantFrom(...texts.map((each) => ({ bytes: padded(each), value })))

describe('the profiles differ in', () => {
  it('booleans above 1', () => {
    const above = (max: bigint) =>
      fc.bigInt({ min: 2n, max }).map((number) => ({ bytes: int(number), value: true }))
    differs(G.Bool64, above(2n ** 64n - 1n), ['NotCanonical'])
    differs(G.Bool, above(2n ** 32n - 1n), ['NotCanonical'])
  })

  it('high bits of a protocol version', () => {
    const versions = fc
      .tuple(fc.nat(255), fc.nat(255), fc.integer({ min: 1, max: 0xffff }))
      .map(([major, minor, high]) => ({
        bytes: int(high * 65536 + major * 256 + minor),
        value: `${major}.${minor}` as const,
      }))
    differs(G.ProtocolVersion, versions, ['NotCanonical'])
  })

  it('the order of sets', () => {
    const unordered = fc
      .uniqueArray(u64s, { minLength: 2, maxLength: 6 })
      .filter((items) => items.some((item, i) => i > 0 && item < (items[i - 1] as bigint)))
      .map((value) => ({ bytes: concat(int(value.length), ...value.map(int)), value }))
    differs(setOf(u64), unordered, ['NotCanonical'])
  })

  it('duplicates in sets, which stay in place', () => {
    const doubled = fc
      .uniqueArray(u64s, { minLength: 1, maxLength: 6 })
      .map((items) => items.sort((a, b) => (a < b ? -1 : 1)))
      .map((items) => [...items, items[items.length - 1] as bigint])
      .map((value) => ({ bytes: concat(int(value.length), ...value.map(int)), value }))
    differs(setOf(u64), doubled, ['DuplicateKey'])
  })

  it('the order of maps, and two entries with one key', () => {
    const entries = fc
      .array(fc.tuple(fc.bigInt({ min: 0n, max: 3n }), u64s), { minLength: 2, maxLength: 6 })
      .filter((pairs) => pairs.some(([key], i) => i > 0 && key <= (pairs[i - 1] as [bigint, bigint])[0]))
    const bytesOf = (pairs: ReadonlyArray<readonly [bigint, bigint]>) =>
      concat(int(pairs.length), ...pairs.flat().map(int))
    const last = entries.map((pairs) => ({ bytes: bytesOf(pairs), value: new Map(pairs) }))
    differs(mapOf(u64, u64), last, ['DuplicateKey', 'NotCanonical'])
    const first = entries.map((pairs) => ({ bytes: bytesOf(pairs), value: new Map([...pairs].reverse()) }))
    const compare = (a: ReadonlyMap<bigint, bigint>, b: ReadonlyMap<bigint, bigint>) =>
      expect([...a].sort()).to.deep.equal([...b].sort())
    fc.assert(
      fc.property(first, ({ bytes, value }) => {
        compare(rightOf(compile(mapOf(u64, u64, { duplicates: 'first' })).decode(bytes)), value)
      }),
    )
  })

  it('entries whose keys are one value in two forms, or are not primitive values', () => {
    const other = {
      bytes: concat(
        int(2),
        padded('/nix//store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo'),
        int(1),
        padded(path),
        int(2),
      ),
    }
    const Paths = (duplicates: 'first' | 'last') => mapOf(G.StorePath, u64, { duplicates })
    differs(Paths('last'), fc.constant({ ...other, value: new Map([[path, 2n]]) }), ['NotCanonical'])
    differs(Paths('first'), fc.constant({ ...other, value: new Map([[path, 1n]]) }), ['NotCanonical'])
    const structured = { bytes: concat(int(2), padded(path), int(1), padded(path), int(2)) }
    const Optional = (duplicates: 'first' | 'last') => mapOf(G.OptStorePath, u64, { duplicates })
    differs(Optional('last'), fc.constant({ ...structured, value: new Map([[some(path), 2n]]) }), [
      'DuplicateKey',
    ])
    differs(Optional('first'), fc.constant({ ...structured, value: new Map([[some(path), 1n]]) }), [
      'DuplicateKey',
    ])
  })

  it('store paths that are not clean', () => {
    const forms = ['/nix//store/', '/nix/store//', '/nix/./store/', '//nix/store/', '/nix/x/../store/']
    const name = 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo'
    differs(G.StorePath, text(path, ...forms.map((dir) => dir + name), `/nix/store/${name}/`), [
      'NotCanonical',
    ])
    differs(G.OptStorePath, text(some(path), ...forms.map((dir) => dir + name)), ['NotCanonical'])
  })

  it('hashes in another encoding', () => {
    const hash = rightOf(compile(G.NARHash).decode(padded(sha256)))
    const bytes = Buffer.from(sha256, 'hex')
    const base64 = bytes.toString('base64')
    differs(
      G.NARHash,
      text(hash, sha256.toUpperCase(), base64, `sha256:${sha256}`, `sha256-${base64}`, `sha256:${base64}`),
      ['NotCanonical'],
    )
    const digest = '0'.repeat(64)
    const address = rightOf(compile(G.ContentAddress).decode(padded(`text:sha256:${digest}`)))
    differs(G.ContentAddress, text(address, `text:sha256:${digest}`, `text:sha256:${'A'.repeat(43)}=`), [
      'NotCanonical',
    ])
  })

  it('signatures with line breaks or without padding', () => {
    const signature = rightOf(compile(G.Signature).decode(padded('k:AA==')))
    differs(G.Signature, text(signature, 'k:AA', 'k:A\nA==', 'k:AA=', 'k:AB=='), ['NotCanonical'])
  })

  it('the hash of a derivation output without an algorithm', () => {
    const bytes = concat(padded(path), padded(''), padded('anything'))
    const digest = concat(padded(path), padded(''), padded(sha256))
    const value = { _tag: 'InputAddressed', path } as const
    for (const each of [bytes, digest]) {
      const read = compile(G.DerivationOutput).decode(each)
      if (read._tag === 'Right')
        differs(G.DerivationOutput, fc.constant({ bytes: each, value }), ['NotCanonical'])
      else expect(each).to.equal(bytes)
    }
  })

  it('an ignored field with another value', () => {
    const Reply = struct('Reply', { one: literal(u32, 1, { ignored: true }) })
    const others = fc
      .integer({ min: 0, max: 2 ** 32 - 1 })
      .filter((number) => number !== 1)
      .map((number) => ({ bytes: int(number), value: {} }))
    differs(Reply, others, ['UnexpectedValue'])
  })

  it('content after a value in frames, and where the frames are cut', () => {
    const cut = fc.tuple(u64s, fc.integer({ min: 1, max: 7 })).map(([value, at]) => ({
      bytes: concat(int(at), int(value).subarray(0, at), int(8 - at), int(value).subarray(at), int(0)),
      value,
    }))
    differs(framed(u64), cut, ['NotCanonical'])
    const behind = fc.tuple(u64s, fc.uint8Array({ minLength: 1 })).map(([value, rest]) => ({
      bytes: concat(int(8 + rest.length), int(value), rest, int(0)),
      value,
    }))
    differs(framed(u64), behind, ['TrailingBytes'])
  })

  it('an imap whose two functions are not inverses', () => {
    const Folded = imap(
      utf8,
      (each): Either<string, string> => right(each.toLowerCase()),
      (each) => (each === each.toLowerCase() ? right(each) : left('lower case')),
    )
    const upper = fc
      .string()
      .filter((each) => each !== each.toLowerCase())
      .map((each) => ({ bytes: padded(each), value: each.toLowerCase() }))
    differs(Folded, upper, ['NotCanonical'])
  })

  it('nothing else: the canonical profile accepts only what the encoder writes', () => {
    const codec = compile(setOf(G.OptStorePath), {}, { profile: 'canonical' })
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const read = codec.decode(bytes)
        if (read._tag === 'Right') expect(codec.encode(read.right)).to.deep.equal(right(bytes))
      }),
    )
  })
})

describe('maps', () => {
  it('treat keys such as __proto__ and 7 as data, in the order of the wire', () => {
    const keys = ['7', '10', '__proto__', 'constructor', '']
    const bytes = concat(int(keys.length), ...keys.flatMap((key, i) => [padded(key), int(i)]))
    const map = rightOf(compile(mapOf(utf8, u64)).decode(bytes))
    expect([...map.keys()]).to.deep.equal(keys)
    expect([...map.values()]).to.deep.equal(keys.map((_, i) => BigInt(i)))
  })

  it('keep keys apart that can be read but not written', () => {
    const ReadOnly = imap(
      u64,
      (number) => right<string, { readonly number: bigint }>({ number }),
      () => left('nothing: these are only read'),
    )
    const bytes = concat(int(2), int(1), int(10), int(2), int(20))
    const map = rightOf(compile(mapOf(ReadOnly, u64)).decode(bytes))
    expect([...map]).to.deep.equal([
      [{ number: 1n }, 10n],
      [{ number: 2n }, 20n],
    ])
  })
})
