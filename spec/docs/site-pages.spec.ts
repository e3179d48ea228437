import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { live } from '../../docs/site/generate.js'
import { liveScript } from '../../docs/site/live.js'
import { axeColourFindings, axeFindings } from '../support/axe.js'
import { Chromium, describeWithChromium } from '../support/chromium.js'
import { projectPath } from '../support/shared.js'
import { becomes } from '../support/waiting.js'
import { buildSmallSite, type SmallSite } from './small-site.js'

const keys = Array.from({ length: 30 }, (_, i) => `readonly key${i}: string`).join('; ')

const files: { readonly [name: string]: string } = {
  'index.ts': `/**
 * What {@link pour} fills, and a {@link Kettle}.
 * @module a-module-with-a-name/that-is-longer-than-a-phone-is-wide
 */
/** Pours something, as {@link Kettle} does. */
export const pour = <A>(options: { ${keys} }, cup: A): A => cup
/** It boils. */
export interface WaterOfOneKindOrAnother { readonly degrees: number }
/** Has a long name. */
export const pourFromOneCupIntoAnother = (cup: Kettle): Kettle => cup
/** What holds water. */
export class Kettle {
  /** How much is in it. */
  readonly litres: number = 1
  /** Fills it, as {@link pour} fills a cup. */
  fill(waters: AsyncIterable<ReadonlyArray<ReadonlyMap<WaterOfOneKindOrAnother, number>>>): Kettle { return this }
}
`,
  'other.ts': `/** @module other */
/** A short name. */
export const i8 = 1
export { pourFromOneCupIntoAnother, pour as pourFromTheKettleIntoTheCup } from './index.js'
`,
}

/** One of each kind; the documents have dumps of bytes, wide tables and a chart. */
const pages: ReadonlyArray<string> = [
  'index.html',
  'documents/InvalidText.html',
  'documents/Performance.html',
  'documents/Versions_and_features.html',
  'modules/a-module-with-a-name_that-is-longer-than-a-phone-is-wide.html',
  'modules/other.html',
  'functions/a-module-with-a-name_that-is-longer-than-a-phone-is-wide.pour.html',
  'classes/a-module-with-a-name_that-is-longer-than-a-phone-is-wide.Kettle.html',
]

const documents = ['issues/invalid-text.md', 'performance.md', 'versions-and-features.md']

/** What scrolls sideways by itself and cannot be reached by keys. */
const unreachable = (page: Page): Promise<ReadonlyArray<string>> =>
  page.evaluate<ReadonlyArray<string>>(`[...document.querySelectorAll('.col-content *')]
    .filter((element) => element.scrollWidth > element.clientWidth && element.tabIndex < 0)
    .filter((element) => /auto|scroll/.test(getComputedStyle(element).overflowX))
    .map((element) => element.outerHTML.slice(0, 120))`)

describeWithChromium('the pages of the site', () => {
  let site: SmallSite
  let chromium: Chromium
  before(async () => {
    site = await buildSmallSite(files, {
      projectDocuments: documents.map((name) => projectPath('docs', name)),
      readme: projectPath('docs/site/landing.html'),
      customCss: projectPath('docs/site/site.css'),
      customJs: projectPath('docs/site/custom.js'),
      // Most pages that they link to are not in this site.
      logLevel: 'None',
    })
    writeFileSync(join(site.folder, live), await liveScript())
    chromium = await Chromium.start()
  })
  after(async () => {
    await chromium?.end()
    site?.remove()
  })

  for (const name of pages) {
    it(`fit a window and have nothing that axe finds, in light and dark: ${name}`, async () => {
      const { page } = await chromium.open(pathToFileURL(join(site.folder, name)).href)
      await page.locator('#tsd-nav-container a').first().waitFor({ state: 'attached' })
      for (const width of [390, 1280]) {
        await page.setViewportSize({ width, height: 800 })
        await becomes(() => unreachable(page), [])
        expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(width)
        await page.emulateMedia({ colorScheme: 'light' })
        expect(await axeFindings(page), `light, ${width} pixels`).to.deep.equal([])
        await page.emulateMedia({ colorScheme: 'dark' })
        expect(await axeColourFindings(page), `dark, ${width} pixels`).to.deep.equal([])
      }
      await page.context().close()
    })
  }
})
