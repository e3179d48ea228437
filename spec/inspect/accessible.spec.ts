import { expect } from 'chai'
import { axeColourFindings, axeFindings } from '../support/axe.js'
import { describeInspect } from '../support/inspect-suite.js'
import { becomes } from '../support/waiting.js'
import { contrasts, graphicContrasts } from './contrast.js'
import type { Driver } from './driver.js'
import { inputs, pathInfo, tea } from './inputs.js'

/** What the page can be in besides the kinds of input. */
const states: { readonly [state: string]: (driver: Driver) => Promise<void> } = {
  ...inputs,
  'nothing but a note': async ({ page }) => {
    await page.evaluate(`location.hash = 'bytes=!'`)
    await page.getByText('This link is broken').waitFor()
  },
  'a field that is edited': async (driver) => {
    await driver.row('ultimate').click()
    await driver.page.getByText('Edit', { exact: true }).click()
    await driver.page.getByLabel('JSON of').fill('7')
    await driver.page.getByText('InvalidJson').waitFor()
  },
  'a grammar that is not there': async ({ page }) => {
    await page.getByLabel('Grammar').fill('Bool65')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('Did you mean Bool64').waitFor()
  },
  'the samples': async ({ page }) => {
    await page.getByText('Samples', { exact: true }).click()
    await page.locator('.samples[open]').waitFor()
  },
  'the features': async ({ page }) => {
    await page.getByText('Features: none').click()
    await page.locator('.features[open]').waitFor()
  },
  'a question for a text': async ({ page }) => {
    await page.getByRole('button', { name: 'Paste…' }).click()
    await page.getByRole('dialog').waitFor()
  },
  'a question for the sides': async (driver) => {
    await driver.drop([pathInfo, pathInfo])
    await driver.page.getByRole('dialog').waitFor()
  },
  'a question for a module': async (driver) => {
    await driver.drop([{ name: 'kitchen.js', bytes: new Uint8Array(0) }])
    await driver.page.getByRole('dialog').waitFor()
  },
}

const widths = [390, 768, 1280]
// Checking each visible byte takes time.
const height = 480

