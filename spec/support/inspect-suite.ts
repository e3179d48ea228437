import { expect } from 'chai'
import { Driver } from '../inspect/driver.js'
import { Chromium, describeWithChromium, type Watched } from './chromium.js'
import { type BuiltPage, buildPage } from './inspect-page.js'

/** The helpers of a suite about the page of `nix-wire inspect`. */
export interface InspectSuite {
  /** Opens a new page with this fragment in its address, and waits until it has read its input. */
  readonly open: (fragment?: string, options?: Parameters<Chromium['open']>[1]) => Promise<Driver>
  readonly built: () => BuiltPage
  readonly chromium: () => Chromium
}

/** A suite about the page in Chromium. It fails for any error in the page, whatever a test does. */
export const describeInspect = (title: string, suite: (given: InspectSuite) => void): void =>
  describeWithChromium(title, () => {
    let built: BuiltPage
    let chromium: Chromium
    let watched: Watched | null = null
    before(async () => {
      built = await buildPage()
      chromium = await Chromium.start()
    })
    after(async () => {
      await chromium?.end()
      built?.remove()
    })
    afterEach(async () => {
      const { page, wrongs } = watched ?? {}
      watched = null
      await page?.context().close()
      expect(wrongs ?? []).to.deep.equal([])
    })
    suite({
      built: () => built,
      chromium: () => chromium,
      open: async (fragment = '', options = {}) => {
        watched = await chromium.open(`${built.address}${fragment}`, options)
        const driver = new Driver(watched.page)
        await driver.page.locator('main[aria-busy=false]').waitFor()
        return driver
      },
    })
  })
