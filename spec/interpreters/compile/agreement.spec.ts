import { isDeepStrictEqual } from 'node:util'
import { expect } from 'chai'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import {
  framed,
  type Grammar,
  type Issue,
  imap,
  listOf,
  mapOf,
  struct,
  tuple,
  u32,
  u64,
  until,
  utf8,
} from '../../../combinators/index.js'
import { buildPlan } from '../../../interpreters/compile/build.js'
import { faultMarker } from '../../../interpreters/compile/fault.js'
import { Input } from '../../../interpreters/compile/input.js'
import { limitsOf } from '../../../interpreters/compile/options.js'
import { Output } from '../../../interpreters/compile/output.js'
import { retrace } from '../../../interpreters/compile/retrace.js'
import { Trail, Walk } from '../../../interpreters/compile/walk.js'
import { type Codec, type CompileOptions, compile } from '../../../interpreters/index.js'
import { edgesOf } from '../../support/conversation-edges.js'
import { issueOf, rightOf } from '../../support/either.js'
import { allGrammars } from '../../support/grammars.js'
import { refusedAs } from '../../support/issues.js'
import { allProtocols, profiles } from '../../support/protocols.js'
import { concat, int, padded } from '../../support/wire.js'

type Slow = (bytes: Uint8Array) => Either<Issue, unknown>

const planOf = (grammar: Grammar<unknown>, codec: Codec<unknown>, { profile }: CompileOptions) =>
  buildPlan(grammar.node, {
    protocol: codec.protocol,
    canonical: profile === 'canonical',
    limits: limitsOf(),
    evaluate: false,
    slices: false,
  })

/** What the walk makes of bytes when no fast reader went before it. */
const slowly = (grammar: Grammar<unknown>, codec: Codec<unknown>, options: CompileOptions): Slow => {
  const plan = planOf(grammar, codec, options)
  return (bytes) => {
    const input = new Input()
    input.open(bytes, 0)
    const trail = new Trail(plan.name)
    try {
      const step = new Walk(plan, input, trail).next()
      if (step.done === true && input.pos === input.end) return right(step.value)
      return step.done === true
        ? left({
            _tag: 'TrailingBytes',
            offset: input.pos,
            path: [],
            expected: 'the end of the message',
            actual: `${input.end - input.pos} more bytes`,
            grammar: plan.name,
          })
        : left(input.fault.issue(trail.steps, trail.grammar))
    } catch (error) {
      if (error !== faultMarker) throw error
      return left(input.fault.issue(trail.steps, trail.grammar))
    }
  }
}

/** The numbers of a run, the same in every run. */
const numbersFrom = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state * 1664525 + 1013904223) % 4294967296
    return Math.floor((state / 4294967296) * below)
  }
}

const special = [0, 1, 2, 7, 0x7f, 0x80, 0xff]

/** Bytes that were a message before something happened to them. */
const corrupted = (bytes: Uint8Array, random: (below: number) => number): Uint8Array => {
  const at = random(bytes.length + 1)
  const word = at - (at % 8)
  switch (random(7)) {
    case 0:
      return bytes.subarray(0, at)
    case 1:
      return concat(bytes.subarray(0, word), int(random(20)), bytes.subarray(word))
    case 2:
      return concat(bytes.subarray(0, word), bytes.subarray(word + 8))
    case 3:
      return concat(
        bytes.subarray(0, word),
        int([0n, 1n, 2n ** 24n, 2n ** 40n, 2n ** 64n - 1n][random(5)] ?? 0n),
        bytes.subarray(word + 8),
      )
    case 4:
      return concat(bytes, bytes.subarray(0, 8))
    default: {
      const changed = bytes.slice()
      if (changed.length > 0)
        changed[at % changed.length] = random(2) === 0 ? (special[random(special.length)] ?? 0) : random(256)
      return changed
    }
  }
}

const runs = 200

describe('the fast reader and its slow twin', () => {
  for (const [name, grammar] of allGrammars) {
    it(`agree on what is wrong with ${name}, to the last word, for ${runs} broken messages in each profile`, () => {
      const random = numbersFrom(name.length * 1000 + name.charCodeAt(0))
      for (const options of profiles) {
        const protocols = [allProtocols[0], allProtocols[36], ...allProtocols.slice(-2)]
        for (const given of protocols) {
          const codec = compile(grammar, given, options)
          const slow = slowly(grammar, codec, options)
          const messages = edgesOf(name, codec.protocol).map((value) => rightOf(codec.encode(value)))
          for (let run = 0; run < runs / protocols.length; run++) {
            const message = messages[random(messages.length)] ?? new Uint8Array(0)
            const bytes = corrupted(message, random)
            const [fast, twin] = [codec.decode(bytes), slow(bytes)]
            if (!isDeepStrictEqual(fast, twin)) expect(fast).to.deep.equal(twin)
          }
        }
      }
    })
  }

  it('agree on grammars with everything in them', () => {
    const Everything = struct('Everything', {
      list: listOf(tuple(u32, utf8)),
      map: mapOf(utf8, mapOf(u32, listOf(u64))),
      frames: framed(struct('Inside', { marked: until(u64, { next: 1n, end: 0n }, listOf(u32)), end: utf8 })),
      end: u64,
    }) as Grammar<unknown>
    const value = {
      list: [
        [1, 'a'],
        [2, 'b'],
      ],
      map: new Map([
        ['x', new Map([[1, [1n, 2n]]])],
        ['y', new Map()],
      ]),
      frames: { marked: [[1, 2], []], end: 'end' },
      end: 7n,
    }
    const random = numbersFrom(7)
    for (const options of profiles) {
      const codec = compile(Everything, {}, options)
      const slow = slowly(Everything, codec, options)
      const bytes = rightOf(codec.encode(value))
      expect(slow(bytes)).to.deep.equal(right(value))
      for (let run = 0; run < 1500; run++) {
        const broken = corrupted(corrupted(bytes, random), random)
        const [fast, twin] = [codec.decode(broken), slow(broken)]
        if (!isDeepStrictEqual(fast, twin)) expect(fast).to.deep.equal(twin)
      }
    }
  })
})

