import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { correctedSections, correctionsBelow } from '../../cli/pages/corrections.js'
import { projectPath } from '../support/shared.js'

const page = readFileSync(projectPath('docs', 'protocol.md'), 'utf8')

/** The text below each heading of the page. */
const below = new Map(
  page.split(/^### /m).map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
)

describe('the corrections to the published document', () => {
  it('stand on the page of the protocol, in their sections', () => {
    expect(below.get('BuildMode')).to.contain(
      'the document says `an enum of Int`, here it is `an enum of UInt8`',
    )
    expect(below.get('Bool')).to.contain('accepts any number below 2^32')
    expect(below.get('ResultType')).to.contain('have FetchToStore')
    expect(below.get('Int')).not.to.contain('corrections.md')
  })

  it('are all there, except those of the frames, which have no section', () => {
    const sections = correctedSections()
    expect(sections).to.have.lengthOf.above(25)
    expect(sections.filter((name) => !below.has(name))).to.deep.equal(['Framed'])
    for (const name of sections.filter((each) => below.has(each))) {
      expect(below.get(name), name).to.contain(correctionsBelow(name).join('\n'))
    }
  })
})
