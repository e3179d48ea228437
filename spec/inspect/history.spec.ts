import { expect } from 'chai'
import { describeInspect } from '../support/inspect-suite.js'
import { becomes } from '../support/waiting.js'
import type { Driver } from './driver.js'
import { example, pathInfo, recording, tea } from './inputs.js'
import { pasteScript } from './scripts.js'

const source = (driver: Driver) => () => driver.page.getByTestId('source').textContent()

const paste = ({ page }: Driver, text: string): Promise<unknown> => page.evaluate(pasteScript(text))

describeInspect('the input that was open in the page', ({ open }) => {
  it('comes back after going back and forth', async () => {
    const driver = await open()
    const { page } = driver
    await driver.drop([pathInfo])
    await becomes(source(driver), pathInfo.name)
    await driver.version.selectOption('1.34')
    await driver.row('narHash').click()
    await driver.selects('narHash')
    await driver.drop(tea)
    await driver.row('BuildPaths').waitFor()
    await driver.sample('A path info with a broken hash')
    await becomes(source(driver), 'A path info with a broken hash')
    await page.goBack()
    await driver.row('BuildPaths').waitFor()
    await page.goBack()
    await becomes(source(driver), pathInfo.name)
    await driver.selects('narHash')
    await becomes(() => driver.version.inputValue(), '1.34')
    await page.goBack()
    await becomes(source(driver), 'A path info')
    await page.goForward()
    await page.goForward()
    await driver.row('BuildPaths').waitFor()
  })

  it('comes back after a reload', async () => {
    const driver = await open()
    const { page } = driver
    const reload = async (): Promise<void> => {
      await page.reload()
      await page.locator('main[aria-busy=false]').waitFor()
    }
    await driver.version.selectOption('1.30')
    await driver.row('ValidPathInfo').first().waitFor()
    await reload()
    await becomes(source(driver), 'A path info')
    await becomes(() => driver.version.inputValue(), '1.30')
    await driver.drop([pathInfo])
    await driver.version.selectOption('1.34')
    await driver.row('narHash').click()
    await driver.selects('narHash')
    await reload()
    await becomes(source(driver), pathInfo.name)
    await driver.selects('narHash')
    await driver.drop([recording()])
    await driver.row('pending').waitFor()
    const rows = await driver.rows()
    await reload()
    await becomes(() => driver.rows(), rows)
    await page.goBack()
    await becomes(source(driver), pathInfo.name)
  })

  it('comes back as it was at the moment of the reload', async () => {
    const driver = await open()
    await driver.row('narHash').waitFor()
    const reloaded = driver.page.waitForEvent('load')
    await driver.page.evaluate(`(async () => {
      const choose = (name, value) => {
        const control = [...document.querySelectorAll('.settings label')]
          .find((label) => label.firstChild.textContent.trim() === name)
          .querySelector('select, input')
        control.value = value
        control.dispatchEvent(new Event('input', { bubbles: true }))
        control.dispatchEvent(new Event('change', { bubbles: true }))
      }
      choose('Version', '1.30')
      choose('Profile', 'canonical')
      choose('Store directory', '/gnu/store')
      await new Promise((resolve) => queueMicrotask(resolve))
      location.reload()
    })()`)
    await reloaded
    await becomes(() => driver.version.inputValue(), '1.30')
    await becomes(() => driver.page.getByLabel('Profile').inputValue(), 'canonical')
    await becomes(() => driver.page.getByLabel('Store directory').inputValue(), '/gnu/store')
  })

  it('is not lost if a text is pasted by mistake', async () => {
    const driver = await open()
    await driver.drop([pathInfo])
    await becomes(source(driver), pathInfo.name)
    await paste(driver, 'Dear all, see you at nine.')
    await driver.page.getByText('is not hex, base64 or a hex dump').waitFor()
    expect(await source(driver)()).to.equal(pathInfo.name)
    await paste(driver, '0100000000000000')
    await becomes(source(driver), 'what was pasted')
    await driver.page.getByText('“Back” leads to what was open before').waitFor()
    await driver.page.goBack()
    await becomes(source(driver), pathInfo.name)
  })

  it('gives the tab its name', async () => {
    const driver = await open()
    const title = () => driver.page.title()
    await becomes(title, 'A path info – nix-wire inspect')
    await driver.drop([example('sessions', 'tea.client.bin'), example('sessions', 'tea.server.bin')])
    await becomes(title, 'tea.client.bin, tea.server.bin – nix-wire inspect')
    await driver.page.evaluate(`location.hash = 'type=Bool64'`)
    await becomes(title, 'nix-wire inspect')
  })

  it('removes its notes when another input replaces it', async () => {
    const driver = await open()
    const note = driver.page.locator('.banner.note')
    const share = driver.page.getByRole('button', { name: 'Share' })
    await share.click()
    await note.waitFor()
    await driver.drop([pathInfo])
    await note.waitFor({ state: 'detached' })
    await share.click()
    await note.waitFor()
    await driver.version.selectOption('1.34')
    await note.waitFor({ state: 'detached' })
    await share.click()
    await note.waitFor()
    await driver.page.goBack()
    await note.waitFor({ state: 'detached' })
  })

  it('can be opened from a dialog with Control and Enter', async () => {
    const driver = await open()
    const { page } = driver
    await page.getByRole('button', { name: 'Paste…' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill('0100000000000000')
    await page.keyboard.press('Control+Enter')
    await becomes(source(driver), 'what was pasted')
    expect(await page.getByRole('dialog').count()).to.equal(0)
  })
})
