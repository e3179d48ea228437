import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import {
  bytesOf,
  framed,
  type Grammar,
  listOf,
  mapOf,
  type Protocol,
  setOf,
  struct,
  tagged,
  tuple,
  u32,
  u64,
  utf8,
} from '../../combinators/index.js'
import * as G from '../../grammar/index.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { compile } from '../../interpreters/compile/index.js'
import { dissect, dissectionJson, type Part, renderDissection } from '../../interpreters/dissect/index.js'
import { toMalformed } from '../../interpreters/malformed/index.js'
import { rightOf } from '../support/either.js'
import { allGrammars } from '../support/grammars.js'
import { realisationsByPath } from '../support/protocols.js'
import { describeWithShared, sharedPath } from '../support/shared.js'

const leavesOf = (part: Part): ReadonlyArray<Part> =>
  part.parts.length === 0 ? [part] : part.parts.flatMap(leavesOf)

/** That the primitives lie side by side and leave nothing out. */
const expectTiled = (tree: Part | null, bytes: Uint8Array): void => {
  let at = 0
  for (const { start, end } of tree === null ? [] : leavesOf(tree)) {
    expect(start).to.equal(at)
    at = end
  }
  expect(at).to.equal(bytes.length)
}

describeWithShared('dissect, on messages of the reference implementation', () => {
  const folder = sharedPath('golden', 'worker-protocol')
  const grammars: { readonly [prefix: string]: Grammar<unknown> } = {
    'valid-path-info': G.ValidPathInfo as Grammar<unknown>,
    'unkeyed-valid-path-info': G.UnkeyedValidPathInfo as Grammar<unknown>,
    'build-result': G.BuildResult as Grammar<unknown>,
    'keyed-build-result': G.KeyedBuildResult as Grammar<unknown>,
    'derived-path': G.DerivedPath as Grammar<unknown>,
  }
  const files = readdirSync(folder).flatMap((file) => {
    const parts = /^(.*)-(1\.[0-9]+)\.bin$/.exec(file)
    const grammar = parts === null ? undefined : grammars[parts[1]!]
    return grammar === undefined ? [] : [{ file, grammar, version: parts![2] as Protocol['version'] }]
  })

  it('has more than 8 such files', () => {
    expect(files.length).to.be.greaterThan(8)
  })

  for (const { file, grammar, version } of files) {
    it(`dissects ${file} to its last byte`, () => {
      const bytes = readFileSync(`${folder}/${file}`)
      const codec = compile(grammar, { version })
      for (let at = 0; at < bytes.length; ) {
        const { value, next } = rightOf(codec.decodeAt(bytes, at))
        const one = bytes.subarray(at, next)
        const { tree, result } = dissect(grammar, { version }, one)
        expect(rightOf(result)).to.deep.equal(value)
        expectTiled(tree, one)
        at = next
      }
    })
  }
})

