import { expect } from 'chai'
import { pages } from '../../cli/pages.js'
import { flowsIn } from '../../conversation/parts.js'
import { operations, workerOf } from '../../grammar/index.js'
import { narDelimiter } from '../../stream/index.js'

const page = (name: string): string => pages[name]?.() ?? ''

const part =
  page('operations.md').split('## How an operation goes')[1]?.split('# Operations of Determinate')[0] ?? ''

describe('the page of operations', () => {
  it('has a diagram for each way to carry bytes, for none, and for a daemon that breaks off', () => {
    const ways = new Set(
      Object.values(operations).flatMap(({ streams }) =>
        streams.map(({ way, direction }) => `${way} ${direction}`),
      ),
    )
    expect(part.match(/^sequenceDiagram$/gm)).to.have.length(ways.size + 2)
    const pictures = [...part.matchAll(/^!\[.+\]\((diagrams\/.+\.svg)\)$/gm)].map(([, file = '']) => file)
    expect(pictures).to.have.length(ways.size + 2)
    for (const file of pictures) {
      expect(page(file), file).to.match(/^<svg /)
    }
  })

  it('shows the content of each stream', () => {
    for (const { streams } of Object.values(operations)) {
      for (const { content } of streams) {
        expect(part).to.include(`### The content ${content}\n`)
      }
    }
  })

  it('and its sister pages show each key of the conversation', () => {
    const all = ['handshake.md', 'logging.md', 'operations.md'].map(page).join('\n')
    const { node } = workerOf(operations, { archive: narDelimiter })
    for (const each of flowsIn(node)) {
      if ('key' in each) {
        expect(all).to.match(new RegExp(`^\\| (client|daemon) \\| (&emsp;)*\`${each.key}\``, 'm'))
      }
    }
  })
})
