import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import {
  bytesOf,
  framed,
  type Issue,
  listOf,
  rawBytes,
  struct,
  tagged,
  u8,
  u64,
  utf8,
} from '../../combinators/index.js'
import { IssueError, type MockFailure, MockReader, type NixRead } from '../../stream/index.js'
import { issueOf } from '../support/either.js'

const content = bytesOf('0000123456789abcdeff')
const noBytes = new Uint8Array(0)

const failureOf = (issue: Issue): MockFailure => {
  expect(issue._tag).to.equal('SourceFailed')
  return (issue as { readonly cause: unknown } & Issue).cause as MockFailure
}

describe('MockReader', () => {
  it('follows its script, and then is at its end', async () => {
    const mock = new MockReader().number(10n).bytes(noBytes).bytes(content)
    expect(await mock.readNumber()()).to.deep.equal(right(10n))
    expect(await mock.readBytes()()).to.deep.equal(right(noBytes))
    expect(await mock.readBytes()()).to.deep.equal(right(content))
    expect(await mock.tryReadNumber()()).to.deep.equal(right(none))
    expect(await mock.tryReadBytes()()).to.deep.equal(right(none))
    expect(issueOf(await mock.readNumber()())._tag).to.equal('UnexpectedEnd')
    mock.done()
  })

  it('rejects bytes in place of a number, and a number in place of bytes', async () => {
    expect(failureOf(issueOf(await new MockReader().number(10n).readBytes()()))).to.deep.equal({
      _tag: 'WrongCall',
      expected: 'readNumber',
      actual: 'readBytes',
    })
    expect(failureOf(issueOf(await new MockReader().bytes(noBytes).readNumber()()))).to.deep.equal({
      _tag: 'WrongCall',
      expected: 'readBytes',
      actual: 'readNumber',
    })
  })

  it('fails where the script says, with the given error or issue', async () => {
    const error = new Error('bad number')
    const issue = issueOf(await new MockReader().readBytes()())
    const mock = new MockReader().numberError(error).bytesError(issue).number(1n)
    expect(failureOf(issueOf(await mock.readNumber()()))).to.equal(error)
    expect(issueOf(await mock.readBytes()())).to.equal(issue)
    expect(await mock.readNumber()()).to.deep.equal(right(1n))
  })

  it('lists the operations that are left', () => {
    expect(() => new MockReader().number(1n).bytes(noBytes).done()).to.throw(/^2 operations .* readNumber$/)
  })

  it('has a protocol that can be set', () => {
    const mock = new MockReader({ protocol: { version: '1.21' } })
    expect(mock.version).to.equal('1.21')
    expect(mock.setProtocol({ version: '1.30' }).protocol.version).to.equal('1.30')
  })

  it('reads a grammar operation by operation', async () => {
    const Shape = tagged('kind', u8, { Dot: [0, {}], Text: [1, { text: utf8, raw: rawBytes(3) }] })
    const grammar = struct('S', { shapes: listOf(Shape), inside: framed(u64) })
    const mock = new MockReader()
      .number(2n) // how many shapes
      .number(0n)
      .number(1n)
      .bytes(new TextEncoder().encode('tea'))
      .raw(bytesOf('010203'))
      .number(8n) // a frame
      .raw(bytesOf('0700000000000000'))
      .number(0n) // the end frame
    const shapes = [{ kind: 'Dot' }, { kind: 'Text', text: 'tea', raw: bytesOf('010203') }]
    expect(await mock.tryReadValue(grammar)()).to.deep.equal(right(some({ shapes, inside: 7n })))
    mock.done()
  })

  it('rejects the wrong operation in the middle of a grammar, and empty bytes in place of a zero', async () => {
    const mock = new MockReader().number(1n).number(0n)
    expect(failureOf(issueOf(await mock.readValue(listOf(utf8))()))).to.deep.equal({
      _tag: 'WrongCall',
      expected: 'readNumber',
      actual: 'readBytes',
    })
  })

  it('replaces a reader, promises included', async () => {
    const sum = async (reader: NixRead): Promise<bigint> =>
      (await reader.promises.readNumber()) + (await reader.promises.readNumber())
    const mock = new MockReader().number(1n).number(2n)
    expect(await sum(mock)).to.equal(3n)
    const error: unknown = await sum(mock).catch((thrown: unknown) => thrown)
    expect(error).to.be.instanceOf(IssueError)
    expect((error as IssueError).issue._tag).to.equal('UnexpectedEnd')
  })
})
