import { expect } from 'chai'
import type { Loaded, RowData, Settings } from '../../inspect/engine/api.js'
import { Engine } from '../../inspect/engine/engine.js'
import { noFilter } from '../../inspect/engine/filter.js'
import { ScriptedSession, somePath } from '../support/scripted-session.js'

const settings: Settings = { type: '', version: '1.38', features: [], storeDir: '', canonical: false }

const count = 20

const asked = () => {
  const script = new ScriptedSession({ version: '1.38' })
  for (let i = 0; i < count; i++) {
    script
      .number('client', 1)
      .text('client', `${somePath}-${i}`)
      .last()
      .number('server', i % 2)
  }
  return { kind: 'session', moments: null, ...script.bytes } as const
}

type Read = Loaded & { readonly _tag: 'Loaded' }

const read = (answer: Loaded): Read => {
  if (answer._tag === 'Refused') {
    throw new Error(answer.problem)
  }
  return answer
}

const textOf = ({ name, about, value, row }: RowData) => [row, name, about, value]

describe('a long session', () => {
  it('shows its first rows before its end is read, and in the end the same rows as if read at once', () => {
    const whole = new Engine(Number.POSITIVE_INFINITY)
    const expected = read(whole.load(asked(), settings))
    expect(expected.read).to.equal(1)
    // It stops after each event.
    const engine = new Engine(0)
    const answers = [read(engine.load(asked(), settings))]
    while ((answers.at(-1)?.read ?? 1) < 1) {
      answers.push(read(engine.more()))
      const { rows = 0 } = answers.at(-1) ?? {}
      expect(engine.rows(0, rows).map(textOf)).to.deep.equal(whole.rows(0, rows).map(textOf))
    }
    expect(answers[0]?.rows).to.equal(1)
    expect(answers[0]?.read).to.be.below(0.5)
    expect(answers.length).to.be.greaterThan(count)
    const shares = answers.map((answer) => answer.read)
    expect(shares).to.deep.equal([...shares].sort((a, b) => a - b))
    expect(answers.at(-1)).to.deep.equal(expected)
  })

  it('is filtered as it grows', () => {
    const engine = new Engine(0)
    engine.load(asked(), settings)
    engine.filter({ ...noFilter, text: `${somePath}-1` })
    let answer = read(engine.more())
    while (answer.read < 1) {
      answer = read(engine.more())
    }
    // It, and 10 to 19.
    expect(answer.rows).to.equal(11)
  })
})
