import { expect } from 'chai'
import { describeInspect } from '../support/inspect-suite.js'
import { becomes } from '../support/waiting.js'
import type { Driver } from './driver.js'
import { tea } from './inputs.js'

/** The names of all text fields outside dialogs; those in folded controls are unfolded first. */
const textFields = async ({ page }: Driver): Promise<ReadonlyArray<string>> => {
  await page.locator('details:is(.filter, .edit)').evaluateAll((all) => {
    for (const folded of all) {
      folded.setAttribute('open', '')
    }
  })
  return page
    .locator('input[type=text]:visible:enabled, textarea:visible')
    .evaluateAll((all) => all.map((field) => field.closest('label')?.firstChild?.textContent?.trim() ?? ''))
}

/** Points at two rows, one after the other: the page is rendered again each time. */
const pointAtRows = async (driver: Driver): Promise<void> => {
  for (const index of [0, 1]) {
    const row = driver.page.getByRole('treeitem').nth(index)
    await row.hover()
    await becomes(() => row.evaluate((element) => element.classList.contains('pointed')), true)
  }
}

describeInspect('what a user does in the page', ({ open }) => {
  it('stays in any text field while the page is rendered again', async () => {
    const driver = await open()
    await driver.row('narHash').click()
    await driver.selects('narHash')
    const tried: Array<string> = []
    const tryAll = async (): Promise<void> => {
      for (const name of await textFields(driver)) {
        const field = driver.page
          .getByRole('textbox', { name })
          .or(driver.page.getByRole('combobox', { name }))
        const before = await field.inputValue()
        await field.fill('0')
        await pointAtRows(driver)
        expect(await field.inputValue(), name).to.equal('0')
        await field.fill(before)
        tried.push(name)
      }
    }
    await driver.page.locator('details.edit > summary').click()
    await driver.page.getByLabel(/JSON of/).waitFor()
    await tryAll()
    await driver.drop(tea)
    await driver.row('SetOptions').waitFor()
    await tryAll()
    expect(tried).to.include.members(['Grammar', 'Store directory', 'With the text', 'JSON of info.narHash'])
  })

  it('gives way to a new input if typing was taken back', async () => {
    const driver = await open()
    const field = driver.page.getByLabel('Grammar')
    await field.fill('StorePath')
    await field.fill('ValidPathInfo')
    await driver.page.keyboard.press('Tab')
    await driver.sample('A reply to QueryPathInfo')
    await becomes(() => field.inputValue(), 'Tuple<Bool64,UnkeyedValidPathInfo>')
  })

  it('counts in its order: a key moves from the row that was clicked', async () => {
    const driver = await open()
    await driver.row('narHash').waitFor()
    await driver.page.evaluate(`(() => {
      const rows = [...document.querySelectorAll('[role=treeitem]')]
      rows.find((row) => row.querySelector('.name')?.textContent === 'narHash').click()
      const press = (key) =>
        document.querySelector('[role=tree]').dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
      press('ArrowDown')
    })()`)
    await driver.selects('references')
  })

  it('stays when the answer to an earlier click comes: the bytes that keys have chosen', async () => {
    const driver = await open()
    await driver.byte(80).waitFor()
    await driver.page.evaluate(`(() => {
      const byte = document.querySelector('[data-testid=hex-0] [data-at="80"]')
      byte.dispatchEvent(new MouseEvent('click', { bubbles: true }))
      byte.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', shiftKey: true, bubbles: true }))
    })()`)
    await driver.selects('narHash')
    expect(await driver.lit('chosen')).to.deep.equal(['80–82'])
  })
})
