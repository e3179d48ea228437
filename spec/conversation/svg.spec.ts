import { expect } from 'chai'
import { feature, u8, utf8 } from '../../combinators/index.js'
import { gated, namedParts, noted, says, sequence, toDiagram, toSvg } from '../../conversation/index.js'
import { Chromium, describeWithChromium } from '../support/chromium.js'
import { kitchen } from './kitchen.js'

const order = sequence(
  says('client', 'cups', u8),
  gated(feature('milk'), noted('cold', says('client', 'milk', u8))),
  says('server', 'tea', utf8),
)

/** The texts in a picture, apart from its title and description. */
const textsOf = (svg: string): ReadonlyArray<string> =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text)

describe('a flow as a picture', () => {
  it('has the sides, and each message in its order', () => {
    const svg = toSvg('An order', order, { sides: { server: 'kitchen' } })
    expect(textsOf(svg)).to.deep.equal([
      'client',
      'client',
      'kitchen',
      'kitchen',
      'cups',
      'opt',
      'feature milk',
      'cold',
      'milk',
      'tea',
    ])
    expect(svg.match(/<path class="head"/g)).to.have.lengthOf(3)
  })

  it('describes in words what it shows', () => {
    const svg = toSvg('An order', order)
    expect(svg).to.contain('<title>An order</title>')
    expect(svg).to.contain(
      '<desc>the client says cups; only if (feature milk: cold; the client says milk); the server says tea</desc>',
    )
    expect(svg).to.contain('role="img"').and.not.to.contain('<script')
  })

  it('has each arrow that the diagram in Mermaid has', () => {
    for (const flow of [kitchen, ...namedParts(kitchen).values()]) {
      const arrows = toDiagram(flow).match(/->>/g) ?? []
      expect(toSvg('A flow', flow).match(/<path class="head"/g) ?? []).to.have.lengthOf(arrows.length)
    }
  })

  it('escapes characters that are special in XML, and breaks long words', () => {
    const long = 'm'.repeat(500)
    const svg = toSvg('<b>&"', sequence(noted(`</svg><script> ${long}`, says('client', 'a', u8))), {
      sides: { client: '<client>\u0000' },
    })
    expect(svg).to.contain('<title>&lt;b&gt;&amp;&quot;</title>')
    expect(svg).not.to.contain('<script>').and.not.to.contain('\u0000')
    expect(Math.max(...textsOf(svg).map(({ length }) => length))).to.be.lessThan(100)
  })

  it('rejects anything but a flow, and a title that is not a text', () => {
    expect(() => toSvg('A flow', {} as typeof order)).to.throw(TypeError, 'what toSvg prints must be a flow')
    expect(() => toSvg(1 as unknown as string, order)).to.throw(TypeError, 'the title that toSvg prints')
  })
})

const measured = `(() => {
  const box = document.querySelector('svg').getBoundingClientRect()
  const parts = [...document.querySelectorAll('svg text, svg rect, svg line, svg path')]
  const isInside = (part) => {
    const { left, right, top, bottom } = part.getBoundingClientRect()
    return left >= box.left && right <= box.right && top >= box.top && bottom <= box.bottom
  }
  return {
    outside: parts.filter((part) => !isInside(part)).map(({ outerHTML }) => outerHTML),
    ink: getComputedStyle(document.querySelector('svg text')).fill,
  }
})()`

describeWithChromium('the picture of a flow, in a browser', () => {
  let chromium: Chromium
  before(async () => {
    chromium = await Chromium.start()
  })
  after(() => chromium?.end())

  it('is dark in dark mode, with all of it inside the frame', async () => {
    const { page, wrongs } = await chromium.open('about:blank', { colorScheme: 'dark' })
    await page.setContent(toSvg('The kitchen', kitchen))
    expect(await page.evaluate(measured)).to.deep.equal({ outside: [], ink: 'rgb(230, 237, 243)' })
    expect(wrongs).to.deep.equal([])
  })
})
