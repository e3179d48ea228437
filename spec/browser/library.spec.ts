import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { hexOf } from '../../bytes/hex.js'
import { browserBundle } from '../support/browser-bundle.js'
import { Chromium, describeWithChromium } from '../support/chromium.js'
import { projectPath } from '../support/shared.js'
import { report } from './library.js'

const message = (name: string): string =>
  hexOf(readFileSync(projectPath('examples', 'messages', `${name}-1.34.bin`)))

describeWithChromium('the library in a browser', () => {
  // WebCrypto is there on pages of https alone.
  const secure = 'https://library.invalid'
  let chromium: Chromium
  let script: string
  let asked: ReadonlyArray<readonly [module: string, by: string]>
  before(async () => {
    ;({ code: script, asked } = await browserBundle('entry.ts'))
    chromium = await Chromium.start()
  })
  after(() => chromium?.end())

  const open = async (policy: string, origin = secure) => {
    const { page, wrongs } = await chromium.open('about:blank')
    await page.route(`${origin}/**`, (route) =>
      route.request().url().endsWith('/library.js')
        ? route.fulfill({ contentType: 'text/javascript', body: script })
        : route.fulfill({
            contentType: 'text/html',
            headers: { 'Content-Security-Policy': policy },
            body: '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/library.js"></script>',
          }),
    )
    await page.goto(`${origin}/#${message('valid-path-info')},${message('query-path-info-reply')}`)
    return { page, wrongs }
  }

  const inNode = () => report(message('valid-path-info'), message('query-path-info-reply'))

  it('imports nothing that only Node has', () => {
    // Only without a TextEncoder.
    expect(asked).to.deep.equal([['util', 'arcsecond/index.mjs']])
    const imported = [...script.matchAll(/^\s*(?:import|export)\b[^\n]*\bfrom\s+["']([^"']+)["']/gm)]
    expect(imported.map(([, name]) => name)).to.deep.equal([])
    const modules = [...script.matchAll(/(.*)["']node:(\w+)["']/g)].map(([, before = '', name]) => [
      before.trim(),
      name,
    ])
    // Looked up at run time, if the platform has it.
    expect(modules).to.deep.equal([['const crypto = builtin(', 'crypto']])
  })

  for (const [title, policy, mayEvaluate] of [
    ['a page that lets code be made from text', "script-src 'self' 'unsafe-eval'; img-src data:", true],
    ['a page that does not', "default-src 'none'; script-src 'self'; img-src data:", false],
  ] as const) {
    it(`reads, writes, parses, generates, dissects, prints and signs in ${title} as in Node`, async () => {
      const { page, wrongs } = await open(policy)
      expect(
        await page.evaluate('[typeof Buffer, typeof process, typeof require, typeof global]'),
      ).to.deep.equal(['undefined', 'undefined', 'undefined', 'undefined'])
      expect(await page.evaluate('mayEvaluate')).to.equal(mayEvaluate)
      const [here, there] = [await inNode(), await page.evaluate<string>('answer')]
      expect(there.split('\n')).to.deep.equal(here.split('\n'))
      expect(JSON.parse(there).pathInfo.decoded._tag).to.equal('Right')
      expect(JSON.parse(there).broken.decoded.left.offset).to.equal(80)
      expect(JSON.parse(there).laws).to.deep.equal([])
      const { textPath, verified, broken } = JSON.parse(there).store
      // As made by `builtins.toFile`.
      expect(textPath.right).to.equal('/nix/store/pz09lg0v68s5lqp4rgfwb99srv3i1xgc-letter.txt')
      expect(verified.right.map(({ is }: { readonly is: string }) => is)).to.deep.equal(['good', 'good'])
      expect([broken.left.line, broken.left.column]).to.deep.equal([4, 10])
      expect(wrongs).to.deep.equal([])
    })
  }

  it('says why there is no WebCrypto on a page loaded over http', async () => {
    const { page } = await open("script-src 'self' 'unsafe-eval'; img-src data:", 'http://library.invalid')
    expect(await page.evaluate('answer.catch(({ message }) => message)')).to.equal(
      'there is no WebCrypto here: a page has it if it comes over https or from localhost',
    )
  })
})
