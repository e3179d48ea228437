import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { some } from 'fp-ts/lib/Option.js'
import { showFieldPath, showIssue } from '../../combinators/index.js'
import { longestWording, show } from '../../combinators/show.js'
import {
  compile,
  dissect,
  fromJson,
  type Json,
  parseJson,
  runParser,
  toJson,
  toParser,
} from '../../interpreters/index.js'
import { IssueError } from '../../stream/index.js'
import { edgesOf } from '../support/conversation-edges.js'
import { damaged } from '../support/damaged.js'
import { rightOf } from '../support/either.js'
import { allGrammars } from '../support/grammars.js'
import { allProtocols, profiles } from '../support/protocols.js'
import { concat, padded } from '../support/wire.js'

/** The most characters of an issue on one line: two wordings, a path, and what is around them. */
const longestIssue = 2 * longestWording + 64 * 64 + 300

const mega = 2 ** 14
const long = 'x'.repeat(mega)

/** An object that counts how often it is asked for anything. */
const counted = (target: object, asked: { times: number }): object =>
  new Proxy(target, {
    get: (of, key) => {
      asked.times++
      return Reflect.get(of, key)
    },
    has: (of, key) => {
      asked.times++
      return Reflect.has(of, key)
    },
    ownKeys: (of) => {
      asked.times++
      return Reflect.ownKeys(of)
    },
  })

const enormous: ReadonlyArray<readonly [name: string, value: unknown]> = [
  ['an integer', 2n ** 100_000n],
  ['a negative integer', -(2n ** 100_000n)],
  ['a text', long],
  ['a text of controls', '\u0001'.repeat(mega)],
  ['a text of halves', '\ud800'.repeat(mega)],
  ['an array', new Array(mega).fill(null)],
  ['bytes', new Uint8Array(mega)],
  ['a map', new Map([[long, null]])],
  ['a set', new Set([long])],
  ['an object with a tag', { _tag: long, type: long, value: long }],
  ['an object with long keys', { [long]: long }],
  ['an option', some(long)],
  ['a symbol', Symbol(long)],
  ['a function', Object.assign(() => long, { _tag: long })],
]

const isShort = (issue: Parameters<typeof showIssue>[0], what: string): void => {
  expect(issue.expected.length, what).to.be.at.most(longestWording + 1)
  expect(issue.actual.length, what).to.be.at.most(longestWording + 1)
  expect(showIssue(issue).length, what).to.be.at.most(longestIssue)
  for (const step of issue.path) expect(String(step).length, what).to.be.at.most(100)
}

describe('the text of an issue', () => {
  for (const [name, grammar] of allGrammars) {
    it(`about ${name} is short, however large the wrong value is`, () => {
      const given = allProtocols.at(-2)!
      const codec = compile(grammar, given)
      const [edge] = edgesOf(name, given).slice(-1)
      for (const [what, wrong] of enormous) {
        for (const value of damaged(edge, wrong)) {
          const written = codec.encode(value)
          if (isLeft(written)) isShort(written.left, what)
          const shown = toJson(grammar, given, value)
          if (isLeft(shown)) isShort(shown.left, what)
        }
      }
      for (const json of [
        long,
        [long],
        { [long]: long },
        { _tag: long, type: long },
        new Array(mega).fill(null),
      ]) {
        const read = fromJson(grammar, given, json as Json)
        if (isLeft(read)) isShort(read.left, 'JSON')
      }
    })

    it(`about ${name} is short, and the same in all readers, however long the texts on the wire are`, () => {
      const given = allProtocols.at(-2)!
      const noise = concat(padded(long), padded(long), padded(long))
      const valid = edgesOf(name, given).map((value) => rightOf(compile(grammar, given).encode(value)))
      for (const options of profiles) {
        for (const bytes of [
          noise,
          ...valid.flatMap((each) => [each.subarray(0, 8), each.subarray(0, 16)]),
        ]) {
          const whole = concat(bytes, noise)
          const read = compile(grammar, given, options).decode(whole)
          if (isLeft(read)) {
            isShort(read.left, 'bytes')
            expect(dissect(grammar, given, whole, options).result).to.deep.equal(read)
          }
          const part = compile(grammar, given, options).decodeAt(whole, 0)
          expect(runParser(toParser(grammar, given, options), whole)).to.deep.equal(part)
        }
      }
    })
  }

  it('reads a value at most four times', () => {
    for (const target of [{}, { _tag: long }, [], new Array(mega), new Uint8Array(mega), new Map()]) {
      const asked = { times: 0 }
      show(counted(target, asked))
      expect(asked.times).to.be.at.most(4)
    }
  })

  it('exists for a value that throws when it is read', () => {
    const { proxy, revoke } = Proxy.revocable([], {})
    revoke()
    const throws = {
      get _tag(): string {
        throw new Error('mine')
      },
    }
    for (const value of [proxy, throws, Object.create(Uint8Array.prototype)]) {
      expect(show(value)).to.equal('an object that cannot be read')
    }
    expect(new IssueError({ ...issueAt([]), actual: long }).message.length).to.be.at.most(longestIssue)
  })

  it('shows the two ends of a long path', () => {
    const path = Array.from({ length: 1000 }, (_, i) => [`field${i}`, i]).flat()
    expect(showFieldPath(path)).to.match(/^field0\[0\]\.field1\[1\].*….*\.field999\[999\]$/)
    expect(showFieldPath(path).length).to.be.below(64 * 64)
    expect(showFieldPath([long]).length).to.be.below(100)
    expect(showIssue(issueAt(path)).length).to.be.at.most(longestIssue)
  })

  it('of invalid JSON is short', () => {
    for (const text of [`{"${long}":1,"${long}":2}`, `"${long}`, long, `[${long}`]) {
      const read = parseJson(text)
      if (isLeft(read)) isShort(read.left, text.slice(0, 9))
      expect(isLeft(read)).to.equal(true)
    }
  })
})

const issueAt = (path: ReadonlyArray<string | number>) =>
  ({ _tag: 'InvalidValue', offset: 0, path, expected: 'x', actual: 'y', grammar: 'G' }) as const
