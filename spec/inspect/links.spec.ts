import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { describeInspect } from '../support/inspect-suite.js'
import { becomes } from '../support/waiting.js'
import { pathInfo, tea } from './inputs.js'

const linkOf = (bytes: Uint8Array, rest = ''): string =>
  `#type=ValidPathInfo&protocol=1.34&bytes=${Buffer.from(bytes).toString('base64url')}${rest}`

describeInspect('a link to the page', ({ open, pageFile, chromium }) => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'nix-wire-around-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  it('opens what it says, with the types to choose from', async () => {
    const driver = await open(linkOf(pathInfo.bytes, '&at=0.1.1'))
    await driver.selects('narHash')
    await becomes(() => driver.page.getByTestId('source').textContent(), 'from a link')
    await driver.page.locator('#types option[value=ValidPathInfo]').waitFor({ state: 'attached' })
    await driver.drop(tea)
    await driver.row('BuildPaths').waitFor()
    await driver.drop([pathInfo])
    // The rows of the session contain that text too.
    await driver.page
      .getByRole('treeitem')
      .filter({ hasText: /^narHash/ })
      .waitFor()
    expect(await driver.page.locator('#types option').count()).to.be.greaterThan(100)
  })

  it('shows no other input before', async () => {
    const { page, wrongs } = await chromium().open(
      `${pathToFileURL(pageFile()).href}${linkOf(pathInfo.bytes)}`,
    )
    await page.addInitScript(`
      globalThis.seen = new Set()
      const look = () => {
        for (const element of document.querySelectorAll('[data-testid=source], [role=treeitem]')) {
          seen.add(element.textContent)
        }
      }
      new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true })`)
    for (const fragment of [linkOf(pathInfo.bytes.subarray(0, 100)), '#type=Bool64']) {
      await page.evaluate(`location.hash = ${JSON.stringify(fragment)}`)
      await page.evaluate('history.replaceState(null, "")')
      await page.reload()
      await page.locator('main[aria-busy=false]').waitFor()
      const seen = await page.evaluate<ReadonlyArray<string>>('[...seen]')
      expect(seen.filter((text) => /A path info|narSize/.test(text))).to.deep.equal([])
    }
    expect(wrongs).to.deep.equal([])
    await page.context().close()
  })

  it('is rejected with the reason, and no sample is shown in its place', async () => {
    const driver = await open('#type=ValidPathInfo&bytes=AB!D')
    const { page } = driver
    const said = async (fragment: string, text: string): Promise<void> => {
      await page.evaluate(`location.hash = ${JSON.stringify(fragment)}`)
      await page.getByRole('status').getByText(text).waitFor()
      await page.getByRole('heading', { name: 'Nothing is open yet' }).waitFor()
      expect(await driver.rows()).to.deep.equal([])
    }
    await page.getByText('This link is broken: its bytes are not base64url.').waitFor()
    expect(await driver.rows()).to.deep.equal([])
    await said('client=AAAA', 'one side of the session is missing')
    await said(`bytes=${'A'.repeat(300_000)}`, 'This link is too long')
    await page.evaluate(`location.hash = ${JSON.stringify(linkOf(pathInfo.bytes).replace('1.34', '1.x'))}`)
    await page.getByText('The version in this link, "1.x", is none').waitFor()
    await driver.row('path').first().waitFor()
  })

  it('may contain only settings, which hold for the next input', async () => {
    const driver = await open('#type=Set%3CString%3E&protocol=1.30&canonical=1')
    await driver.page.getByRole('heading', { name: 'Nothing is open yet' }).waitFor()
    await becomes(() => driver.version.inputValue(), '1.30')
    await driver.drop([{ name: 'set.bin', bytes: new Uint8Array(8) }])
    await driver.row(/set\s*0 items/).waitFor()
    await becomes(() => driver.page.getByLabel('Profile').inputValue(), 'canonical')
  })

  it('does not work inside another page', async () => {
    const { page } = await open()
    const inside = `${pathToFileURL(pageFile()).href}${linkOf(pathInfo.bytes)}`
    const around = join(folder, 'around.html')
    writeFileSync(around, `<!doctype html><iframe src="${inside.replaceAll('&', '&amp;')}"></iframe>`)
    await page.goto(pathToFileURL(around).href)
    const frame = page.frameLocator('iframe')
    await frame.getByText('This page does not work inside another one.').waitFor()
    expect(await frame.getByRole('link').getAttribute('href')).to.contain('#type=ValidPathInfo')
    expect(await frame.getByRole('button').count()).to.equal(0)
  })
})
