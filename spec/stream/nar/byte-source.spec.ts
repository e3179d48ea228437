import { expect } from 'chai'
import fc from 'fast-check'
import { u64, utf8 } from '../../../combinators/index.js'
import { plansFor } from '../../../interpreters/compile/resumable.js'
import { IssueError } from '../../../stream/issue-error.js'
import { ByteSource } from '../../../stream/nar/index.js'
import { issueOf, rightOf } from '../../support/either.js'
import { chunkSizes, cut } from '../../support/nar.js'
import { concat, int, padded } from '../../support/wire.js'

/** Bytes in one memory that is written over before each next chunk. */
function* reused(bytes: Uint8Array, sizes: ReadonlyArray<number>): Generator<Uint8Array> {
  const memory = new Uint8Array(Math.max(...sizes))
  for (const chunk of cut(bytes, sizes)) {
    memory.fill(0xee)
    memory.set(chunk)
    yield memory.subarray(0, chunk.length)
  }
}

const plans = plansFor({}, {})
const texts = ['', 'tea', 'x'.repeat(700), 'eight by', 'y'.repeat(20_000), 'z']

describe('a source that several readers share', () => {
  it('gives each reader what the one before left, even if chunks are overwritten', async () => {
    await fc.assert(
      fc.asyncProperty(chunkSizes, fc.array(fc.nat(50), { minLength: 1 }), async (sizes, lengths) => {
        const bytes = concat(...texts.flatMap((text, i) => [padded(text), int(i), new Uint8Array(9).fill(i)]))
        const source = new ByteSource(reused(bytes, sizes), 100)
        let at = 100
        const expectHere = (more: number): void => {
          at += more
          expect(source.offset).to.equal(at)
        }
        for (const [i, text] of texts.entries()) {
          expect(rightOf(await source.read(utf8, plans))).to.equal(text)
          expectHere(padded(text).length)
          expect(rightOf(await source.read(u64, plans))).to.equal(BigInt(i))
          expectHere(8)
          // Raw bytes, taken in parts: what is more than wanted is given back.
          for (let left = 9, j = 0; left > 0; j++) {
            const chunk = (await source.next()) ?? new Uint8Array(0)
            const wanted = Math.min(left, chunk.length, 1 + lengths[j % lengths.length]!)
            expect(Array.from(chunk.subarray(0, wanted))).to.deep.equal(
              Array.from({ length: wanted }, () => i),
            )
            source.unread(chunk.subarray(wanted))
            expectHere(wanted)
            left -= wanted
          }
        }
        expect(await source.next()).to.equal(null)
        expect(issueOf(await source.read(u64, plans))).to.include({ _tag: 'UnexpectedEnd', offset: at })
      }),
      { numRuns: 100 },
    )
  })

  it('takes back several parts, and returns the last one first', async () => {
    const source = new ByteSource([Uint8Array.of(1, 2, 3, 4, 5, 6), Uint8Array.of(7, 8)])
    const chunk = (await source.next())!
    source.unread(chunk.subarray(4))
    source.unread(chunk.subarray(3, 4))
    source.unread(chunk.subarray(0, 3))
    expect(source.offset).to.equal(0)
    expect(rightOf(await source.read(u64, plans))).to.equal(0x0807060504030201n)
  })

  it('returns bytes that do not change', async () => {
    const source = new ByteSource(cut(concat(padded('tea'), padded('coffee')), [20]))
    expect(rightOf(await source.read(utf8, plans))).to.equal('tea')
    const handedOut = (await source.next())!
    source.unread(handedOut.slice())
    expect(rightOf(await source.read(utf8, plans))).to.equal('coffee')
    expect(Array.from(handedOut)).to.deep.equal(Array.from(padded('coffee').subarray(0, 4)))
  })

  it('reports where it failed, and where it ended within a value', async () => {
    const failing = new ByteSource(
      (function* () {
        yield padded('x').subarray(0, 10)
        throw new Error('gone')
      })(),
    )
    const error: unknown = await failing.read(utf8, plans).catch((thrown: unknown) => thrown)
    expect(error).to.be.instanceOf(IssueError)
    expect(error).to.have.nested.include({ 'issue._tag': 'SourceFailed', 'issue.offset': 10 })
    const cutOff = new ByteSource(cut(padded('x').subarray(0, 10), [3]))
    expect(issueOf(await cutOff.read(utf8, plans))).to.include({
      _tag: 'UnexpectedEnd',
      offset: 0,
      missing: 6,
    })
    expect([await cutOff.next(), cutOff.offset]).to.deep.equal([null, 10])
  })
})
