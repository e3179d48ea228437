import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { Driver } from '../inspect/driver.js'
import { Chromium, describeWithChromium, type Watched } from './chromium.js'
import { builtPage } from './inspect-page.js'

/** The helpers of a suite about the page of `nix-wire inspect`. */
export interface InspectSuite {
  /** Opens a new page with this fragment in its address, and waits until it has read its input. */
  readonly open: (fragment?: string, options?: Parameters<Chromium['open']>[1]) => Promise<Driver>
  /** The file of the page. */
  readonly pageFile: () => string
  readonly chromium: () => Chromium
}

/** A suite about the page in Chromium. It fails for any error in the page, whatever a test does. */
export const describeInspect = (title: string, suite: (given: InspectSuite) => void): void =>
  describeWithChromium(title, () => {
    let file: string
    let chromium: Chromium
    let watched: Watched | null = null
    before(async () => {
      file = await builtPage()
      chromium = await Chromium.start()
    })
    after(() => chromium?.end())
    afterEach(async () => {
      const { page, wrongs } = watched ?? {}
      watched = null
      await page?.context().close()
      expect(wrongs ?? []).to.deep.equal([])
    })
    suite({
      pageFile: () => file,
      chromium: () => chromium,
      open: async (fragment = '', options = {}) => {
        watched = await chromium.open(`${pathToFileURL(file).href}${fragment}`, options)
        const driver = new Driver(watched.page)
        await driver.page.locator('main[aria-busy=false]').waitFor()
        return driver
      },
    })
  })
