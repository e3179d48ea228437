import { expect } from 'chai'
import { type Either, right } from 'fp-ts/lib/Either.js'
import { isSome, type Option, some } from 'fp-ts/lib/Option.js'
import {
  framed,
  type Grammar,
  type Issue,
  imap,
  lazy,
  listOf,
  mapOf,
  optionalByTag,
  setOf,
  struct,
  tagged,
  tuple,
  u8,
  u64,
  until,
  utf8,
} from '../../../combinators/index.js'
import { compile, dissect, type Limits, runParser, toParser } from '../../../interpreters/index.js'
import { NixReader } from '../../../stream/index.js'
import { issueOf, rightOf } from '../../support/either.js'
import { refusedAs } from '../../support/issues.js'
import { profiles } from '../../support/protocols.js'
import { concat, int, padded } from '../../support/wire.js'

interface Tree {
  readonly children: ReadonlyArray<Tree>
}
const Tree: Grammar<Tree> = struct('Tree', { children: listOf(lazy(() => Tree)) })

/** A chain of this many trees, the first of which is no recursion yet. */
const chain = (depth: number): Tree => {
  let tree: Tree = { children: [] }
  for (let i = 0; i < depth; i++) tree = { children: [tree] }
  return tree
}
const chainBytes = (depth: number): Uint8Array => concat(...Array(depth).fill(int(1)), int(0))

const pathTo = (depth: number) => Array.from({ length: depth }, () => ['children', 0]).flat()

