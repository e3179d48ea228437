import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { breaks, readTea, wholeTea } from '../../docs/site/live/tea.js'
import { liveScript } from '../../docs/site/live.js'
import { Chromium, describeWithChromium } from '../support/chromium.js'

/** What each button of the example must show. */
const shown: { readonly [title: string]: string } = {
  'a padding byte': 'NonZeroPadding at byte 15, leaf',
  'a text': 'NotUtf8 at byte 8, leaf',
  'a tag': 'UnknownTag at byte 16, milk',
  'a count': 'UnexpectedEnd at byte 48, minutes[2]',
  'an integer': 'OutOfRange at byte 32, minutes[0]',
}

describe('the example of the landing page', () => {
  it('decodes the unbroken bytes, and shows another issue for each break', () => {
    expect(readTea(wholeTea())).to.have.property('is', 'value')
    expect(breaks.map(({ title }) => title)).to.deep.equal(Object.keys(shown))
    for (const { title, at, byte } of breaks) {
      const bytes = wholeTea()
      bytes[at] = byte
      expect(readTea(bytes).text, title).to.contain(shown[title])
    }
  })

  describeWithChromium('in a browser, from a file', () => {
    let chromium: Chromium
    let folder = ''
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'nix-wire-live-'))
      writeFileSync(join(folder, 'live.js'), await liveScript())
      writeFileSync(
        join(folder, 'index.html'),
        '<!doctype html><link rel="icon" href="data:,"><div id="live"></div><script src="live.js"></script>',
      )
      chromium = await Chromium.start()
    })
    after(async () => {
      await chromium?.end()
      rmSync(folder, { recursive: true })
    })

    it('changes bytes, shows their issue, and repairs them', async () => {
      const { page, wrongs } = await chromium.open(pathToFileURL(join(folder, 'index.html')).href)
      const result = page.locator('.live-result')
      const whole = await result.textContent()
      expect(whole).to.equal('{ leaf: "assam", milk: \'Drops\', minutes: [3, 5] }')
      for (const [title, text] of Object.entries(shown)) {
        await page.getByRole('button', { name: title, exact: true }).click()
        expect(await result.textContent()).to.contain(text)
      }
      await page.getByRole('button', { name: 'Mend' }).click()
      expect(await result.textContent()).to.equal(whole)
      await page.locator('.live-bytes button').nth(16).click()
      expect(await result.textContent()).to.contain("milk: 'Half'")
      expect(wrongs).to.deep.equal([])
    })
  })
})
