import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { describeInspect } from '../support/inspect-suite.js'
import { becomes } from '../support/waiting.js'
import type { Driver } from './driver.js'
import { narInfo, pathInfo, tea } from './inputs.js'
import { dropScript, pasteScript } from './scripts.js'

/** An action whose answer comes later: how to get to where it can be done, and the script that does it. */
interface Late {
  readonly reach: (driver: Driver) => Promise<void>
  readonly act: string
}

const type = (selector: string, text: string): string => `(() => {
  const field = document.querySelector(${JSON.stringify(selector)})
  field.value = ${JSON.stringify(text)}
  field.dispatchEvent(new Event('input', { bubbles: true }))
  field.dispatchEvent(new Event('change', { bubbles: true }))
})()`

const press = (label: string): string =>
  `[...document.querySelectorAll('button')].find(({ textContent }) => textContent === ${JSON.stringify(label)}).click()`

const edit = async (driver: Driver, name: string): Promise<void> => {
  const { page } = driver
  await driver.row(name).click()
  await page.locator('details.edit > summary').click()
  await page.getByLabel('JSON of').waitFor()
}

const actions: { readonly [what: string]: Late } = {
  'an edited field': {
    reach: (driver) => edit(driver, 'ultimate'),
    act: type('textarea', 'true'),
  },
  'a broken rule': {
    reach: (driver) => edit(driver, 'ultimate'),
    act: `(() => {
      const rules = [...document.querySelectorAll('details.edit select')].at(-1)
      rules.value = rules.options[1].value
      rules.dispatchEvent(new Event('change', { bubbles: true }))
    })()`,
  },
  'a filter': {
    reach: async (driver) => {
      await driver.drop(tea)
      await driver.row('BuildPaths').waitFor()
      await driver.page.locator('details.filter > summary').click()
    },
    act: type('details.filter input[type=text]', 'BuildPaths'),
  },
  'a search': {
    reach: async (driver) => {
      await driver.page.getByLabel('Find', { exact: true }).fill('registrationTime')
    },
    act: `document.querySelector('form.find').requestSubmit()`,
  },
  'the row of a byte': {
    reach: (driver) => driver.byte(80).waitFor(),
    act: `document.querySelector('[data-testid=hex-0] [data-at="80"]').click()`,
  },
  'a file that is unpacked': {
    reach: async (driver) => {
      await driver.drop([{ name: 'info.bin.gz', bytes: gzipSync(pathInfo.bytes) }])
      await driver.page.getByText('Unpack it').waitFor()
    },
    act: press('Unpack it'),
  },
  'a narinfo that is encoded': {
    reach: async (driver) => {
      await driver.drop([{ name: 'a.narinfo', bytes: Buffer.from(narInfo) }])
      await driver.page.getByText('Show the ValidPathInfo').waitFor()
    },
    act: press('Show the ValidPathInfo that it describes'),
  },
  'a dropped file': {
    reach: async () => {},
    act: dropScript([{ name: 'late.bin', bytes: new Uint8Array(16) }]),
  },
  'a shared link': { reach: async () => {}, act: press('Share') },
}

describeInspect('an answer that comes when another input is open', ({ open }) => {
  for (const [what, { reach, act }] of Object.entries(actions)) {
    it(`changes nothing: ${what}`, async () => {
      const driver = await open()
      const { page } = driver
      await reach(driver)
      await page.evaluate(`${act}; ${pasteScript('0100000000000000')}`)
      const source = () => page.getByTestId('source').textContent()
      await becomes(source, 'what was pasted')
      // Whatever was asked before has its answer by then: the questions are answered in their order.
      await driver.byte(1).click()
      await driver.selects('path')
      expect(await source()).to.equal('what was pasted')
      expect(await driver.rows()).to.deep.equal([
        'message ValidPathInfo not read to its end',
        'path StorePath UnexpectedEnd: expected 16 bytes, got 8 bytes',
      ])
      expect(await page.locator('.banner.note').textContent()).to.contain('What was pasted is open now')
      expect(await page.getByTestId('filter').locator('summary').textContent()).to.equal('Filter ')
    })
  }

  it('changes nothing: files that were dropped before an edit, or an edit before files were dropped', async () => {
    const driver = await open()
    const source = () => driver.page.getByTestId('source').textContent()
    await edit(driver, 'ultimate')
    const drop = dropScript(tea)
    await driver.page.evaluate(`${drop}; ${type('textarea', 'false')}`)
    await becomes(source, 'A path info (edited)')
    await driver.row(/ultimate.*false/).waitFor()
    await driver.page.evaluate(`${type('textarea', 'true')}; ${drop}`)
    await driver.row('BuildPaths').click()
    await driver.selects('BuildPaths')
    expect(await source()).to.equal(tea.map(({ name }) => name).join(', '))
  })

  it('counts, if it is of the same input: a field that was edited before another row was clicked', async () => {
    const driver = await open()
    await edit(driver, 'ultimate')
    await driver.page.evaluate(`(() => {
      ${type('textarea', 'false')};
      const rows = [...document.querySelectorAll('[role=treeitem]')]
      rows.find((row) => row.querySelector('.name')?.textContent === 'narHash').click()
    })()`)
    await driver.row(/^ultimate.*false/).waitFor()
    await driver.selects('narHash')
  })
})