describe('dissect', () => {
  const protocols = [
    { version: '1.10' as const },
    { version: '1.28' as const },
    { version: '1.38' as const, features: [realisationsByPath] },
  ]
  const profiles = ['compatible', 'canonical'] as const

  for (const [name, grammar] of allGrammars) {
    it(`agrees with the codec on ${name}: valid, broken and damaged bytes, the whole issue included`, () => {
      for (const given of protocols) {
        const malformer = toMalformed(grammar, given)
        const codecs = profiles.map((profile) => [profile, compile(grammar, given, { profile })] as const)
        const agree = (bytes: Uint8Array): void => {
          for (const [profile, codec] of codecs) {
            const { tree, result } = dissect(grammar, given, bytes, { profile })
            expect(result).to.deep.equal(codec.decode(bytes))
            expect(tree === null || tree.complete || isLeft(result)).to.equal(true)
          }
        }
        fc.assert(
          fc.property(
            toArbitrary(grammar, given),
            fc.array(fc.nat(), { maxLength: 8 }),
            fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
            (value, choices, damages) => {
              const bytes = rightOf(codecs[0]![1].encode(value))
              agree(bytes)
              expectTiled(dissect(grammar, given, bytes).tree, bytes)
              for (const choice of choices) {
                agree(malformer.pick(value, choice)!.bytes)
              }
              for (const [at, byte] of bytes.length === 0 ? [] : damages) {
                const damaged = bytes.slice()
                damaged[at % bytes.length] = byte
                agree(damaged)
              }
            },
          ),
          { numRuns: 6 },
        )
      }
    })
  }

  it('agrees with the codec on keys that are equal in two forms, whichever is kept', () => {
    const wire = rightOf(
      compile(listOf(tuple(utf8, u64))).encode([
        ['/nix/store/x', 1n],
        ['y', 2n],
      ]),
    )
    for (const duplicates of ['first', 'last'] as const) {
      const grammar = mapOf(tuple(utf8), u64, { duplicates })
      const twice = Uint8Array.of(4, ...wire.subarray(1), ...wire.subarray(8))
      const { result } = dissect(grammar, {}, twice)
      expect(isRight(result) && [...result.right.keys()]).to.deep.equal([['/nix/store/x'], ['y']])
      expect(result).to.deep.equal(compile(grammar).decode(twice))
    }
  })

  const Message = struct('Message', {
    names: listOf(utf8),
    field: tagged('type', u32, { Int: [0, { value: u64 }] }),
    framed: framed(utf8),
  })
  const value = {
    names: Array.from({ length: 1000 }, (_, i) => `n${i}`),
    field: { type: 'Int' as const, value: 7n },
    framed: 'hello',
  }
  const bytes = rightOf(compile(Message).encode(value))

  it('folds long lists, and counts what it leaves out', () => {
    const lines = renderDissection(dissect(Message, {}, bytes), { fold: 2 })
    expect(lines.find((line) => line.includes('names[1]'))).to.match(
      /^24\.\.40 +0200000000000000 6e31000000000000 {2}names\[1\]: utf8 = "n1"$/,
    )
    expect(lines.filter((line) => line.includes('… 998 more'))).to.have.lengthOf(1)
    expect(lines.some((line) => line.includes('names[2]'))).to.equal(false)
  })

  it('shows an issue even inside a folded list', () => {
    const broken = bytes.slice()
    broken[8 + 16 * 500 + 15] = 1
    const dissection = dissect(Message, {}, broken)
    const offset = 8 + 16 * 500 + 15
    expect(isLeft(dissection.result) && dissection.result.left).to.include({ _tag: 'NonZeroPadding', offset })
    const lines = renderDissection(dissection, { fold: 2 })
    const at = lines.findIndex((line) => line.includes('names[500]'))
    expect(lines[at - 1]).to.contain('… 498 more')
    expect(lines[at]).to.match(/names\[500\]: utf8 = "n500" {2}✗ NonZeroPadding at byte 8023: /)
    expect(lines[at + 1]).to.contain('… 499 more')
    expect(lines.at(-2)).to.match(/framed: utf8 = "hello"$/)
  })

  it('gives parts inside frames their place in the message', () => {
    const start = bytes.length - 8 - 16 - 8
    const { tree } = dissect(Message, {}, bytes)
    expect(tree?.parts[2]?.parts.map(({ role, start: s, end }) => [role, s, end])).to.deep.equal([
      ['frame', start, start + 8],
      ['value', start + 8, start + 24],
      ['frame', start + 24, start + 32],
    ])
  })

  it('puts the case of a union under the name of its tag', () => {
    const wire = bytesOf('0000000000000000 0700000000000000')
    const { tree } = dissect(G.Field, {}, wire)
    expect(tree?.parts.map(({ role, path, grammar }) => [role, path, grammar])).to.deep.equal([
      ['tag', ['type'], 'Int'],
      ['value', [], 'Int'],
    ])
  })

  it('becomes plain data: hex, ranges, exact integers', () => {
    const json = dissectionJson(
      dissect(tuple(u64, setOf(utf8)), {}, bytesOf('ffffffffffffffff 0000000000000000')),
    )
    expect(json).to.deep.equal({
      issue: null,
      issues: [],
      omitted: 0,
      tree: {
        start: 0,
        end: 16,
        path: [],
        role: 'value',
        grammar: 'tuple',
        complete: true,
        parts: [
          {
            start: 0,
            end: 8,
            path: [0],
            role: 'value',
            grammar: 'u64',
            complete: true,
            bytes: 'ffffffffffffffff',
            value: 2n ** 64n - 1n,
          },
          {
            start: 8,
            end: 16,
            path: [1],
            role: 'value',
            grammar: 'set',
            complete: true,
            parts: [
              {
                start: 8,
                end: 16,
                path: [1],
                role: 'count',
                grammar: 'size',
                complete: true,
                bytes: '0000000000000000',
                value: 0n,
              },
            ],
          },
        ],
      },
    })
  })

  it('shows no control characters', () => {
    const wire = rightOf(compile(utf8).encode('a\u001b[2J\u009b31m\u202eb'))
    const [line] = renderDissection(dissect(utf8, {}, wire))
    expect(line).to.contain('"a\\u001b[2J\\u009b31m\\u202eb"')
  })

  it('allocates no memory for an announced count', () => {
    const { result } = dissect(listOf(u64), {}, bytesOf('0000100000000000'))
    expect(isLeft(result) && result.left).to.include({ _tag: 'UnexpectedEnd', offset: 8 })
  })
})
