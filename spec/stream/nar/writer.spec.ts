import { expect } from 'chai'
import fc from 'fast-check'
import { Nar, type NarNode } from '../../../grammar/nar.js'
import { compile } from '../../../interpreters/index.js'
import { IssueError } from '../../../stream/issue-error.js'
import { type NarEvent, NarWriter, narBytes, narEventBatches, narEvents } from '../../../stream/nar/index.js'
import { issueOf, rightOf } from '../../support/either.js'
import { archive, chunkSizes, cut, eventsOf, file, narNode } from '../../support/nar.js'

const collect = async <A>(items: AsyncIterable<A>): Promise<ReadonlyArray<A>> => {
  const all: Array<A> = []
  for await (const item of items) {
    all.push(item)
  }
  return all
}

const failureOf = async (promise: Promise<unknown>): Promise<IssueError> => {
  try {
    await promise
  } catch (error) {
    if (error instanceof IssueError) {
      return error
    }
    throw error
  }
  throw new Error('it did not fail')
}

const dir: NarEvent = { _tag: 'directory' }
const end: NarEvent = { _tag: 'directoryEnd' }
const entry = (name: string): NarEvent => ({ _tag: 'entry', name })
const regular = (size: number): NarEvent => ({ _tag: 'regular', executable: false, size })
const contents = (length: number): NarEvent => ({ _tag: 'contents', bytes: new Uint8Array(length) })

describe('the event writer', () => {
  const codec = compile(Nar)

  it('writes the same as the grammar, in chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(narNode, fc.integer({ min: 1, max: 200 }), async (root, chunkSize) => {
        const chunks = await collect(narBytes(eventsOf(root), { chunkSize }))
        expect(Buffer.concat(chunks)).to.deep.equal(Buffer.from(rightOf(codec.encode({ root }))))
      }),
    )
  })

  it('is the inverse of the parser', async () => {
    await fc.assert(
      fc.asyncProperty(narNode, chunkSizes, async (root, sizes) => {
        const bytes = rightOf(codec.encode({ root }))
        const again = await collect(narBytes(narEvents(cut(bytes, sizes))))
        expect(Buffer.concat(again)).to.deep.equal(Buffer.from(bytes))
      }),
    )
  })

  it('passes large contents on without a copy, and counts the bytes it writes', () => {
    const writer = new NarWriter()
    const bytes = new Uint8Array(5000).fill(120)
    writer.write(regular(bytes.length))
    writer.write({ _tag: 'contents', bytes })
    expect(rightOf(writer.finish())).to.equal(undefined)
    expect(writer.offset).to.equal(archive(file(bytes)).length)
    const chunks = writer.take()
    expect(chunks).to.include(bytes)
    expect(Buffer.concat(chunks)).to.deep.equal(archive(file(bytes)))
    expect(writer.take()).to.deep.equal([])
  })

  it('says when its bytes should be taken, and never overwrites them afterwards', () => {
    const writer = new NarWriter({ chunkSize: 64 })
    expect(writer.full).to.equal(false)
    writer.write(dir)
    expect(writer.full).to.equal(true)
    const first = Buffer.concat(writer.take())
    expect(writer.full).to.equal(false)
    const copy = Buffer.from(first)
    writer.write(entry('a'))
    writer.write(regular(0))
    writer.write(end)
    expect(first).to.deep.equal(copy)
  })

  const refuse = (
    events: ReadonlyArray<NarEvent>,
    tag: string,
    expected: RegExp,
    path: ReadonlyArray<string> = [],
  ) => {
    const writer = new NarWriter()
    const results = events.map((event) => writer.write(event))
    results.push(writer.finish())
    const issue = issueOf(results.at(-1)!)
    expect(issue).to.deep.include({ _tag: tag, path, grammar: 'Nar' })
    expect(issue.expected).to.match(expected)
    return issue
  }

  it('rejects events out of place', () => {
    refuse([], 'Unrepresentable', /a node: regular, symlink or directory/)
    refuse([entry('a')], 'Unrepresentable', /a node/)
    refuse([end], 'Unrepresentable', /entry or directoryEnd|a node/)
    refuse([dir], 'Unrepresentable', /entry or directoryEnd/)
    refuse([dir, regular(0)], 'Unrepresentable', /entry or directoryEnd|a node/)
    refuse([dir, end, end], 'Unrepresentable', /no more events/)
    refuse([dir, end, dir], 'Unrepresentable', /no more events/)
    refuse([dir, entry('a'), end], 'Unrepresentable', /a node/, ['a'])
    refuse([regular(2), contents(1)], 'Unrepresentable', /contents, up to the size of the file/)
    refuse([regular(2), contents(3)], 'Unrepresentable', /contents of 2 bytes/)
    refuse([regular(0), contents(1)], 'Unrepresentable', /no more events/)
  })

  it('rejects the same as the parser', () => {
    for (const name of ['', '.', '..', 'a/b', 'a\0']) {
      refuse([dir, entry(name)], 'Unrepresentable', /an entry name/)
    }
    refuse([dir, entry('b'), regular(0), entry('a')], 'Unrepresentable', /an entry name after "b"/)
    refuse([dir, entry('a'), regular(0), entry('a')], 'Unrepresentable', /an entry name after "a"/)
    refuse([dir, entry('\u{1f600}'), regular(0), entry('\uffee')], 'Unrepresentable', /after/)
    refuse([dir, entry('x'.repeat(256))], 'LimitExceeded', /at most 255 bytes/)
    refuse([dir, entry('é'.repeat(128))], 'LimitExceeded', /at most 255 bytes/)
    refuse([dir, entry('\ud800')], 'Unrepresentable', /lone surrogates/)
    refuse([{ _tag: 'symlink', target: '' }], 'Unrepresentable', /the target of a symbolic link/)
    refuse([{ _tag: 'symlink', target: 'x'.repeat(4096) }], 'LimitExceeded', /at most 4095 bytes/)
    refuse([regular(-1)], 'OutOfRange', /a size in bytes/)
    refuse([regular(2 ** 53)], 'OutOfRange', /a size in bytes/)
    const names = Array.from({ length: 64 }, () => 'd')
    const nested = names.flatMap((name) => [dir, entry(name)])
    refuse([...nested, regular(0)], 'LimitExceeded', /at most 63 directories/, names)
  })

  it('reports the offset that the invalid value would have', () => {
    expect(refuse([dir, entry('')], 'Unrepresentable', /name/).offset).to.equal(80)
    // After the magic (24), the bracket (16) and the word "type" (16).
    for (const target of ['', 'a\0', '\0', 'a\0b']) {
      const { offset, actual } = refuse([{ _tag: 'symlink', target }], 'Unrepresentable', /without NUL/)
      expect([offset, actual]).to.deep.equal([56, JSON.stringify(target)])
    }
  })

  it('rejects the same as the grammar', () => {
    const bad: ReadonlyArray<NarNode> = [
      { type: 'symlink', target: '' },
      { type: 'symlink', target: 'x'.repeat(4096) },
      { type: 'directory', entries: [{ name: '..', node: { type: 'directory', entries: [] } }] },
      { type: 'directory', entries: [{ name: 'x'.repeat(256), node: { type: 'directory', entries: [] } }] },
      {
        type: 'directory',
        entries: ['b', 'a'].map((name) => ({ name, node: { type: 'directory', entries: [] } })),
      },
    ]
    for (const root of bad) {
      const writer = new NarWriter()
      const issues = eventsOf(root).flatMap((event) => {
        const result = writer.write(event)
        return result._tag === 'Left' ? [result.left._tag] : []
      })
      expect(issues[0]).to.equal(issueOf(codec.encode({ root }))._tag)
    }
  })

  it('rejects an invalid chunk size', () => {
    expect(() => new NarWriter({ chunkSize: 0 })).to.throw(RangeError)
  })
})

