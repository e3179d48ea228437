import { createHash } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { Nar, type NarNode } from '../../grammar/nar.js'
import { compile } from '../../interpreters/index.js'
import { writeAddMultiple } from '../../stream/add-multiple-to-store.js'
import { IssueError } from '../../stream/issue-error.js'
import { MeasuredNar } from '../../stream/measured-nar.js'
import { ByteSource } from '../../stream/nar/byte-source.js'
import { readPathsToAdd } from '../../stream/paths-to-add.js'
import { rightOf } from '../support/either.js'
import { pathInfo } from '../support/exports.js'
import { archive, chunkSizes, cut, file, narNode } from '../support/nar.js'

const joined = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Array<Uint8Array> = []
  for await (const chunk of chunks) {
    all.push(Buffer.from(chunk))
  }
  return Buffer.concat(all)
}

const narOf = (root: NarNode): Buffer => Buffer.from(rightOf(compile(Nar).encode({ root })))

const infoFor = (nar: Uint8Array) => pathInfo(BigInt(nar.length))

const streamOf = (nars: ReadonlyArray<Buffer>): Promise<Buffer> =>
  joined(
    writeAddMultiple(
      nars.length,
      nars.map((nar) => ({ info: infoFor(nar), nar: [nar] })),
    ),
  )

describe('the paths of AddMultipleToStore', () => {
  it('come each with its own archive, however the stream is cut, and however much of one is read', async () => {
    const reads = fc.array(fc.constantFrom('all', 'one', 'none'), { minLength: 4, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(fc.array(narNode, { maxLength: 4 }), chunkSizes, reads, async (nodes, sizes, how) => {
        const nars = nodes.map(narOf)
        let index = 0
        for await (const { info, nar } of readPathsToAdd(cut(await streamOf(nars), sizes))) {
          const expected = nars[index]!
          expect(info).to.deep.equal(infoFor(expected))
          if (how[index] === 'all') {
            expect(await joined(nar)).to.deep.equal(expected)
          } else if (how[index] === 'one') {
            for await (const chunk of nar) {
              expect(expected.subarray(0, chunk.length).equals(chunk)).to.equal(true)
              break
            }
          }
          index++
        }
        expect(index).to.equal(nars.length)
      }),
      { numRuns: 100 },
    )
  })

  it('can be written again as they were read', async () => {
    const stream = await streamOf([archive(file('one')), archive(file(''))])
    expect(await joined(writeAddMultiple(2, readPathsToAdd([stream])))).to.deep.equal(stream)
  })

  it('do not end without an error after an archive that failed, even if that error is caught', async () => {
    const nar = archive(file('x'))
    const stream = await streamOf([nar, nar])
    const broken = Buffer.from(stream)
    // The first word of the first archive.
    broken.writeUInt8(0x7a, stream.indexOf('nix-archive-1'))
    let seen = 0
    const read = async (): Promise<void> => {
      for await (const path of readPathsToAdd([broken])) {
        seen++
        await joined(path.nar).catch(() => undefined)
      }
    }
    const failure = await read().catch((error: unknown) => error)
    expect(seen).to.equal(1)
    expect(failure).to.be.an.instanceOf(IssueError)
    expect((failure as IssueError).issue.path).to.deep.equal([0, 'nar'])
  })

  it('have empty archives after the next one has come', async () => {
    const nars = [archive(file('one')), archive(file('two'))]
    const kept: Array<AsyncIterable<Uint8Array>> = []
    for await (const { nar } of readPathsToAdd([await streamOf(nars)])) {
      kept.push(nar)
    }
    expect((await joined(kept[0]!)).length + (await joined(kept[1]!)).length).to.equal(0)
  })
})

describe('a measured archive', () => {
  it('passes unchanged, and has the hash and the size of its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(narNode, chunkSizes, async (node, sizes) => {
        const bytes = narOf(node)
        const nar = new MeasuredNar(cut(bytes, sizes))
        expect(await joined(nar)).to.deep.equal(bytes)
        expect(nar.narSize).to.equal(BigInt(bytes.length))
        expect(nar.narHash).to.equal(createHash('sha256').update(bytes).digest('hex'))
      }),
      { numRuns: 50 },
    )
  })

  it('may have no more bytes than it says', async () => {
    const whole = archive(file('contents'))
    const size = BigInt(whole.length)
    expect(await joined(new MeasuredNar([whole], { most: size }))).to.deep.equal(new Uint8Array(whole))
    const source = new ByteSource([whole], 100)
    const failure = await joined(new MeasuredNar(source, { most: size - 1n })).catch(
      (error: unknown) => error,
    )
    expect((failure as IssueError).issue).to.deep.include({
      _tag: 'LimitExceeded',
      offset: 100 + whole.length - 1,
      expected: `an archive of at most ${size - 1n} bytes`,
    })
    expect(() => new MeasuredNar([whole], { most: 8 as never })).to.throw(TypeError, /bigint/)
  })

  it('leaves a source open at an issue if it is a ByteSource, and cancels any other', async () => {
    const whole = archive(file('contents'))
    for (const bytes of [
      Buffer.from('no archive, whatever it is'),
      Buffer.concat([whole, Buffer.alloc(8)]),
    ]) {
      for (const isOwned of [false, true]) {
        let cancelled = 0
        const chunks = [bytes]
        const source = { next: () => chunks.shift() ?? null, cancel: () => void cancelled++ }
        const nar = new MeasuredNar(isOwned ? source : new ByteSource(source))
        expect(await joined(nar).catch((error: unknown) => error)).to.be.an.instanceOf(IssueError)
        expect(cancelled).to.equal(isOwned ? 1 : 0)
      }
    }
  })

  it('is rejected if it is invalid, cut, or has bytes after it', async () => {
    const whole = archive(file('contents'))
    for (const [bytes, tag] of [
      [Buffer.from('not an archive, whatever else it may be'), 'LimitExceeded'],
      [whole.subarray(0, -8), 'UnexpectedEnd'],
      [Buffer.concat([whole, Buffer.alloc(8)]), 'TrailingBytes'],
    ] as const) {
      const failure = await joined(new MeasuredNar([bytes])).catch((error: unknown) => error)
      expect(failure).to.be.an.instanceOf(IssueError)
      expect((failure as IssueError).issue._tag, tag).to.equal(tag)
    }
  })
})
