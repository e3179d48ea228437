import { setImmediate } from 'node:timers/promises'
import { expect } from 'chai'
import { protocolFor } from '../../combinators/protocol-for.js'
import { Campaign } from '../../fuzz/campaign.js'
import type { Clock } from '../../fuzz/clock.js'
import { Filter } from '../../fuzz/filter.js'
import { Format } from '../../fuzz/format.js'
import type { FuzzOutcome } from '../../fuzz/index.js'
import { Inputs } from '../../fuzz/inputs.js'
import { listOf, utf8 } from '../../index.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { compile } from '../../interpreters/index.js'

/** A clock that advances only while a program under test runs. */
class TestClock implements Clock {
  #time = 0
  readonly #waiting = new Set<{ readonly at: number; readonly call: () => void }>()
  #isOver = false

  readonly now = (): number => this.#time

  readonly after = (milliseconds: number, call: () => void): (() => void) => {
    const waiting = { at: this.#time + milliseconds, call }
    this.#waiting.add(waiting)
    return () => this.#waiting.delete(waiting)
  }

  /** Lets that many seconds pass, a tenth at a time. */
  async pass(seconds: number): Promise<void> {
    for (let tenths = 0; tenths < seconds * 10 && !this.#isOver; tenths++) {
      this.#time += 100
      for (const waiting of this.#waiting) {
        if (waiting.at <= this.#time) {
          this.#waiting.delete(waiting)
          waiting.call()
        }
      }
      await setImmediate()
    }
  }

  stop(): void {
    this.#isOver = true
  }
}

const Names = listOf(utf8)
const { decode } = compile(Names)
const accepts: FuzzOutcome = { _tag: 'accepts' }

interface Limits {
  /** How long the program took to start. */
  readonly start?: number
  readonly seconds?: number
  readonly runs?: number
  readonly minimise?: number
}

/**
 * Runs with a program that takes a given time for its nth input; returns when it was over, and the result.
 */
const timed = async (
  secondsOf: (nth: number) => number,
  answer: (bytes: Uint8Array) => FuzzOutcome,
  { start = 0, seconds = Number.POSITIVE_INFINITY, runs = Number.POSITIVE_INFINITY, minimise = 10 }: Limits,
) => {
  const clock = new TestClock()
  const format = new Format(Names, protocolFor('timed', Names.node, {}), 'compatible')
  const making = {
    values: toArbitrary(Names),
    inputs: new Inputs(format),
    check: 'accept',
    seed: 1,
    tries: () => true,
  } as const
  let asked = 0
  const target = {
    capacity: 1,
    decode: async (bytes: Uint8Array) => {
      await clock.pass(secondsOf(++asked))
      return answer(bytes)
    },
    encode: async () => accepts,
    close: async () => {},
    kill: () => {},
  }
  const bounds = { seconds, runs, findings: 1000, minimise, part: 0, parts: 1 }
  const campaign = new Campaign(
    format,
    target,
    making,
    new Filter({}),
    bounds,
    null,
    clock,
    clock.now() - start * 1000,
  )
  const ended = await campaign.run()
  clock.stop()
  const { runs: tried } = campaign.standing
  return { ended, seconds: start + clock.now() / 1000, tried, asked, findings: campaign.findings }
}

const right = (bytes: Uint8Array): FuzzOutcome =>
  decode(bytes)._tag === 'Left' ? { _tag: 'refuses' } : accepts

describe('the time of a run', () => {
  it('ends while a slow program answers', async () => {
    const { ended, seconds, tried } = await timed(() => 0.7, right, { seconds: 10 })
    expect(ended).to.equal('time')
    expect(seconds).to.be.within(10, 10.3)
    expect(tried).to.be.within(14, 16)
  })

  it('includes the start of the program', async () => {
    const { ended, seconds, tried } = await timed(() => 0.7, right, { start: 6, seconds: 10 })
    expect(ended).to.equal('time')
    expect(seconds).to.be.within(10, 10.3)
    expect(tried).to.be.within(5, 7)
  })

  it('ends while a program hangs', async () => {
    const { ended, seconds } = await timed((nth) => (nth < 3 ? 1 : 1e6), right, { seconds: 10 })
    expect(ended).to.equal('time')
    expect(seconds).to.be.within(10, 10.3)
  })

  it('includes making findings smaller, for at most a quarter of it', async () => {
    const { seconds, tried, asked, findings } = await timed(
      () => 0.2,
      () => accepts,
      { seconds: 20 },
    )
    expect(findings.length).to.be.above(3)
    expect(seconds).to.be.within(15, 20.3)
    // Runs of 0.2 s each; the others were for smaller inputs.
    expect(tried).to.be.within(74, 76)
    expect(asked - tried).to.be.within(5, 26)
    expect(findings.some(({ minimised }) => minimised)).to.equal(true)
  })

  it('ends when a smaller input makes the program hang', async () => {
    const hangsLater = (nth: number): number => (nth > 76 ? 1e6 : 0.2)
    const { seconds, asked } = await timed(hangsLater, () => accepts, { seconds: 20 })
    expect(asked).to.be.above(76)
    expect(seconds).to.be.within(20, 20.3)
  })

  it('is limited by --minimise if by nothing else', async () => {
    const { ended, seconds, asked } = await timed(
      (nth) => (nth > 40 ? 0.1 : 1),
      () => accepts,
      { runs: 40, minimise: 3 },
    )
    expect(ended).to.equal('runs')
    expect(seconds).to.be.within(42, 43.3)
    expect(asked).to.be.within(55, 72)
  })
})
