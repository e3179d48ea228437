import { expect } from 'chai'
import { ahead, mostAhead } from '../../cli/store/ahead.js'

const numbers = Array.from({ length: 3 * mostAhead }, (_, i) => i)

describe('what is asked ahead', () => {
  it('is answered in its order, with no more under way than there may be', async () => {
    let pending = 0
    let most = 0
    const ask = async (i: number): Promise<number> => {
      most = Math.max(most, ++pending)
      // The later ones are answered first.
      for (let turn = 0; turn < mostAhead - (i % mostAhead); turn++) {
        await null
      }
      pending--
      return 2 * i
    }
    const answers: Array<readonly [number, number]> = []
    for await (const each of ahead(numbers, ask)) {
      answers.push(each)
    }
    expect(answers).to.deep.equal(numbers.map((i) => [i, 2 * i]))
    expect(most).to.equal(mostAhead)
  })

  it('fails as the first of those that fail, with the answers before it given', async () => {
    const ask = async (i: number): Promise<number> => {
      await (i === 5 ? Promise.resolve().then(() => null) : null)
      if (i >= 5) {
        throw new Error(`${i}`)
      }
      return i
    }
    const answers: Array<number> = []
    let message = ''
    try {
      for await (const [, answer] of ahead(numbers, ask)) {
        answers.push(answer)
      }
    } catch (error) {
      message = String(error)
    }
    expect([answers, message]).to.deep.equal([[0, 1, 2, 3, 4], 'Error: 5'])
  })

  it('asks nothing more when nobody wants the rest', async () => {
    let asked = 0
    const ask = async (i: number): Promise<number> => {
      asked++
      return i
    }
    for await (const [item] of ahead(numbers, ask)) {
      expect(item).to.equal(0)
      break
    }
    expect(asked).to.equal(mostAhead)
  })
})
