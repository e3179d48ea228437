import { expect } from 'chai'
import { describeInspect } from '../support/inspect-suite.js'
import type { Driver, Screen } from './driver.js'
import { inputs } from './inputs.js'

/** Elements that stick out of the page, or whose text is broken into many short lines. */
const misfits = (driver: Driver): Promise<ReadonlyArray<string>> =>
  driver.page.evaluate<ReadonlyArray<string>>(`(() => {
    const width = document.documentElement.clientWidth
    const found = []
    if (document.documentElement.scrollWidth > width) {
      found.push('the page scrolls sideways: ' + document.documentElement.scrollWidth)
    }
    for (const element of document.querySelectorAll('button, input, select, summary, label, .panel, dialog, .banner, h1, h2, .strip svg')) {
      const { left, right, width: wide } = element.getBoundingClientRect()
      if (wide > 1 && (left < 0 || right > width + 0.5)) {
        found.push(element.outerHTML.slice(0, 120) + ' from ' + left + ' to ' + right)
      }
    }
    return found
  })()`)

const smallest = { width: 320, height: 256, zoom: 4 }

/** Of screens of 390, 768 and 1,280 pixels, the last one also with a zoom of 200 % and 400 %. */
const screens: ReadonlyArray<Screen> = [
  smallest,
  { width: 640, height: 400, zoom: 2 },
  { width: 390, height: 844 },
  { width: 768, height: 1024 },
  { width: 1280, height: 800 },
]

/** Expects that the page fits every screen, and returns to the smallest, where it is the hardest to use. */
const fits = async (driver: Driver, what: string): Promise<void> => {
  for (const screen of [...screens, smallest]) {
    await driver.resize(screen)
    expect(await misfits(driver), `${what}, ${JSON.stringify(screen)}`).to.deep.equal([])
  }
}

describeInspect('the page on screens from 320 to 1,280 pixels', ({ open }) => {
  const openSmall = async (): Promise<Driver> => {
    const driver = await open()
    await driver.resize(smallest)
    return driver
  }

  it('shows every kind of input without scrolling sideways', async () => {
    const driver = await openSmall()
    for (const [kind, show] of Object.entries(inputs)) {
      await show(driver)
      await fits(driver, kind)
    }
  })

  it('has its menus and dialogs within the screen', async () => {
    const driver = await openSmall()
    const { page } = driver
    for (const menu of ['Samples', 'Features: none']) {
      await page.getByText(menu, { exact: true }).click()
      await page.locator('.menu[open] .panel').waitFor()
      await fits(driver, menu)
      expect(await page.locator('.menu[open] .panel').isVisible(), menu).to.equal(true)
      await page.keyboard.press('Escape')
    }
    await page.getByRole('button', { name: 'Paste…' }).click()
    await page.getByRole('dialog').locator('label > span').waitFor()
    for (const screen of screens) {
      await driver.resize(screen)
      expect(await misfits(driver), 'Paste').to.deep.equal([])
      const lines = await page.evaluate<number>(
        `document.querySelector('dialog label > span').getClientRects().length`,
      )
      expect(lines).to.be.at.most(3)
    }
    await page.getByRole('button', { name: 'Cancel' }).click()
    await driver.drop([
      { name: 'one-name-'.repeat(12), bytes: new Uint8Array(8) },
      { name: 'other-name-'.repeat(12), bytes: new Uint8Array(8) },
    ])
    await page.getByRole('dialog').waitFor()
    await fits(driver, 'which side')
  })
})
