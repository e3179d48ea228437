import { expect } from 'chai'
import fc from 'fast-check'
import { Window } from '../../bytes/window.js'
import { cut } from '../support/chunks.js'
import { copiedIn } from '../support/copies.js'

/** The byte of a stream at an offset, which shows the offset. */
const byteAt = (offset: number): number => (offset * 31 + (offset >> 8)) & 0xff

const slice = (start: number, end: number): Uint8Array =>
  Uint8Array.from({ length: Math.max(0, end - start) }, (_, i) => byteAt(start + i))

/** The same bytes in each kind of chunk. */
const kinds = {
  plain: (bytes: Uint8Array) => bytes,
  inside: (bytes: Uint8Array) => {
    const room = new Uint8Array(bytes.length + 9).fill(0xaa)
    room.set(bytes, 5)
    return room.subarray(5, 5 + bytes.length)
  },
  buffer: (bytes: Uint8Array) => Buffer.from(bytes),
} as const

type Step =
  | { readonly do: 'push' | 'append'; readonly count: number; readonly kind: keyof typeof kinds }
  | { readonly do: 'read' | 'take' | 'putBack' | 'pass'; readonly count: number }
  | { readonly do: 'keepFrom' | 'rewind'; readonly to: number }
  | { readonly do: 'settle' | 'release' | 'hold' | 'letGo' | 'handOver' | 'clear' }

const count = fc.oneof(fc.nat(9), fc.nat(300), fc.nat(5000))
const to = fc.double({ min: 0, max: 1, noNaN: true })
const kind = fc.constantFrom(...(Object.keys(kinds) as ReadonlyArray<keyof typeof kinds>))

const moving: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('push' as const, 'append' as const), count, kind }),
  fc.record({ do: fc.constantFrom('read' as const, 'take' as const), count }),
  fc.record({ do: fc.constantFrom('keepFrom' as const, 'rewind' as const), to }),
  fc.record({
    do: fc.constantFrom('settle' as const, 'release' as const, 'hold' as const, 'letGo' as const),
  }),
)
const any: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: moving },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('putBack' as const, 'pass' as const), count }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('handOver' as const, 'clear' as const) }) },
)
const reserves = fc.constantFrom(0, 64, 1024)

/** A model of a window: three numbers beside the whole stream. */
class Model {
  pos = 0
  end = 0
  /** From here on all bytes must be kept. */
  kept = 0
  mark = Number.POSITIVE_INFINITY

  letGo(): void {
    this.kept = Math.max(this.kept, Math.min(this.pos, this.mark))
  }

  /** A kept offset, chosen by a number from 0 to 1. */
  keptAt(part: number): number {
    return this.kept + Math.floor(part * (this.end - this.kept))
  }
}

/** A window and its model, side by side. */
class Pair {
  readonly window: Window
  readonly model = new Model()
  /** The most bytes that were kept at once, and the most that came at once. */
  mostKept = 0
  longest = 0
  /** The chunk that may be read where it lies. */
  #lent: Uint8Array = new Uint8Array(0)
  readonly #handedOver: Array<readonly [bytes: Uint8Array, start: number]> = []
  readonly #holds: Array<readonly [letGo: () => void, before: number]> = []

  constructor(reserved: number) {
    this.window = new Window(reserved)
  }