describe('the limits', () => {
  it('hold for texts and bytes', () => {
    const codec = compile(tuple(u64, utf8), {}, { limits: { string: 3 } })
    expect(codec.decode(concat(int(0), padded('abc')))._tag).to.equal('Right')
    const issue = refusedAs(codec.decode(concat(int(0), padded('abcd'))), 'LimitExceeded', 8, [1])
    expect(issue).to.include({ limit: 'string', maximum: 3 })
  })

  it('hold for the items of every collection', () => {
    const limits = { collection: 1 }
    for (const grammar of [listOf(u64), setOf(u64)] as ReadonlyArray<Grammar<unknown>>) {
      const codec = compile(tuple(u64, grammar), {}, { limits })
      expect(codec.decode(concat(int(0), int(1), int(7)))._tag).to.equal('Right')
      const issue = refusedAs(codec.decode(concat(int(0), int(2), int(7), int(8))), 'LimitExceeded', 8, [1])
      expect(issue).to.include({ limit: 'collection', maximum: 1 })
    }
    refusedAs(
      compile(mapOf(u64, u64), {}, { limits }).decode(concat(int(2), ...Array(4).fill(int(0)))),
      'LimitExceeded',
      0,
    )
    const Marked = until(u64, { next: 1n, end: 0n }, u64)
    const marked = compile(Marked, {}, { limits })
    const two = concat(int(1), int(7), int(1), int(8), int(0))
    refusedAs(marked.decode(two), 'LimitExceeded', 16, [1])
    refusedAs(marked.encode([7n, 8n]), 'LimitExceeded', 0)
  })

  it('hold for the depth of recursion, both ways, with the issue at the first level beyond', () => {
    for (const depth of [0, 1, 7]) {
      const codec = compile(Tree, {}, { limits: { depth } })
      expect(codec.decode(chainBytes(depth))).to.deep.equal(right(chain(depth)))
      expect(codec.encode(chain(depth))).to.deep.equal(right(chainBytes(depth)))
      const read = refusedAs(
        codec.decode(chainBytes(depth + 1)),
        'LimitExceeded',
        8 * (depth + 1),
        pathTo(depth + 1),
      )
      expect(read).to.include({ limit: 'depth', maximum: depth })
      const written = refusedAs(
        codec.encode(chain(depth + 1)),
        'LimitExceeded',
        8 * (depth + 1),
        pathTo(depth + 1),
      )
      expect(written).to.include({ limit: 'depth', maximum: depth })
    }
    refusedAs(compile(Tree).decode(chainBytes(65)), 'LimitExceeded', 65 * 8, pathTo(65))
    // Siblings do not count as nested.
    const wide: Tree = { children: Array(200).fill({ children: [] }) }
    const flat = compile(Tree, {}, { limits: { depth: 1 } })
    expect(flat.decode(rightOf(flat.encode(wide)))).to.deep.equal(right(wide))
  })

  it('count levels outside and inside frames together', () => {
    interface Box {
      readonly inner: Option<Box>
    }
    const Box: Grammar<Box> = struct('Box', {
      inner: framed(
        optionalByTag(
          u8,
          lazy(() => Box),
        ),
      ),
    })
    const boxes = (depth: number): Box => ({ inner: depth === 0 ? { _tag: 'None' } : some(boxes(depth - 1)) })
    const wide = compile(Box)
    const codec = compile(Box, {}, { limits: { depth: 3 } })
    expect(codec.decode(rightOf(wide.encode(boxes(3))))).to.deep.equal(right(boxes(3)))
    const tooDeep = ['LimitExceeded', Array(4).fill('inner')]
    const outcomes = [codec.decode(rightOf(wide.encode(boxes(4)))), codec.encode(boxes(4))]
    for (const outcome of outcomes) {
      const { _tag, path } = issueOf<Issue, unknown>(outcome)
      expect([_tag, path]).to.deep.equal(tooDeep)
    }
  })

  it('are issues, not stack overflows, however much stack each level takes', () => {
    type Fat = { readonly is: 'Fat'; readonly next: ReadonlyMap<bigint, readonly [Option<Fat>]> }
    const none: Option<Fat> = { _tag: 'None' }
    const Fat: Grammar<Fat> = tagged('is', u64, {
      Fat: [
        7,
        {
          next: mapOf(
            u64,
            tuple(
              imap(
                optionalByTag(u8, struct('Box', { inner: lazy(() => Fat) })),
                (box) => right<string, Option<Fat>>(isSome(box) ? some(box.value.inner) : none),
                (fat) => right(isSome(fat) ? some({ inner: fat.value }) : { _tag: 'None' as const }),
              ),
            ),
          ),
        },
      ],
    })
    const level = (inner: Option<Fat>): Fat => ({ is: 'Fat', next: new Map([[1n, [inner]]]) })
    const nested = (depth: number, innermost: Fat): Fat => {
      let fat = innermost
      for (let i = 0; i < depth; i++) fat = level(some(fat))
      return fat
    }
    const bytesOf = (depth: number) =>
      concat(...Array(depth).fill(concat(int(7), int(1), int(1), int(1))), int(7), int(1), int(1), int(0))
    const broken = level(some('no fat' as unknown as Fat))
    for (const profile of ['compatible', 'canonical'] as const) {
      const codec = compile(Fat, {}, { profile })
      const bytes = bytesOf(64)
      expect(codec.encode(nested(64, level(none)))).to.deep.equal(right(bytes))
      expect(codec.decode(bytes)._tag).to.equal('Right')
      expect(issueOf(codec.decode(bytes.subarray(0, -1))).path).to.have.length.above(64)
      expect(issueOf(codec.encode(nested(64, broken)))._tag).to.equal('LimitExceeded')
      expect(issueOf(codec.encode(nested(63, broken))).path).to.have.length.above(63)
      // The greatest depth that a codec allows.
      const deep = compile(Fat, {}, { profile, limits: { depth: 1000 } })
      const outcomes = [
        deep.decode(bytesOf(999)),
        deep.encode(nested(999, level(none))),
        deep.encode(nested(999, broken)),
        deep.encode(nested(300, broken)),
        deep.encode(nested(150, broken)),
      ]
      for (const outcome of outcomes as ReadonlyArray<Either<Issue, unknown>>) {
        const tag = outcome._tag === 'Left' ? outcome.left._tag : 'Right'
        expect(tag).to.be.oneOf(['Right', 'LimitExceeded', 'Unrepresentable'])
      }
    }
  })

  describe('of a message', () => {
    const Message = struct('Message', {
      head: u64,
      texts: listOf(utf8),
      map: mapOf(utf8, u64),
      marked: until(u64, { next: 1n, end: 0n }, u64),
      frames: framed(tuple(u64, utf8)),
      end: optionalByTag(u8, u64),
    }) as Grammar<unknown>
    const value = {
      head: 1n,
      texts: ['abc', '', 'abcdefghi'],
      map: new Map([['key', 2n]]),
      marked: [7n],
      frames: [1n, 'framed'],
      end: some(3n),
    }
    const bytes = rightOf(compile(Message).encode(value))

    it('reject a message that exceeds them, at the part that does, in every reader and in the writer', async () => {
      for (const [options, evaluate] of profiles.flatMap((each) => [
        [each, true] as const,
        [each, false] as const,
      ])) {
        for (let message = 0; message <= bytes.length; message++) {
          const limits = { message }
          const codec = compile(Message, {}, { ...options, evaluate, limits })
          const before = new Uint8Array(5)
          const read = codec.decodeAt(concat(before, bytes, bytes), 5)
          const others = [
            dissect(Message, {}, bytes, { ...options, limits }).result,
            codec.decode(bytes),
            runParser(toParser(Message, {}, { ...options, limits }), bytes),
            await new NixReader([bytes.subarray(0, 50), bytes.subarray(50)], {
              ...options,
              limits,
            }).readValue(Message)(),
          ]
          const written = codec.encode(value)
          if (message === bytes.length) {
            expect(read).to.deep.equal(right({ value, next: 5 + bytes.length }))
            expect(written).to.deep.equal(right(bytes))
            for (const each of others) expect(each._tag).to.equal('Right')
          } else {
            const issue = issueOf<Issue, unknown>(read)
            expect(issue).to.include({ _tag: 'LimitExceeded', limit: 'message', maximum: message })
            // The part begins within the limit, and ends beyond it.
            expect(issue.offset - 5).to.be.within(0, message)
            for (const each of others) {
              expect(each).to.deep.equal({ _tag: 'Left', left: { ...issue, offset: issue.offset - 5 } })
            }
            const { _tag, path } = issueOf(written)
            expect({ _tag, path }, `${message}`).to.deep.equal({
              _tag: 'LimitExceeded',
              // Frames are cut after their content is written.
              path: issue.path[0] === 'frames' ? ['frames'] : issue.path,
            })
          }
        }
      }
    })

    it('hold before the bytes arrive: an announced length is enough', async () => {
      const limits = { message: 2 ** 16 }
      const announced = concat(int(2), padded('a'), int(2 ** 20))
      const List = listOf(utf8)
      refusedAs(compile(List, {}, { limits }).decode(announced), 'LimitExceeded', 24, [1])
      async function* never(): AsyncGenerator<Uint8Array, void> {
        yield announced
        await new Promise(() => undefined)
      }
      refusedAs(await new NixReader(never(), { limits }).readValue(List)(), 'LimitExceeded', 24, [1])
    })

    it('bound the buffer of a stream reader, whatever each part may have', async () => {
      const text = padded('x'.repeat(1000))
      let sent = 0
      function* flood(): Generator<Uint8Array, void> {
        yield int(2 ** 24)
        for (;;) {
          sent += text.length
          yield text
        }
      }
      const reader = new NixReader(flood())
      reader.setMessageLimit(2 ** 16)
      const issue = issueOf(await reader.readValue(listOf(utf8))())
      expect(issue).to.include({ _tag: 'LimitExceeded', limit: 'message', maximum: 2 ** 16 })
      expect(issue.path).to.deep.equal([65])
      expect(sent).to.be.below(3 * 2 ** 16)
      expect(() => reader.setMessageLimit(-1)).to.throw(RangeError)
    })

    it('count each value of a stream alone, without what comes after it', async () => {
      const one = concat(int(1), padded('abc'))
      const reader = new NixReader([concat(one, one, one, new Uint8Array(100))], { limits: { message: 24 } })
      for (let i = 0; i < 3; i++) expect(await reader.readValue(listOf(utf8))()).to.deep.equal(right(['abc']))
      expect(reader.buffer).to.have.lengthOf(100)
    })

    it('let a writer stop before it has written more', () => {
      const huge = Array(2 ** 20).fill('x'.repeat(2 ** 20))
      const issue = issueOf(compile(listOf(utf8), {}, { limits: { message: 2 ** 22 } }).encode(huge))
      expect(issue).to.include({ _tag: 'LimitExceeded', limit: 'message' })
      expect(issue.path).to.deep.equal([3])
    })
  })

  it('must be integers that the machine can hold', () => {
    const bad: ReadonlyArray<Partial<Limits>> = [
      { string: -1 },
      { string: 2 ** 29 },
      { string: 1.5 },
      { collection: 2 ** 32 },
      { collection: Number.NaN },
      { depth: 1001 },
      { depth: Number.POSITIVE_INFINITY },
      { frame: 2 ** 32 },
      { message: -1 },
      { message: Number.POSITIVE_INFINITY },
      { frame: '1' as unknown as number },
    ]
    for (const limits of bad) {
      expect(() => compile(u64, {}, { limits }), JSON.stringify(limits)).to.throw(RangeError)
    }
    expect(() =>
      compile(u64, {}, { limits: { string: 0, collection: 0, depth: 0, frame: 0 } }),
    ).not.to.throw()
  })

  it('bound the memory that a codec keeps after a large value', () => {
    const large = compile(listOf(u64))
    const bytes = rightOf(large.encode(Array(3_000_000).fill(0n)))
    expect(bytes).to.have.lengthOf(24_000_008)
    const before = process.memoryUsage().arrayBuffers
    rightOf(large.encode([]))
    expect(process.memoryUsage().arrayBuffers).to.be.below(before + 2 ** 20)
  })
})