describe('the fast writer and its slow twin', () => {
  it('agree on what is wrong with a value of every grammar', () => {
    for (const [name, grammar] of allGrammars) {
      for (const given of allProtocols.slice(-2)) {
        const codec = compile(grammar, given)
        const plan = planOf(grammar, codec, {})
        for (const value of edgesOf(name, codec.protocol)) {
          for (const broken of brokenForms(value)) {
            const output = new Output()
            output.openGrowing()
            const trail = new Trail(plan.name)
            const fast = codec.encode(broken)
            let twin: Either<Issue, Uint8Array>
            try {
              retrace(plan, output, broken, trail)
              twin = fast._tag === 'Right' ? fast : left(output.fault.issue([], 'nothing wrong'))
            } catch (error) {
              if (error !== faultMarker) throw error
              twin = left(output.fault.issue(trail.steps, trail.grammar))
            }
            if (!isDeepStrictEqual(fast, twin)) expect(fast, name).to.deep.equal(twin)
          }
        }
      }
    }
  })
})

/** The value with one part taken away, in every place. */
function* brokenForms(value: unknown): Generator<unknown, void> {
  yield undefined
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) {
      for (const each of brokenForms(item)) yield value.with(i, each)
    }
    if (value.length > 0) yield [...value, value[0]]
  } else if (value instanceof Map) {
    for (const [key, item] of value) {
      for (const each of brokenForms(item)) yield new Map([...value, [key, each]])
    }
  } else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    for (const [key, item] of Object.entries(value)) {
      for (const each of brokenForms(item)) yield { ...value, [key]: each }
    }
  }
}

describe('a codec that is used while it runs', () => {
  const inner = compile(listOf(u64))

  it('reads and writes as if it were alone', () => {
    const Nested: Grammar<ReadonlyArray<bigint>> = imap(
      tuple(u64, utf8),
      ([count, text]): Either<string, ReadonlyArray<bigint>> => {
        // The codec itself, one level down, on good bytes and on bad ones.
        if (count > 0n) {
          const below = codec.decode(concat(int(count - 1n), padded(text)))
          refusedAs(codec.decode(int(2n ** 40n)), 'UnexpectedEnd', 8, [1])
          return below._tag === 'Right' ? right([...below.right, count]) : left('a good one below')
        }
        return right([])
      },
      (numbers) => {
        const bytes = rightOf(inner.encode(numbers))
        const below = rightOf(inner.decode(bytes))
        if (below.length > 0) rightOf(codec.encode(below.slice(1)))
        refusedAs(inner.encode([-1n]), 'OutOfRange', 8, [0])
        return right([BigInt(numbers.length), 'x'.repeat(numbers.length)] as const)
      },
    )
    const codec: Codec<ReadonlyArray<bigint>> = compile(Nested)
    for (let depth = 0; depth < 10; depth++) {
      const numbers = Array.from({ length: depth }, (_, i) => BigInt(i + 1))
      const bytes = concat(int(depth), padded('x'.repeat(depth)))
      expect(codec.encode(numbers)).to.deep.equal(right(bytes))
      expect(codec.decode(bytes)).to.deep.equal(right(numbers))
      const list = compile(listOf(Nested))
      expect(list.decode(rightOf(list.encode([numbers, numbers])))).to.deep.equal(right([numbers, numbers]))
    }
  })

  it('is as it was after a function of an imap threw', () => {
    let throws = false
    const mine = new Error('mine')
    const pass = (number: bigint): Either<string, bigint> => {
      if (throws) throw mine
      return right(number)
    }
    const Throwing = imap(u64, pass, pass)
    for (const grammar of [
      listOf(Throwing),
      framed(listOf(Throwing)),
      until(u64, { next: 1n, end: 0n }, Throwing),
    ]) {
      const codec = compile(grammar)
      const bytes = rightOf(codec.encode([1n, 2n]))
      throws = true
      expect(() => codec.decode(bytes)).to.throw(mine)
      // What a caller hands in may be anything, and to trip over it is no exception.
      const issue = issueOf(codec.encode([1n, 2n]))
      expect([issue._tag, issue.path]).to.deep.equal(['Unrepresentable', [0]])
      expect(issue.actual).to.include('mine')
      throws = false
      expect(codec.decode(bytes)).to.deep.equal(right([1n, 2n]))
      expect(codec.encode([1n, 2n])).to.deep.equal(right(bytes))
      expect(inner.decode(rightOf(inner.encode([3n])))).to.deep.equal(right([3n]))
    }
  })

  it('does not write over what an outer run has written', () => {
    const outer = compile(
      tuple(
        u64,
        imap(
          u64,
          (number) => right<string, bigint>(number),
          (number) => {
            rightOf(inner.encode(Array(2000).fill(0xffn)))
            return right(number)
          },
        ),
        u64,
      ),
    )
    expect(outer.encode([1n, 2n, 3n])).to.deep.equal(right(concat(int(1), int(2), int(3))))
    const target = new Uint8Array(24)
    expect(outer.encodeInto([1n, 2n, 3n], target, 0)).to.deep.equal(right(24))
    expect(target).to.deep.equal(concat(int(1), int(2), int(3)))
  })
})
