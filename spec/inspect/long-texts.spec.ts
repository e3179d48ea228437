import { expect } from 'chai'
import type { RowData } from '../../inspect/engine/api.js'
import { Engine } from '../../inspect/engine/engine.js'
import { describeInspect } from '../support/inspect-suite.js'
import { ScriptedSession, somePath } from '../support/scripted-session.js'
import { becomes } from '../support/waiting.js'
import { padded } from '../support/wire.js'

/** What a daemon says that is told to be brief and is not. */
const failing = (text: string) =>
  new ScriptedSession({ version: '1.38' }).number('client', 1).text('client', somePath).error(text).bytes

const settings = {
  type: 'String',
  version: '1.38',
  features: [],
  storeDir: '/nix/store',
  canonical: false,
} as const

const longest = 401

const textsOf = ({ path: _, spans: __, ...row }: RowData): ReadonlyArray<string> =>
  Object.values(row).filter((shown) => typeof shown === 'string')

describe('a long text in the inspector', () => {
  const size = 2 ** 20
  const text = 'x'.repeat(size)
  const inputs = [
    ['of a daemon', { kind: 'session', moments: null, ...failing(text) }],
    ['of a message', { kind: 'message', bytes: padded(text) }],
    ['that is refused', { kind: 'message', bytes: padded(`${text}\xff`).fill(0xff, size) }],
  ] as const

  for (const [title, input] of inputs) {
    it(`${title} is cut in rows and in issues`, () => {
      const engine = new Engine(Number.POSITIVE_INFINITY)
      const loaded = engine.load(input, settings)
      if (loaded._tag === 'Refused') {
        throw new Error(loaded.problem)
      }
      const rows = engine.rows(0, loaded.rows)
      for (const { path } of rows) {
        engine.toggle(path, true)
      }
      for (const row of engine.rows(0, 1000)) {
        for (const shown of textsOf(row)) {
          expect(shown.length, row.name).to.be.at.most(longest)
        }
        expect(engine.details(row.path, false).text.length).to.be.at.most(65536)
      }
      for (const { text: issue } of loaded.wrong === null ? [] : [loaded.wrong, ...loaded.wrong.others]) {
        expect(issue.length).to.be.at.most(longest)
      }
    })
  }

  it('is shown up to 64 KiB, and whole on request', () => {
    const engine = new Engine(Number.POSITIVE_INFINITY)
    engine.load({ kind: 'message', bytes: padded(text) }, settings)
    const whole = JSON.stringify(text)
    expect(engine.details([0], false)).to.deep.equal({
      text: whole.slice(0, 65536),
      omitted: whole.length - 65536,
    })
    expect(engine.details([0], true)).to.deep.equal({ text: whole, omitted: 0 })
  })
})

describeInspect('a long text in the page', ({ open }) => {
  it('is in no single element of the page', async () => {
    const driver = await open()
    const size = 1_000_000
    const { client, server } = failing('tea '.repeat(size / 4))
    await driver.drop([
      { name: 'a.client', bytes: client },
      { name: 'a.server', bytes: server },
    ])
    await driver.row(/IsValidPath.*error/).click()
    const details = driver.page.getByTestId('details')
    await details.getByText('tea tea').first().waitFor()
    const longestText = () =>
      driver.page.evaluate<number>(`(() => {
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
        let longest = 0
        while (texts.nextNode()) longest = Math.max(longest, texts.currentNode.data.length)
        return longest
      })()`)
    const all = () => driver.page.evaluate<number>('document.body.textContent.length')
    expect(await longestText()).to.be.at.most(8192)
    expect(await all()).to.be.below(200_000)
    await driver.page.getByRole('button', { name: /^Show all/ }).click()
    await becomes(async () => ((await details.textContent()) ?? '').length > size, true)
    expect(await longestText()).to.be.at.most(8192)
    await becomes(() => driver.page.getByRole('button', { name: /^Show all: / }).count(), 0)
  })
})
