import { expect } from 'chai'
import { bytesOf } from '../../bytes/hex.js'
import type { Settings } from '../../inspect/engine/api.js'
import { Engine } from '../../inspect/engine/engine.js'
import { describeInspect } from '../support/inspect-suite.js'
import { becomes, until } from '../support/waiting.js'
import type { Driver } from './driver.js'
import { pathInfo, tea } from './inputs.js'

const settings: Settings = {
  type: 'Tuple<List<String>,Map<String,Bool64>>',
  version: '1.34',
  features: [],
  storeDir: '/nix/store',
  canonical: false,
}
const tea1 = '0100000000000000 0300000000000000 7465610000000000'
const milk = '0100000000000000 0400000000000000 6d696c6b00000000 0100000000000000'
const message = bytesOf(`${tea1} ${milk}`)

describe('editing a message', () => {
  const engine = new Engine()
  const edited = (path: ReadonlyArray<number>, text: string) =>
    engine.edited(message, settings, path, { kind: 'json', text })

  it('offers a field as JSON, or what contains it', () => {
    const at = (...path: ReadonlyArray<number>) => {
      const found = engine.editable(message, settings, path)
      return 'problem' in found ? found.problem : [found.field, JSON.parse(found.json)]
    }
    expect(at(0)).to.deep.equal(['the message', [['tea'], { milk: true }]])
    expect(at(0, 0)).to.deep.equal(['[0]', ['tea']])
    expect(at(0, 0, 1)).to.deep.equal(['[0][0]', 'tea'])
    // An entry of a map has no place of its own.
    expect(at(0, 1, 2)).to.deep.equal(['[1]', { milk: true }])
  })

  it('encodes the whole message again', () => {
    expect(edited([0, 0, 1], '"mint"')).to.deep.equal({
      _tag: 'Encoded',
      bytes: bytesOf(`0100000000000000 0400000000000000 6d696e7400000000 ${milk}`),
      type: settings.type,
    })
    expect(edited([0, 1, 2], '{"milk":false}')).to.deep.include({
      bytes: bytesOf(`${tea1} ${milk.replace(/01(0{14})$/, '00$1')}`),
    })
  })

  it('says what is wrong with the JSON', () => {
    for (const [text, said] of [
      ['"mint', 'InvalidJson'],
      ['7', 'InvalidJson at [0][0]'],
    ] as const) {
      const result = edited([0, 0, 1], text)
      expect(result._tag === 'Refused' && result.problem).to.contain(said)
    }
  })

  it('breaks a field by each of its rules, as the rule says', () => {
    const found = engine.editable(message, settings, [0, 1])
    const rules = 'problem' in found ? [] : found.rules
    expect(rules.length).to.be.greaterThan(5)
    expect(rules.every((rule) => rule.startsWith('[1]'))).to.equal(true)
    for (const rule of rules) {
      const result = engine.edited(message, settings, [0, 1], { kind: 'rule', rule })
      expect(result._tag, rule).to.equal('Encoded')
      const bytes = result._tag === 'Encoded' ? result.bytes : message
      const loaded = engine.load({ kind: 'message', bytes }, settings)
      expect(loaded._tag === 'Loaded' && loaded.wrong, rule).not.to.equal(null)
    }
  })

  it('is only possible if the message can be read', () => {
    const found = engine.editable(message.subarray(0, 20), settings, [0])
    expect('problem' in found && found.problem).to.contain('since it cannot be read')
    const large = engine.editable(new Uint8Array(2 ** 20 + 1), settings, [0])
    expect('problem' in large && large.problem).to.contain('over 1 MiB')
  })
})

