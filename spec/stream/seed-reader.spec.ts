import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { isLeft, right } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { bytesOf, hexOf, type Issue, utf8 } from '../../combinators/index.js'
import { NixReader } from '../../stream/index.js'
import { issueOf, rightOf } from '../support/either.js'
import { describeWithShared, sharedPath } from '../support/shared.js'

interface Case {
  readonly name: string
  readonly chunks: ReadonlyArray<string>
  readonly read: 'number' | 'tryNumber' | 'bytes' | 'tryBytes' | 'bytesLimited' | 'string'
  readonly limit?: readonly [number, number | 'max']
  readonly value?: string | null
  readonly error?: 'missing data' | 'invalid data'
  readonly rest?: string
}

interface Vectors {
  readonly bytes: ReadonlyArray<{ readonly name: string; readonly text: string; readonly hex: string }>
  readonly reader: ReadonlyArray<Case>
  readonly buffer_growth: {
    readonly chunks: ReadonlyArray<string>
    readonly reserved: number
    readonly capacities: ReadonlyArray<number>
    readonly value: string
  }
}

const read = (reader: NixReader, { read: kind, limit }: Case): TaskEither<Issue, unknown> => {
  switch (kind) {
    case 'number':
      return reader.readNumber()
    case 'tryNumber':
      return reader.tryReadNumber()
    case 'bytes':
      return reader.readBytes()
    case 'tryBytes':
      return reader.tryReadBytes()
    case 'bytesLimited': {
      const [min, max] = limit ?? [0, 0]
      return reader.readBytesLimited([min, max === 'max' ? Number.POSITIVE_INFINITY : max])
    }
    case 'string':
      return reader.readValue(utf8)
  }
}

const restOf = async (reader: NixReader): Promise<string> => {
  let hex = ''
  for await (const chunk of reader.rest()) hex += hexOf(chunk)
  return hex
}

describeWithShared('NixReader: the reader cases of the seed', () => {
  const vectors = JSON.parse(readFileSync(sharedPath('vectors', 'seed-vectors.json'), 'utf8')) as Vectors

  for (const each of vectors.reader) {
    it(each.name, async () => {
      const reader = new NixReader(each.chunks.map(bytesOf))
      const result = await read(reader, each)()
      if (each.error !== undefined) {
        const ends = issueOf(result)._tag === 'UnexpectedEnd'
        expect(ends ? 'missing data' : 'invalid data').to.equal(each.error)
        return
      }
      const value = each.value == null ? null : BigInt(each.value)
      const optional = each.read.startsWith('try')
      expect(result).to.deep.equal(right(optional ? (value === null ? none : some(value)) : value))
      if (each.rest !== undefined) expect(await restOf(reader)).to.equal(each.rest)
    })
  }

  for (const { name, text, hex } of vectors.bytes) {
    it(`bytes: ${name}, in one chunk and byte by byte`, async () => {
      const wire = bytesOf(hex)
      for (const chunks of [[wire], Array.from(wire, (byte) => Uint8Array.of(byte))]) {
        const reader = new NixReader(chunks)
        expect(rightOf(await reader.readBytes()())).to.deep.equal(new Uint8Array(Buffer.from(text)))
        expect(isLeft(await reader.expectEnd()())).to.equal(false)
      }
    })
  }

  it('the buffer has the bytes that were read ahead, and grows as in the seed', async () => {
    const { chunks, reserved, capacities, value } = vectors.buffer_growth
    const reader = new NixReader(chunks.map(bytesOf), { reservedBufferSize: reserved })
    const seen = [reader.capacity]
    for (const chunk of chunks) {
      expect(rightOf(await reader.fill()())).to.equal(chunk.length / 2)
      seen.push(reader.capacity)
    }
    expect(seen).to.deep.equal(capacities)
    expect(hexOf(reader.buffer)).to.equal(chunks.join(''))
    expect(rightOf(await reader.readNumber()())).to.equal(BigInt(value))
    expect(rightOf(await reader.fill()())).to.equal(0)
  })
})
