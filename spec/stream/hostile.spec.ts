import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import {
  bytesOf,
  framed,
  type Grammar,
  lazy,
  listOf,
  listToEnd,
  mapOf,
  paddedBytes,
  restBytes,
  setOf,
  size,
  struct,
  u64,
  until,
  utf8,
} from '../../combinators/index.js'
import { compile } from '../../interpreters/index.js'
import { NixReader } from '../../stream/index.js'
import { cut } from '../support/chunks.js'
import { issueOf, rightOf } from '../support/either.js'
import { interruptible, Tree } from '../support/interruptible.js'
import { concat, int, padded } from '../support/wire.js'

function* endless(first: Uint8Array, chunk: Uint8Array): Generator<Uint8Array> {
  yield first
  for (;;) yield chunk
}

const read = <A>(grammar: Grammar<A>, chunks: Iterable<Uint8Array>) =>
  new NixReader(chunks).readValue(grammar)()

const megabytes = (): number => {
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 2 ** 20
}

describe('hostile input', () => {
  for (const { name, grammar, value } of interruptible) {
    it(`cut short anywhere is reported as missing bytes: ${name}`, async () => {
      const wire = rightOf(compile(grammar).encode(value))
      for (let length = 0; length < wire.length; length++) {
        const issue = issueOf(await read(grammar, cut(wire.subarray(0, length), [7])))
        expect(issue._tag).to.equal('UnexpectedEnd')
      }
    })
  }

  it('with a length of 2^64−1 is over the limit at once, without waiting for content', async () => {
    for (const grammar of [utf8, paddedBytes] as ReadonlyArray<Grammar<unknown>>) {
      const issue = issueOf(await read(grammar, endless(bytesOf('ffffffffffffffff'), new Uint8Array(8))))
      expect(issue).to.deep.include({ _tag: 'LimitExceeded', offset: 0, limit: 'string' })
    }
  })

  it('with a collection of 2^40 items is over the limit at once', async () => {
    for (const grammar of [listOf(u64), setOf(u64), mapOf(u64, u64)] as ReadonlyArray<Grammar<unknown>>) {
      const issue = issueOf(await read(grammar, endless(int(2n ** 40n), new Uint8Array(8))))
      expect(issue).to.deep.include({ _tag: 'LimitExceeded', offset: 0, limit: 'collection' })
    }
  })

  it('with a length within the limits allocates no memory for it', async () => {
    const before = megabytes()
    const readers = Array.from({ length: 20 }, () => new NixReader([int(2 ** 24), int(1), int(2 ** 26)]))
    const Item = struct('Item', { n: u64, text: utf8 })
    const issues = await Promise.all(readers.map((reader) => reader.readValue(listOf(Item))()))
    expect(issues.map((issue) => issueOf(issue).path)).to.deep.equal(issues.map(() => [0, 'text']))
    expect(readers.map(({ capacity }) => capacity < 65536)).to.not.include(false)
    expect(megabytes() - before).to.be.below(16)
  })

  it('with a million announced levels is rejected at the depth limit', async () => {
    const level = concat(int(0), int(1))
    for (const lengths of [[16], [65536]]) {
      const million = concat(...Array.from({ length: 4096 }, () => level))
      const issue = issueOf(await read(Tree, endless(cut(million, lengths).next().value ?? level, million)))
      expect(issue).to.deep.include({ _tag: 'LimitExceeded', limit: 'depth', maximum: 64 })
      expect(issue.path).to.have.length.within(128, 132)
    }
  })

  it('with the deepest allowed nesting is read byte by byte, and does not overflow the stack', async () => {
    interface Deep {
      readonly inner: ReadonlyArray<Deep>
    }
    const Deep: Grammar<Deep> = struct('Deep', { inner: listOf(lazy(() => Deep)) })
    const wire = concat(...Array.from({ length: 1000 }, () => int(1)), int(0))
    const reader = new NixReader(cut(wire, [1]), { limits: { depth: 1000 } })
    let value: Deep | undefined = rightOf(await reader.readValue(Deep)())
    for (let depth = 0; depth < 1000; depth++) value = value?.inner[0]
    expect(value).to.deep.equal({ inner: [] })
    const shallow = new NixReader(cut(wire, [1]), { limits: { depth: 999 } })
    expect(issueOf(await shallow.readValue(Deep)())._tag).to.equal('LimitExceeded')
  })

  it('with endless items or frames is rejected at the limit', async () => {
    const item = int(1)
    const items = new NixReader(endless(item, item), { limits: { collection: 1000 } })
    const marked = until(u64, { next: 1n, end: 0n }, u64)
    expect(issueOf(await items.readValue(marked)())).to.deep.include({ _tag: 'LimitExceeded', offset: 16000 })
    const frame = concat(int(8), int(1))
    const frames = new NixReader(endless(frame, frame), { limits: { string: 4096 } })
    expect(issueOf(await frames.readValue(framed(listOf(u64)))())).to.deep.include({
      _tag: 'LimitExceeded',
      limit: 'string',
    })
  })

  it('with a large primitive is limited by maxBufferSize', async () => {
    const wire = padded('x'.repeat(100))
    const small = new NixReader([wire], { maxBufferSize: 99 })
    expect(issueOf(await small.readValue(utf8)())).to.deep.include({ _tag: 'LimitExceeded', maximum: 99 })
    expect(await new NixReader([wire], { maxBufferSize: 100 }).readValue(utf8)()).to.deep.equal(
      right('x'.repeat(100)),
    )
  })

  it('with a large message leaves a small buffer', async () => {
    const large = padded('x'.repeat(8 * 2 ** 20))
    const reader = new NixReader([large, padded('y')])
    await reader.promises.readBytes()
    expect(reader.capacity).to.be.greaterThan(8 * 2 ** 20)
    expect(await reader.promises.readValue(utf8)).to.equal('y')
    expect(reader.capacity).to.be.below(2 ** 17)
  })

  it('in any chunks needs a buffer no larger than the missing bytes', async () => {
    const wire = rightOf(compile(listOf(u64)).encode(Array.from({ length: 500_000 }, (_, i) => BigInt(i))))
    for (const lengths of [[wire.length], [1000], [65536]]) {
      const reader = new NixReader(cut(wire, lengths))
      expect(rightOf(await reader.readValue(listOf(u64))())).to.have.lengthOf(500_000)
      expect(reader.capacity).to.be.at.most(2 ** 18)
    }
  })

  describe('needs time in proportion to its length, one byte at a time', () => {
    const Record = struct('Record', { a: size, names: listOf(utf8) })
    const growing = <A>(name: string, grammar: Grammar<A>, valueFor: (n: number) => A) => {
      it(name, async () => {
        const codec = compile(grammar)
        const timeOf = async (n: number): Promise<number> => {
          const wire = rightOf(codec.encode(valueFor(n)))
          const start = process.cpuUsage()
          expect(await read(grammar, cut(wire, [1]))).to.have.property('_tag', 'Right')
          const { user, system } = process.cpuUsage(start)
          return (user + system) / wire.length
        }
        await timeOf(2000)
        const small = Math.min(await timeOf(2000), await timeOf(2000), await timeOf(2000))
        const large = Math.min(await timeOf(16000), await timeOf(16000))
        // Quadratic would be eight times as much for each byte.
        expect(large / small).to.be.below(3)
      })
    }
    growing('a list', listOf(size), (n) => Array.from({ length: 4 * n }, (_, i) => i))
    growing('a list of records', listOf(Record), (n) =>
      Array.from({ length: n }, (_, a) => ({ a, names: ['x'] })),
    )
    growing('a list in a record', Record, (n) => ({
      a: 1,
      names: Array.from({ length: 2 * n }, () => 'name'),
    }))
    growing('lists of lists', listOf(listOf(listOf(size))), (n) =>
      Array.from({ length: Math.ceil(n / 8) }, () => [[1, 2, 3], [4], [5, 6]]),
    )
    growing('one long text', utf8, (n) => 'x'.repeat(32 * n))
    growing('a list to the end', listToEnd(size), (n) => Array.from({ length: 4 * n }, (_, i) => i))
    growing('bytes to the end', restBytes, (n) => new Uint8Array(32 * n))
  })
})