describeInspect('editing in the page', ({ open }) => {
  const issue = (driver: Driver) => driver.page.getByTestId('issue')
  const start = async (): Promise<Driver> => {
    const driver = await open()
    await driver.version.selectOption('1.34')
    await driver.drop([pathInfo])
    await driver.row('narSize').click()
    await driver.selects('narSize')
    await driver.page.getByText('Edit', { exact: true }).click()
    // The rows move when the panel opens, so an earlier click may hit another row.
    await becomes(() => driver.page.getByLabel('JSON of info.narSize').inputValue(), '176')
    return driver
  }
  const source = (driver: Driver) => () => driver.page.getByTestId('source').textContent()

  it('keeps the selected row in sight when the panel takes its room', async () => {
    const driver = await open('', { viewport: { width: 1280, height: 800 } })
    await driver.version.selectOption('1.34')
    await driver.drop([pathInfo])
    await driver.row('ultimate').click()
    await driver.selects('ultimate')
    await driver.page.getByText('Edit', { exact: true }).click()
    await driver.page.getByLabel('JSON of info.ultimate').waitFor()
    const inSight = () =>
      driver.page.evaluate<boolean>(`(() => {
        const row = document.querySelector('[role=treeitem][aria-selected=true]')?.getBoundingClientRect()
        const view = document.querySelector('[data-testid=outline]').getBoundingClientRect()
        return row !== undefined && row.top >= view.top && row.bottom <= view.bottom
      })()`)
    await becomes(inSight, true)
  })

  it('shows the result for a field at once', async () => {
    const driver = await start()
    const { page } = driver
    const json = page.getByLabel('JSON of info.narSize')
    await becomes(() => json.inputValue(), '176')
    await json.fill('1234')
    await driver
      .row('narSize')
      .getByText(/1,?234/)
      .waitFor()
    await becomes(source(driver), `${pathInfo.name} (edited)`)
    await becomes(() => driver.lit('selected'), ['224–232'])
    await json.fill('-1')
    await page.getByText('OutOfRange').waitFor()
    await json.fill('77')
    await driver.row('narSize').getByText('77').waitFor()
    await page.goBack()
    await becomes(source(driver), pathInfo.name)
    await driver.row('narSize').getByText('176').waitFor()
  })

  it('shows the issue of a changed byte at once', async () => {
    const driver = await start()
    const { page } = driver
    await driver.byte(0x50).click()
    const byte = page.getByLabel('Byte 80')
    await becomes(() => byte.inputValue(), '31')
    await byte.fill('7a')
    await issue(driver).getByText('InvalidText at byte 80, info.narHash').waitFor()
    await becomes(() => byte.inputValue(), '7a')
    await page.getByRole('button', { name: 'Undo' }).click()
    await issue(driver).waitFor({ state: 'detached' })
    await becomes(source(driver), pathInfo.name)
  })

  it('breaks one rule after the other of the same field', async () => {
    const driver = await start()
    await driver.row('signatures').click()
    await driver.selects('signatures')
    const rules = driver.page.getByLabel('Break a rule')
    const shown = () => rules.locator('option').allTextContents()
    // The rules of the row selected before disappear first.
    await until(async () => (await shown()).slice(1).every((rule) => rule.startsWith('info.signatures')))
    await becomes(async () => (await shown()).length > 3, true)
    const names = await shown()
    const [first = '', second = ''] = names.slice(1)
    await rules.selectOption({ label: first })
    await issue(driver).waitFor()
    await rules.selectOption({ label: second })
    await issue(driver).waitFor()
    expect(await shown()).to.deep.equal(names)
  })

  it('changes a byte of a session, whose fields cannot be edited', async () => {
    const driver = await open()
    await driver.drop(tea)
    await driver.row('SetOptions').waitFor()
    await driver.byte(0, 1).click()
    await driver.page.getByText('Edit', { exact: true }).click()
    await driver.page.getByText('In a session you can overwrite single bytes').waitFor()
    const byte = driver.page.getByLabel('Byte 0')
    await becomes(() => byte.inputValue(), '6f')
    await byte.fill('00')
    await issue(driver)
      .getByText(/^daemon: .*byte 0/)
      .waitFor()
  })
})
