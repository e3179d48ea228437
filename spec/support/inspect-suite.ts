import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { Driver } from '../inspect/driver.js'
import { Chromium, describeWithChromium, type Look, type Watched } from './chromium.js'
import { builtPage } from './inspect-page.js'

/** The helpers of a suite about the page of `nix-wire inspect`. */
export interface InspectSuite {
  /**
   * Opens the page with this fragment in its address, and waits until it has read its input. It replaces the one that
   * the test has opened before.
   */
  readonly open: (fragment?: string, look?: Look) => Promise<Driver>
  /** The file of the page. */
  readonly pageFile: () => string
  readonly chromium: () => Chromium
}

/** A suite about the page in Chromium. It fails for any error in the page, whatever a test does. */
export const describeInspect = (title: string, suite: (given: InspectSuite) => void): void =>
  describeWithChromium(title, () => {
    let file: string
    let chromium: Chromium
    let opened: { readonly tab: Watched; readonly driver: Driver } | null = null
    before(async () => {
      file = await builtPage()
      chromium = await Chromium.start()
    })
    after(() => chromium?.end())
    const leave = async (isGood: boolean): Promise<void> => {
      if (opened === null) {
        return
      }
      const { tab, driver } = opened
      opened = null
      const wrongs = [...tab.wrongs]
      await driver.end()
      await (isGood ? chromium.giveBack(tab) : tab.page.context().close())
      expect(wrongs).to.deep.equal([])
    }
    afterEach(async function () {
      await leave(this.currentTest?.state === 'passed')
    })
    suite({
      pageFile: () => file,
      chromium: () => chromium,
      open: async (fragment = '', look = {}) => {
        await leave(true)
        const tab = await chromium.borrow(`${pathToFileURL(file).href}${fragment}`, look)
        const driver = new Driver(tab.page)
        opened = { tab, driver }
        await driver.page.locator('main[aria-busy=false]').waitFor()
        return driver
      },
    })
  })