  run(step: Step): void {
    const { window, model } = this
    switch (step.do) {
      case 'push':
      case 'append': {
        const chunk = kinds[step.kind](slice(model.end, model.end + step.count))
        this.longest = Math.max(this.longest, step.count)
        model.letGo()
        window[step.do](chunk)
        model.end += step.count
        this.#overwrite(step.do === 'append' ? chunk : new Uint8Array(0))
        this.#lent = step.do === 'push' ? chunk : this.#lent
        break
      }
      case 'settle':
        model.letGo()
        window.settle()
        this.#overwrite(this.#lent)
        break
      case 'read': {
        const count = Math.min(step.count, window.unread)
        window.pos += count
        model.pos += count
        break
      }
      case 'take': {
        const taken = window.take(step.count)
        const { pos } = model
        model.pos = Math.min(model.end, pos + step.count)
        expect(Buffer.compare(taken, slice(pos, model.pos))).to.equal(0)
        taken.fill(0xcc)
        break
      }
      case 'pass':
        if (window.unread === 0) {
          window.pass(step.count)
          model.end += step.count
          model.pos = model.end
          model.kept = model.end
        }
        break
      case 'keepFrom':
        model.mark = model.keptAt(step.to)
        window.keepFrom(model.mark)
        break
      case 'release':
        model.mark = Number.POSITIVE_INFINITY
        window.release()
        break
      case 'hold':
        this.#holds.push([window.hold(), model.mark])
        model.mark = Math.min(model.mark, model.pos)
        break
      case 'letGo': {
        const hold = this.#holds.pop()
        if (hold !== undefined) {
          hold[0]()
          model.mark = hold[1]
        }
        break
      }
      case 'rewind': {
        const offset = Math.floor(step.to * model.end)
        const went = window.rewind(offset)
        expect(went || offset < model.kept, 'what is kept is there').to.equal(true)
        model.pos = went ? offset : model.pos
        model.kept = Math.min(model.kept, model.pos)
        break
      }
      case 'handOver': {
        const { pos } = model
        this.#gone()
        this.#handedOver.push([window.handOver(), pos])
        break
      }
      case 'clear':
        this.#gone()
        window.clear()
        break
      case 'putBack': {
        const start = Math.max(0, model.pos - step.count)
        window.putBack(slice(start, model.pos))
        model.pos = start
        model.kept = start
        break
      }
    }
    this.mostKept = Math.max(this.mostKept, model.end - Math.min(model.kept, model.pos))
  }

  check(): void {
    const { window, model } = this
    const { offset, unread, rest, bytes, view, pos } = window
    expect([offset, unread], 'where it is').to.deep.equal([model.pos, model.end - model.pos])
    expect(Buffer.compare(rest, slice(model.pos, model.end)), 'what it has').to.equal(0)
    expect(bytes.constructor).to.equal(Uint8Array)
    expect([view.byteLength, view.buffer === bytes.buffer]).to.deep.equal([bytes.length, true])
    expect(unread === 0 || view.getUint8(pos) === byteAt(model.pos)).to.equal(true)
    expect(window.keptFrom).to.be.at.most(Math.min(model.pos, Math.max(model.mark, model.kept)))
    const before = window.between(0)
    expect(before.length).to.be.at.least(model.end - model.kept)
    expect(Buffer.compare(before, slice(model.end - before.length, model.end)), 'what was read').to.equal(0)
  }

  /** The window must never write to bytes that it has handed over. */
  checkHandedOver(): void {
    for (const [bytes, start] of this.#handedOver) {
      expect(Buffer.compare(bytes, slice(start, start + bytes.length))).to.equal(0)
    }
  }

  #gone(): void {
    const { model } = this
    model.pos = model.end
    model.kept = model.end
    // It may be the chunk that was lent.
    this.#lent = new Uint8Array(0)
  }

  /** A chunk that has been copied belongs to its owner again. */
  #overwrite(chunk: Uint8Array): void {
    chunk.fill(0xee)
  }
}