describe('archives as streams', () => {
  const bytes = archive(file('hello'))

  it('yield the events of one chunk as one batch', async () => {
    expect(await collect(narEventBatches([bytes]))).to.deep.equal([
      [
        { _tag: 'regular', executable: false, size: 5 },
        { _tag: 'contents', bytes: Buffer.from('hello') },
      ],
    ])
  })

  it('fail after the events before the issue', async () => {
    const seen: Array<NarEvent> = []
    const error = await failureOf(
      (async () => {
        for await (const event of narEvents([bytes.subarray(0, 100)])) {
          seen.push(event)
        }
      })(),
    )
    expect(error.issue).to.include({ _tag: 'UnexpectedEnd', offset: 88, missing: 4 })
    expect(seen).to.have.lengthOf(2)
  })

  it('reject bytes after the archive, except in a source that can be read on', async () => {
    const error = await failureOf(collect(narEvents([bytes, Buffer.from('x')])))
    expect(error.issue).to.include({ _tag: 'TrailingBytes', offset: bytes.length })
  })

  it('keep the error of a source', async () => {
    const cause = new Error('gone')
    const source = (async function* () {
      yield bytes.subarray(0, 10)
      throw cause
    })()
    const error = await failureOf(collect(narEvents(source)))
    expect(error.issue).to.include({ _tag: 'SourceFailed', offset: 10, cause })
  })

  it('release a source that is not read to its end', async () => {
    let closed = false
    const source = (async function* () {
      try {
        yield bytes.subarray(0, 100)
        yield bytes.subarray(100)
      } finally {
        closed = true
      }
    })()
    for await (const _ of narEvents(source)) {
      break
    }
    await new Promise(setImmediate)
    expect(closed).to.equal(true)
  })

  it('request events no faster than their bytes are read', async () => {
    let asked = 0
    const events = (function* (): Generator<NarEvent> {
      yield regular(2 ** 40)
      for (;;) {
        asked++
        yield contents(65536)
      }
    })()
    const reader = narBytes(events)
    await reader.next()
    await reader.next()
    await reader.next()
    expect(asked).to.be.at.most(3)
    await reader.return()
  })
})
