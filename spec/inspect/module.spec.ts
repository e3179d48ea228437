import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { bytesOf } from '../../bytes/hex.js'
import { describeInspect } from '../support/inspect-suite.js'
import { projectPath } from '../support/shared.js'
import { becomes } from '../support/waiting.js'
import type { Driver } from './driver.js'

const kitchen = {
  name: 'kitchen.js',
  bytes: new Uint8Array(readFileSync(projectPath('examples/kitchen/kitchen.js'))),
}

const module = (name: string, source: string) => ({ name, bytes: new TextEncoder().encode(source) })

const mint = '0400000000000000 6d696e74 00000000 0200000000000000'
const order = { name: 'order.bin', bytes: bytesOf(mint) }
const milk = '0100000000000000 0400000000000000 6d696c6b 00000000'
const session = [
  { name: 'tea.client.bin', bytes: bytesOf(`${milk} 0100000000000000 ${mint}`) },
  { name: 'tea.server.bin', bytes: bytesOf(`${milk} 0200000000000000 0700000000000000 6e6f206d696e74 00`) },
]

describeInspect('a module in the page', ({ open }) => {
  const dialog = (driver: Driver) => driver.page.getByRole('dialog', { name: 'Run kitchen.js?' })
  const confirm = (driver: Driver) => driver.page.getByRole('button', { name: 'Run it' }).click()
  const type = (driver: Driver) => driver.page.getByLabel('Grammar')

  it('is run only after the user agreed, and adds its types', async () => {
    const driver = await open()
    await driver.drop([order, kitchen])
    await dialog(driver).waitFor()
    expect(await driver.page.locator('#types option[value=Order]').count()).to.equal(0)
    await confirm(driver)
    await driver.page.locator('#types option[value=Order]').waitFor({ state: 'attached' })
    await type(driver).fill('Order')
    await type(driver).press('Enter')
    await driver.row(/^leaf\s*utf8\s*"mint"/).waitFor()
    await driver.row(/^milk\s*u8\s*2/).waitFor()
  })

  it('is not run if the user disagrees', async () => {
    const driver = await open()
    await driver.drop([module('kitchen.js', 'globalThis.postMessage({ id: 0, failure: "it ran" })')])
    await dialog(driver).waitFor()
    await driver.page.getByRole('button', { name: 'Cancel' }).click()
    await dialog(driver).waitFor({ state: 'detached' })
    expect(await driver.page.locator('#types option').count()).to.be.greaterThan(100)
  })

  it('shows a session of its conversation', async () => {
    const driver = await open()
    await driver.drop(session)
    await driver.page.locator('main[data-kind=session]').waitFor()
    await driver.drop([kitchen])
    await confirm(driver)
    await becomes(
      () => driver.rows(),
      ['words "milk"', 'Tea orders 0 "mint" left for orders', 'end of both streams'],
    )
    await driver.row('Tea').click()
    await driver.selects('Tea')
    await driver.page.keyboard.press('ArrowRight')
    await becomes(
      async () => (await driver.rows()).slice(2),
      ['order u8 1', 'tea Order', 'note Note', 'end of both streams'],
    )
    await driver.row('note').click()
    await becomes(() => driver.lit('selected', 1), ['24–48'])
  })

  it('is rejected with the reason', async () => {
    const driver = await open()
    const said = async (source: string, text: string): Promise<void> => {
      await driver.drop([module('kitchen.js', source)])
      await confirm(driver)
      await driver.page.getByRole('status').filter({ hasText: text }).waitFor()
    }
    await said(`import fs from 'node:fs'`, 'it imports "node:fs"')
    await said(
      `import { u8 } from 'nix-wire'; export const StorePath = u8`,
      'nix-wire has a type of that name',
    )
    await said(`throw new Error('burnt')`, 'burnt')
    await said(`export const answer = `, 'kitchen.js cannot be loaded')
  })
})
