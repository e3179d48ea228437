import { readFileSync } from 'node:fs'
import { Writable } from 'node:stream'
import { expect } from 'chai'
import { bytesOf, hexOf } from '../../combinators/index.js'
import { NixWriter } from '../../stream/index.js'
import { describeWithShared, sharedPath } from '../support/shared.js'

interface Vectors {
  readonly bytes: ReadonlyArray<{ readonly name: string; readonly text: string; readonly hex: string }>
  readonly u64: ReadonlyArray<{ readonly name: string; readonly value: string; readonly hex: string }>
  readonly writer: {
    readonly chunk_sizes: ReadonlyArray<number>
    readonly buffer_sizes: ReadonlyArray<number>
  }
}

/** A stream that takes `size` bytes at a time and asks its writer to wait in between. */
const slowSink = (size: number): { readonly stream: Writable; readonly taken: () => string } => {
  let taken = ''
  const stream = new Writable({
    highWaterMark: size,
    write: (chunk: Uint8Array, _encoding, done) => {
      const takeFrom = (at: number): void => {
        taken += hexOf(chunk.subarray(at, at + size))
        if (at + size < chunk.length) setImmediate(takeFrom, at + size)
        else setImmediate(done)
      }
      takeFrom(0)
    },
  })
  return { stream, taken: () => taken }
}

describeWithShared('NixWriter: the writer cases of the seed', () => {
  const vectors = JSON.parse(readFileSync(sharedPath('vectors', 'seed-vectors.json'), 'utf8')) as Vectors

  for (const size of vectors.writer.chunk_sizes) {
    it(`sink chunks of ${size}, every buffer size, slices and displays`, async () => {
      for (const maxBufferSize of vectors.writer.buffer_sizes) {
        for (const { text, hex } of vectors.bytes) {
          const sink = slowSink(size)
          const writer = new NixWriter(sink.stream, { maxBufferSize })
          await writer.promises.writeSlice(Buffer.from(text))
          await writer.promises.writeDisplay(text)
          await writer.promises.flush()
          expect(hexOf(writer.buffer), 'left in the buffer').to.equal('')
          expect(sink.taken()).to.equal(hex + hex)
        }
      }
    })
  }

  for (const { name, value, hex } of vectors.u64) {
    it(`number: ${name}; it stays in the buffer until it is flushed`, async () => {
      const sink = slowSink(8)
      const writer = new NixWriter(sink.stream)
      await writer.promises.writeNumber(BigInt(value))
      expect(writer.buffer).to.deep.equal(bytesOf(hex))
      expect(sink.taken()).to.equal('')
      await writer.promises.flush()
      expect(writer.buffer).to.deep.equal(new Uint8Array(0))
      expect(sink.taken()).to.equal(hex)
    })
  }

  for (const { name, text, hex } of vectors.bytes) {
    it(`display: ${name}; it stays in the buffer until it is flushed`, async () => {
      const sink = slowSink(3)
      const writer = new NixWriter(sink.stream)
      await writer.promises.writeDisplay({ toString: () => text })
      expect(hexOf(writer.buffer)).to.equal(hex)
      await writer.promises.flush()
      expect(hexOf(writer.buffer)).to.equal('')
      expect(sink.taken()).to.equal(hex)
    })
  }
})
