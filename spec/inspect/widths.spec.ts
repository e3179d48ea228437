import { expect } from 'chai'
import { describeInspect } from '../support/inspect-suite.js'
import type { Driver } from './driver.js'
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

/** Widths in pixels; a zoom of 200 % leaves half of them. */
const screens = [
  { title: '390 pixels', width: 390, height: 844, zoom: 1 },
  { title: '768 pixels', width: 768, height: 1024, zoom: 1 },
  { title: '1,280 pixels', width: 1280, height: 800, zoom: 1 },
  { title: '1,280 pixels, zoomed to 200 %', width: 640, height: 400, zoom: 2 },
  { title: '1,280 pixels, zoomed to 400 %', width: 320, height: 256, zoom: 4 },
]

describeInspect('the page on a screen', ({ open }) => {
  for (const { title, width, height, zoom } of screens) {
    it(`of ${title} shows every kind of input without scrolling sideways`, async () => {
      const driver = await open('', { viewport: { width, height }, deviceScaleFactor: zoom })
      for (const [kind, show] of Object.entries(inputs)) {
        await show(driver)
        expect(await misfits(driver), kind).to.deep.equal([])
      }
    })

    it(`of ${title} has its menus and dialogs within the screen`, async () => {
      const driver = await open('', { viewport: { width, height }, deviceScaleFactor: zoom })
      const { page } = driver
      for (const menu of ['Samples', 'Features: none']) {
        await page.getByText(menu, { exact: true }).click()
        await page.locator('.menu[open] .panel').waitFor()
        expect(await misfits(driver), menu).to.deep.equal([])
        await page.keyboard.press('Escape')
      }
      await page.getByRole('button', { name: 'Paste…' }).click()
      const label = page.getByRole('dialog').locator('label > span')
      await label.waitFor()
      expect(await misfits(driver), 'Paste').to.deep.equal([])
      const lines = await page.evaluate<number>(
        `document.querySelector('dialog label > span').getClientRects().length`,
      )
      expect(lines).to.be.at.most(3)
      await page.getByRole('button', { name: 'Cancel' }).click()
      await driver.drop([
        { name: 'one-name-'.repeat(12), bytes: new Uint8Array(8) },
        { name: 'other-name-'.repeat(12), bytes: new Uint8Array(8) },
      ])
      await page.getByRole('dialog').waitFor()
      expect(await misfits(driver), 'which side').to.deep.equal([])
    })
  }
})
