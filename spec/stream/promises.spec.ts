import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { bytesOf, type Issue, listOf, u64 } from '../../combinators/index.js'
import {
  CollectingSink,
  FramedReader,
  FramedWriter,
  IssueError,
  NixReader,
  NixWriter,
} from '../../stream/index.js'

type Task = () => TaskEither<Issue, unknown>
type Promised = () => Promise<unknown>

/** What comes of both: the value, or the issue. */
const outcomes = async (task: Task, promised: Promised): Promise<readonly [unknown, unknown]> => {
  const result = await task()()
  const settled = await promised().catch((error: unknown) => {
    expect(error).to.be.instanceOf(IssueError)
    return (error as IssueError).issue
  })
  return [isLeft(result) ? result.left : result.right, settled]
}

const one = bytesOf('0100000000000000')
const failing = {
  next: () => {
    throw new Error('gone')
  },
  cancel: () => undefined,
}

const reads: { readonly [name: string]: (reader: NixReader) => readonly [Task, Promised] } = {
  readNumber: (of) => [() => of.readNumber(), () => of.promises.readNumber()],
  tryReadNumber: (of) => [() => of.tryReadNumber(), () => of.promises.tryReadNumber()],
  readBytes: (of) => [() => of.readBytes(), () => of.promises.readBytes()],
  tryReadBytes: (of) => [() => of.tryReadBytes(), () => of.promises.tryReadBytes()],
  readBytesLimited: (of) => [() => of.readBytesLimited([0, 9]), () => of.promises.readBytesLimited([0, 9])],
  readValue: (of) => [() => of.readValue(listOf(u64)), () => of.promises.readValue(listOf(u64))],
  tryReadValue: (of) => [() => of.tryReadValue(listOf(u64)), () => of.promises.tryReadValue(listOf(u64))],
  fill: (of) => [() => of.fill(), () => of.promises.fill()],
  readSome: (of) => [() => of.readSome(3), () => of.promises.readSome(3)],
  expectEnd: (of) => [() => of.expectEnd(), () => of.promises.expectEnd()],
  drain: (of) => [() => new FramedReader(of).drain(), () => new FramedReader(of).promises.drain()],
}

const writes: { readonly [name: string]: (writer: NixWriter) => readonly [Task, Promised] } = {
  writeNumber: (of) => [() => of.writeNumber(2n ** 64n), () => of.promises.writeNumber(2n ** 64n)],
  writeSlice: (of) => [() => of.writeSlice(one), () => of.promises.writeSlice(one)],
  writeDisplay: (of) => [() => of.writeDisplay('tea'), () => of.promises.writeDisplay('tea')],
  writeValue: (of) => [() => of.writeValue(u64, 1n), () => of.promises.writeValue(u64, 1n)],
  writeRaw: (of) => [() => of.writeRaw(one), () => of.promises.writeRaw(one)],
  flush: (of) => [() => of.flush(), () => of.promises.flush()],
  end: (of) => [() => new FramedWriter(of).end(), () => new FramedWriter(of).promises.end()],
  writeAll: (of) => [
    () => new FramedWriter(of).writeAll([one]),
    () => new FramedWriter(of).promises.writeAll([one]),
  ],
  breakOff: (of) => [() => new FramedWriter(of).breakOff(), () => new FramedWriter(of).promises.breakOff()],
}

describe('a promise has the result of its task', () => {
  for (const [name, make] of Object.entries(reads)) {
    for (const [what, source] of [
      ['a stream', [one, one]],
      ['a stream that ends in the middle', [one.subarray(3)]],
      ['a stream that fails', failing],
    ] as const) {
      it(`${name} of ${what}`, async () => {
        const [task] = make(new NixReader(source))
        const [, promised] = make(new NixReader(source))
        const [expected, settled] = await outcomes(task, promised)
        expect(settled).to.deep.equal(expected)
      })
    }
  }

  for (const [name, make] of Object.entries(writes)) {
    it(name, async () => {
      const sinks = [new CollectingSink(), new CollectingSink()] as const
      const writers = sinks.map((sink) => new NixWriter(sink, { maxBufferSize: 1 }))
      const [expected, settled] = await outcomes(make(writers[0]!)[0], make(writers[1]!)[1])
      expect(settled).to.deep.equal(expected)
      expect(sinks[1].bytes).to.deep.equal(sinks[0].bytes)
    })

    it(`${name} to a sink that fails`, async () => {
      const sink = { write: failing.next, flush: failing.next }
      const writers = [0, 1].map(() => new NixWriter(sink, { maxBufferSize: 1 }))
      const [expected, settled] = await outcomes(make(writers[0]!)[0], make(writers[1]!)[1])
      expect(settled)
        .to.deep.equal(expected)
        .and.have.property('_tag')
        .that.is.oneOf(['SinkFailed', 'OutOfRange'])
    })
  }

  it('is the same object each time', () => {
    const reader = new NixReader([])
    expect(reader.promises).to.equal(reader.promises)
    const writer = new NixWriter(new CollectingSink())
    expect(writer.promises).to.equal(writer.promises)
  })
})