describe('a window over a stream', () => {
  it('has the bytes of the stream at their offsets, after any calls', () => {
    fc.assert(
      fc.property(reserves, fc.array(any, { maxLength: 60 }), (reserved, steps) => {
        const pair = new Pair(reserved)
        for (const step of steps) {
          pair.run(step)
          pair.check()
        }
        pair.checkHandedOver()
      }),
      { numRuns: 2000 },
    )
  })

  it('copies each byte a few times, and needs memory only for the kept bytes', () => {
    fc.assert(
      fc.property(reserves, fc.array(moving, { maxLength: 120 }), (reserved, steps) => {
        const pair = new Pair(reserved)
        let copied = 0
        for (const step of steps) {
          // Making the chunks copies too, and is not counted.
          copied +=
            copiedIn(() => pair.run(step)) - ('kind' in step && step.kind === 'inside' ? step.count : 0)
          const { capacity } = pair.window
          expect(capacity).to.be.at.most(4 * (pair.mostKept + Math.max(pair.longest, reserved)) + 16)
        }
        expect(copied).to.be.at.most(4 * (pair.model.end + reserved))
      }),
      { numRuns: 1000 },
    )
  })

  for (const piece of [1, 7, 100, 4096, 65_536, 400_000]) {
    it(`copies little of a value of 300,000 bytes among small ones, in pieces of ${piece}`, () => {
      const lengths = [8, 300_000, 3, 16, 131_072, 0, 5, 9000]
      const total = lengths.reduce((sum, length) => sum + length, 0)
      const chunks = [...cut(slice(0, total), [piece])]
      for (const take of ['push', 'append'] as const) {
        const window = new Window(64)
        const left = [...lengths]
        const read: Array<number> = []
        const copied = copiedIn(() => {
          for (const chunk of chunks) {
            window[take](chunk)
            for (let next = left[0]; next !== undefined && next <= window.unread; next = left[0]) {
              read.push(window.unread === 0 ? -1 : window.bytes[window.pos]!)
              window.pos += next
              left.shift()
            }
            window.settle()
          }
        })
        expect(left).to.deep.equal([])
        expect(read).to.have.lengthOf(lengths.length)
        expect(copied).to.be.at.most(4 * total)
      }
    })
  }

  it('needs little room for the kept bytes, and moves them seldom, if it is never empty', () => {
    const window = new Window()
    const waiting = 1000
    const append = (at: number): void => {
      window.append(slice(at, at + 1))
    }
    const copied = copiedIn(() => {
      for (let at = 0; at < waiting; at++) {
        append(at)
        expect(window.capacity).to.be.at.most(2 * at + 2)
      }
      for (let at = waiting; at < 20 * waiting; at++) {
        window.pos++
        append(at)
        expect(window.capacity).to.be.at.most(4 * waiting)
      }
    })
    expect(copied).to.be.at.most(4 * 20 * waiting)
    expect(Buffer.compare(window.rest, slice(19 * waiting, 20 * waiting))).to.equal(0)
  })
})

describe('a chunk', () => {
  it('is read in place if nothing before it is kept', () => {
    const chunk = Buffer.from(slice(0, 100_000))
    const window = new Window()
    expect(copiedIn(() => window.push(chunk))).to.equal(0)
    expect([window.bytes.buffer === chunk.buffer, window.bytes.constructor]).to.deep.equal([true, Uint8Array])
    window.pos = 99_990
    expect(copiedIn(() => window.settle())).to.equal(10)
    chunk.fill(0)
    expect(Buffer.compare(window.rest, slice(99_990, 100_000))).to.equal(0)
  })

  it('is released without cost after it was read', () => {
    const window = new Window(64)
    for (let at = 0; at < 10; at++) {
      window.push(slice(1000 * at, 1000 * at + 1000))
      window.pos += 1000
      expect(copiedIn(() => window.settle())).to.equal(0)
      expect([window.offset, window.capacity]).to.deep.equal([1000 * at + 1000, 0])
    }
  })

  it('leaves no large buffer after it', () => {
    const window = new Window(64)
    window.append(slice(0, 3 * 2 ** 20))
    window.pos += 3 * 2 ** 20
    window.append(slice(0, 8))
    expect(window.capacity).to.equal(64)
  })
})

describe('counting copies', () => {
  it('includes all writes into arrays', () => {
    expect(copiedIn(() => new Uint8Array(5).set([1, 2, 3]))).to.equal(3)
    expect(copiedIn(() => undefined)).to.equal(0)
  })
})
