import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { describeInspect } from '../support/inspect-suite.js'
import { becomes } from '../support/waiting.js'
import type { Driver } from './driver.js'
import { cake, pathInfo } from './inputs.js'
import type { NamedFile } from './scripts.js'

describeInspect('finding in the page', ({ open: openPage }) => {
  const open = async (files: ReadonlyArray<NamedFile>, row: string): Promise<Driver> => {
    const driver = await openPage()
    if (files.length === 1) {
      await driver.version.selectOption('1.34')
    }
    await driver.pick(files)
    await driver.row(row).first().waitFor()
    return driver
  }
  const field = (driver: Driver) => driver.page.getByLabel('Find', { exact: true })
  const choose = (driver: Driver, place: string) =>
    driver.page.getByLabel('Where to look').selectOption({ label: place })

  it('goes to the next place with the keys alone', async () => {
    const driver = await open(cake, 'BuildPaths')
    await driver.tree.focus()
    await driver.page.keyboard.press('/')
    await driver.page.keyboard.type('the oven')
    await driver.page.keyboard.press('Enter')
    await driver.selected().getByText('the oven is cold').waitFor()
    await driver.page.keyboard.press('F3')
    await driver.selected().getByText('the oven is cold').waitFor()
    await field(driver).fill('no such thing')
    await driver.page.keyboard.press('Enter')
    await driver.page.getByTestId('find-status').getByText('It is nowhere.').waitFor()
  })

  it('finds bytes, and selects them', async () => {
    const driver = await open([pathInfo], 'narHash')
    await choose(driver, 'in the bytes, as text')
    await field(driver).fill('LETTER.txt')
    await driver.page.keyboard.press('Enter')
    await becomes(() => driver.lit('chosen'), ['52–62'])
    await driver.selects('path')
    await choose(driver, 'in the bytes, as hex')
    await field(driver).fill('2270026b')
    await driver.page.keyboard.press('Enter')
    await becomes(() => driver.lit('chosen'), ['216–220'])
    await driver.selects('registrationTime')
  })

  it('hides rows', async () => {
    const driver = await open(cake, 'BuildPaths')
    await driver.page.getByTestId('filter').getByText('Filter').click()
    await driver.page.getByLabel('Only what failed').check()
    await becomes(() => driver.page.getByRole('treeitem').count(), 1)
    await driver.page.getByTestId('filter').getByText('1 of 7').waitFor()
    await driver.page.getByLabel('Only what failed').uncheck()
    await driver.page.getByLabel('Operation').selectOption('QueryMissing')
    await becomes(async () => (await driver.rows()).map((row) => row.split(' ')[0]), ['QueryMissing'])
    await driver.page.getByRole('button', { name: 'Show all' }).click()
    await driver.row('handshake').waitFor()
  })

  it('goes to a byte', async () => {
    const driver = await open(cake, 'BuildPaths')
    await driver.page.getByLabel('Of which side').selectOption('daemon')
    await driver.page.getByLabel('Go to byte').fill('0x2e8')
    await driver.page.keyboard.press('Enter')
    await driver.byte(0x2e8, 1).and(driver.page.locator('.cursor')).waitFor()
    await driver.page.getByLabel('Go to byte').fill('2720')
    await driver.page.keyboard.press('Enter')
    await driver.page.getByText('The last byte is 2,719 (0xa9f).').waitFor()
  })

  it('decodes the selected bytes, by keys or by the pointer', async () => {
    const driver = await open([pathInfo], 'narHash')
    const inspector = driver.page.getByTestId('inspector')
    await inspector.getByText('Read bytes as…').click()
    await driver.byte(216).click()
    await inspector.getByText('2026-11-22T04:31:30Z').waitFor()
    await driver.hex().focus()
    for (let i = 0; i < 3; i++) {
      await driver.page.keyboard.press('Shift+ArrowRight')
    }
    await becomes(() => driver.lit('chosen'), ['216–220'])
    await inspector.getByText('216–220, 4 bytes, chosen').waitFor()
    await driver.page.keyboard.press('ArrowLeft')
    await becomes(() => driver.lit('chosen'), [])
    await driver.byte(80).hover()
    await driver.page.mouse.down()
    await driver.byte(90).hover()
    await driver.page.mouse.up()
    await becomes(() => driver.lit('chosen'), ['80–91'])
    await inspector.getByText('"1849c681f22"').waitFor()
  })

  it('copies and saves what is selected', async () => {
    const driver = await open([pathInfo], 'narHash')
    await driver.row('narSize').click()
    const copied = async (label: string): Promise<string> => {
      const button = driver.page.getByTestId('row-tools').locator('.copy').filter({ hasText: label })
      await button.getByRole('button').click()
      await button.getByText('Copied').waitFor()
      // A text field has only one line, and keeps tabs.
      await field(driver).fill('')
      await driver.page.keyboard.press('Control+V')
      return field(driver).inputValue()
    }
    await driver.selects('narSize')
    expect(await copied('Copy value')).to.equal('176')
    expect(await copied('Copy hex')).to.equal('b000000000000000')
    expect(await copied('Copy path')).to.equal('info.narSize')
    expect(await copied('Copy row')).to.equal('narSize\tUInt64\t176')
    const saved = driver.page.waitForEvent('download')
    await driver.page.getByRole('button', { name: 'Save bytes' }).click()
    const download = await saved
    expect(download.suggestedFilename()).to.equal('info.narSize.bin')
    expect(readFileSync(await download.path()).toString('hex')).to.equal('b000000000000000')
  })

  it('lists its keys', async () => {
    const driver = await open([pathInfo], 'narHash')
    await driver.tree.focus()
    await driver.page.keyboard.press('?')
    await driver.page.getByRole('dialog', { name: 'Keys' }).getByText('find something').waitFor()
    await driver.page.keyboard.press('Escape')
    await becomes(() => driver.page.getByRole('dialog').count(), 0)
  })

  it('colours the bytes by their fields, and draws a line where a field begins', async () => {
    const driver = await open(cake, 'BuildPaths')
    await driver.hex(0).locator('[class*=field-]').first().waitFor()
    const at = (name: string) => driver.hex(0).locator(`[class*=${name}]`).first().getAttribute('data-at')
    expect(await at('-begins')).to.equal('0')
    expect(await at('-edge')).to.equal('8')
  })

  it('lets keys resize the panes', async () => {
    const driver = await open([pathInfo], 'narHash')
    const splitter = driver.page.getByRole('separator', { name: 'Width of the bytes' })
    const width = async () => (await driver.page.locator('.bytes').boundingBox())?.width ?? 0
    const before = await width()
    await splitter.press('ArrowRight')
    await becomes(async () => (await width()) > before, true)
    await splitter.press('Home')
    await becomes(width, before)
  })
})
