import { expect } from 'chai'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { inTurn, mostAhead } from '../../cli/store/in-turn.js'
import { aborted } from '../../conversation/line/interruption.js'
import type { Failure } from '../../daemon/failure.js'

const numbers = Array.from({ length: 3 * mostAhead }, (_, i) => i)

type Answer = Either<Failure, number>

const thrownBy = async (task: Promise<void>): Promise<string> => {
  try {
    await task
    return ''
  } catch (error) {
    return String(error)
  }
}

describe('requests sent ahead', () => {
  it('are answered in their order, with no more pending than the limit', async () => {
    let pending = 0
    let most = 0
    const ask = (i: number) => async (): Promise<Answer> => {
      most = Math.max(most, ++pending)
      // The later ones are answered first.
      for (let turn = 0; turn < mostAhead - (i % mostAhead); turn++) {
        await null
      }
      pending--
      return right(2 * i)
    }
    const answers: Array<readonly [number, number]> = []
    await inTurn(numbers, ask, (item, answer) => void answers.push([item, answer]))
    expect(answers).to.deep.equal(numbers.map((i) => [i, 2 * i]))
    expect(most).to.equal(mostAhead)
  })

  it('fail with the first error, after the answers before it were taken', async () => {
    const ask = (i: number) => async (): Promise<Answer> => {
      await (i === 5 ? Promise.resolve().then(() => null) : null)
      return i >= 5 ? left(aborted(null, i, `the end of ${i}`)) : right(i)
    }
    const answers: Array<number> = []
    const thrown = await thrownBy(inTurn(numbers, ask, (_, answer) => void answers.push(answer)))
    expect(answers).to.deep.equal([0, 1, 2, 3, 4])
    expect(thrown).to.include('the end of 5')
  })

  it('wait for a slow consumer, and stop when it fails', async () => {
    let asked = 0
    const ask = (i: number) => async (): Promise<Answer> => {
      asked++
      return right(i)
    }
    const taken: Array<number> = []
    const take = async (item: number) => {
      await null
      taken.push(item)
      if (item === 1) {
        throw new Error('enough')
      }
    }
    expect(await thrownBy(inTurn(numbers, ask, take))).to.equal('Error: enough')
    expect(taken).to.deep.equal([0, 1])
    expect(asked).to.equal(mostAhead + 2)
  })
})
