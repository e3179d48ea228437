import { expect } from 'chai'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { bytesOf, type Issue } from '../../combinators/index.js'
import { NixReader, type ReaderOptions } from '../../stream/index.js'
import { issueOf, rightOf } from '../support/either.js'
import { concat, int, padded } from '../support/wire.js'

type Read = (reader: NixReader) => TaskEither<Issue, unknown>

/** What refuses a length, and the length. */
const refusals: ReadonlyArray<readonly [what: string, length: bigint, read: Read, options?: ReaderOptions]> =
  [
    ['over the caller’s range', 51n, (reader) => reader.readBytesLimited([0, 50])],
    ['below it', 3n, (reader) => reader.readBytesLimited([4, 50])],
    ['over a range that has a lower end', 51n, (reader) => reader.readBytesLimited([4, 50])],
    [
      'beyond every integer',
      2n ** 64n - 7n,
      (reader) => reader.readBytesLimited([0, Number.POSITIVE_INFINITY]),
    ],
    ['over the reader’s limit', 9n, (reader) => reader.readBytes(), { limits: { string: 8 } }],
    ['over the reader’s limit, tried', 9n, (reader) => reader.tryReadBytes(), { limits: { string: 8 } }],
    ['over the largest buffer', 9n, (reader) => reader.readBytesLimited([0, 50]), { maxBufferSize: 8 }],
  ]

describe('a rejected length', () => {
  for (const [what, length, read, options] of refusals) {
    it(`has been read, and the bytes after it have not: ${what}`, async () => {
      const wire = concat(int(7), int(length), int(11), padded('tea'))
      for (const chunks of [
        [wire],
        Array.from(wire, (byte) => Uint8Array.of(byte)),
        [wire.subarray(0, 16)],
      ]) {
        const reader = new NixReader(chunks, options)
        expect(await reader.promises.readNumber()).to.equal(7n)
        const issue = issueOf(await read(reader)())
        expect(issue).to.include({ offset: 8 })
        expect(issue._tag).to.be.oneOf(['LimitExceeded', 'InvalidValue'])
        expect(reader.offset).to.equal(16)
        if (chunks[0]!.length === 16) {
          expect(issueOf(await reader.readNumber()())).to.deep.include({ _tag: 'UnexpectedEnd', offset: 16 })
          continue
        }
        expect(await reader.promises.readNumber()).to.equal(11n)
        expect(Buffer.from(await reader.promises.readBytes()).toString()).to.equal('tea')
        expect(rightOf(await reader.expectEnd()())).to.equal(undefined)
      }
    })
  }

  it('is distinct from a length that is cut', async () => {
    for (let length = 0; length < 8; length++) {
      const reader = new NixReader([int(60).subarray(0, length)])
      expect(issueOf(await reader.readBytesLimited([4, 50])())).to.deep.include({
        _tag: 'UnexpectedEnd',
        offset: 0,
        missing: 8 - length,
      })
    }
  })

  it('leaves an issue after a good length fatal', async () => {
    const reader = new NixReader([bytesOf('0200000000000000 1234010000000000'), int(1)])
    const issue = issueOf(await reader.readBytesLimited([1, 50])())
    expect(issue._tag).not.to.equal('LimitExceeded')
    expect(issueOf(await reader.readNumber()())).to.equal(issue)
  })
})