describeInspect('the page for everyone', ({ open }) => {
  for (const [state, reach] of Object.entries(states)) {
    it(`passes axe at any width, in light or dark: ${state}`, async () => {
      const driver = await open('', { colorScheme: 'light' })
      const { page } = driver
      await reach(driver)
      for (const width of widths) {
        await driver.resize({ width, height })
        await page.emulateMedia({ colorScheme: 'light' })
        expect(await axeFindings(page), `light, ${width} pixels`).to.deep.equal([])
        await page.emulateMedia({ colorScheme: 'dark' })
        expect(await axeColourFindings(page), `dark, ${width} pixels`).to.deep.equal([])
      }
    })
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`shows what is selected, pointed at and wrong, in ${colorScheme}`, async () => {
      const { page } = await open('', { colorScheme })
      for (const { pair, ratio } of await contrasts(page)) {
        expect(ratio, pair).to.be.at.least(4.5)
      }
      for (const { pair, ratio } of await graphicContrasts(page)) {
        expect(ratio, pair).to.be.at.least(3)
      }
    })
  }

  it('shows what is selected and pointed at in the colours of the user', async () => {
    const driver = await open('', { forcedColors: 'active' })
    const style = (offset: number, property: string) =>
      driver.page.evaluate<string>(
        `getComputedStyle(document.querySelector('.hex-cells [data-at="${offset}"]')).${property}`,
      )
    await driver.row('narHash').click()
    await becomes(() => driver.lit('selected'), ['72–144'])
    expect(await style(80, 'backgroundColor')).not.to.equal(await style(0, 'backgroundColor'))
    await driver.row('registrationTime').hover()
    await becomes(() => driver.lit('pointed'), ['216–224'])
    expect(await style(217, 'outlineStyle')).to.equal('dashed')
  })

  it('never names a row or byte that is out of sight as the active one', async () => {
    const driver = await open()
    const { page } = driver
    await driver.drop(tea)
    await driver.row('BuildPaths').click()
    await driver.selects('BuildPaths')
    const dangling = () =>
      page.evaluate<ReadonlyArray<string>>(`[...document.querySelectorAll('[aria-activedescendant]')]
        .map((element) => element.getAttribute('aria-activedescendant'))
        .filter((id) => document.getElementById(id) === null)`)
    expect(await dangling()).to.deep.equal([])
    const scroll = (id: string, to: string) =>
      page.evaluate(`(() => {
        const element = document.querySelector('[data-testid=${id}]')
        element.scrollTop = ${to}
      })()`)
    expect(await driver.hex(0).getAttribute('aria-activedescendant')).to.equal('hex-0-cursor')
    await scroll('hex-0', '0')
    await becomes(() => driver.hex(0).getAttribute('aria-activedescendant'), null)
    await driver.row('BuildPaths').dblclick()
    await driver.row('messages').first().dblclick()
    await driver.row('Start').first().waitFor()
    await scroll('outline', 'element.scrollHeight')
    await becomes(() => driver.tree.getAttribute('aria-activedescendant'), null)
    expect(await dangling()).to.deep.equal([])
  })

  it('describes a byte by its offset, its value and its character', async () => {
    const driver = await open()
    await driver.byte(8).click()
    await becomes(() => driver.byte(8).getAttribute('aria-label'), '8: 2f /')
    expect(await driver.byte(0).getAttribute('aria-label')).to.equal('0: 36 6')
    expect(await driver.byte(1).getAttribute('aria-label')).to.equal('1: 00')
  })

  it('goes to the row whose name begins with the typed letters', async () => {
    const driver = await open()
    const { keyboard } = driver.page
    await driver.tree.focus()
    await keyboard.press('d')
    await driver.selects('deriver')
    await keyboard.press('n')
    await driver.selects('narHash')
    await keyboard.press('n')
    await driver.selects('narSize')
    await keyboard.press('n')
    await driver.selects('narHash')
    await keyboard.press('N')
    await driver.selects('narSize')
    await keyboard.press('q')
    await keyboard.press('p')
    await driver.selects('path')
  })

  it('lets keys reach all samples', async () => {
    const driver = await open()
    const { keyboard } = driver.page
    await driver.page.getByText('Samples', { exact: true }).focus()
    await keyboard.press('Enter')
    for (let i = 0; i < 5; i++) {
      await keyboard.press('Tab')
    }
    await keyboard.press('Enter')
    await becomes(() => driver.page.getByTestId('source').textContent(), 'A session: cake fails')
    await becomes(() => driver.page.evaluate('document.activeElement.textContent'), 'Samples')
  })

  it('returns the focus after a dialog and after a note', async () => {
    const driver = await open()
    const { page } = driver
    const focused = () =>
      page.evaluate<string>('document.activeElement.dataset.testid ?? document.activeElement.textContent')
    for (const end of ['Escape', 'Cancel'] as const) {
      // Focus and key in one step: what the page does meanwhile may take the focus away.
      await page.getByRole('button', { name: 'Paste…' }).press('Enter')
      await page.getByRole('dialog').waitFor()
      if (end === 'Escape') {
        await page.keyboard.press('Escape')
      } else {
        await page.getByRole('button', { name: 'Cancel' }).click()
      }
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await becomes(focused, 'Paste…')
    }
    await driver.drop([pathInfo, pathInfo])
    await page.getByRole('button', { name: 'Cancel' }).click()
    await becomes(focused, 'Paste…')
    await page.getByRole('button', { name: 'Share' }).click()
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await becomes(focused, 'outline')
  })

  for (const [end, leaving] of [
    ['Escape', 'dialog.requestClose()'],
    ['Cancel', `dialog.querySelector('.actions button').click()`],
    ['Read', `dialog.querySelector('form').requestSubmit()`],
  ] as const) {
    it(`opens a dialog again, however soon after ${end}`, async () => {
      const { page } = await open()
      await page.getByRole('button', { name: 'Paste…' }).click()
      await page.getByRole('dialog').waitFor()
      // In one task: the event of the first dialog's end can only come after it.
      await page.evaluate(`(async () => {
        const dialog = document.querySelector('dialog')
        ${leaving}
        await null
        await null
        const paste = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Paste…')
        paste.click()
        await new Promise((heard) => dialog.addEventListener('close', heard))
      })()`)
      await page.getByRole('dialog').waitFor()
      expect(await page.getByRole('dialog').count()).to.equal(1)
    })
  }
})
