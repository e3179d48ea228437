import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const everything: RunOptions = {
  resultTypes: ['violations'],
  preload: false,
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  // Off by default, since it is new.
  rules: { 'target-size': { enabled: true } },
}

const colours: RunOptions = {
  ...everything,
  runOnly: { type: 'rule', values: ['color-contrast'] },
  rules: {},
}

const findings = async (page: Page, options: RunOptions): Promise<ReadonlyArray<string>> => {
  if (!(await page.evaluate<boolean>('"axe" in globalThis'))) {
    await page.evaluate(source)
  }
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify(options)})`)
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ html, failureSummary = '' }) =>
        `${id}: ${html.slice(0, 200)}: ${failureSummary.replace(/\s+/g, ' ')}`,
    ),
  )
}

/** The findings of axe on the current page: the rule and the element of each. */
export const axeFindings = (page: Page): Promise<ReadonlyArray<string>> => findings(page, everything)

/** The same for colours only, for another theme of a page that has no other findings. */
export const axeColourFindings = (page: Page): Promise<ReadonlyArray<string>> => findings(page, colours)
