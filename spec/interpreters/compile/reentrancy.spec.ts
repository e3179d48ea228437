import { expect } from 'chai'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import {
  framed,
  type Grammar,
  imap,
  listOf,
  mapOf,
  tuple,
  u64,
  until,
  utf8,
} from '../../../combinators/index.js'
import { type Codec, compile } from '../../../interpreters/index.js'
import { issueOf, rightOf } from '../../support/either.js'
import { refusedAs } from '../../support/issues.js'
import { concat, int, padded } from '../../support/wire.js'

describe('a codec that is called while it runs', () => {
  const inner = compile(listOf(u64))

  it('reads and writes as if it were alone', () => {
    const Nested: Grammar<ReadonlyArray<bigint>> = imap(
      tuple(u64, utf8),
      ([count, text]): Either<string, ReadonlyArray<bigint>> => {
        // The codec itself, one level down, on valid and on invalid bytes.
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

  it('is unchanged after a function of an imap threw', () => {
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
      // A caller may pass any value, and throwing while it is read is not an exception of the codec.
      const issue = issueOf(codec.encode([1n, 2n]))
      expect([issue._tag, issue.path]).to.deep.equal(['Unrepresentable', [0]])
      expect(issue.actual).to.include('mine')
      throws = false
      expect(codec.decode(bytes)).to.deep.equal(right([1n, 2n]))
      expect(codec.encode([1n, 2n])).to.deep.equal(right(bytes))
      expect(inner.decode(rightOf(inner.encode([3n])))).to.deep.equal(right([3n]))
    }
  })

  it('rethrows what a function of an imap throws while keys are compared', () => {
    const mine = new Error('mine')
    const Key = imap(
      u64,
      (number) => right<string, bigint>(number),
      (): Either<string, bigint> => {
        throw mine
      },
    )
    const bytes = concat(int(2), int(1), int(7), int(1), int(7))
    for (const key of [tuple(Key), listOf(Key)] as ReadonlyArray<Grammar<unknown>>) {
      const one = key.node._tag === 'struct' ? int(1) : concat(int(1), int(1))
      const entries = concat(int(2), one, int(7), one, int(7))
      expect(() => compile(mapOf(key, u64)).decode(entries)).to.throw(mine)
      expect(() => compile(mapOf(key, u64), {}, { evaluate: false }).decode(entries)).to.throw(mine)
    }
    expect(() =>
      compile(mapOf(framed(Key), u64)).decode(concat(int(1), int(8), int(1), int(0), int(7))),
    ).to.throw(mine)
    expect(() => compile(mapOf(Key, u64)).decode(bytes)).to.throw(mine)
  })

  it('does not overwrite the bytes of an outer call', () => {
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
