import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import * as combinators from '../../combinators/index.js'
import { isGrammar } from '../../combinators/index.js'
import { projectPath } from '../support/shared.js'

describe('the combinators for fields, in the guide to a protocol of your own', () => {
  const guide = readFileSync(projectPath('docs/guide/your-own-protocol.md'), 'utf8')
  const rows = guide.slice(guide.indexOf('## Combinators for fields')).split('\n\n')[2] ?? ''
  const words = rows.split('\n').flatMap((row) => row.split('|')[2]?.match(/(?<=`)[a-z]\w*/gi) ?? [])

  it('are combinators', () => {
    expect(words).to.have.length.greaterThan(30)
    for (const word of words) {
      expect(combinators).to.have.property(word)
    }
  })

  it('are all that are grammars by themselves', () => {
    const grammars = Object.entries(combinators).flatMap(([name, value]) => (isGrammar(value) ? [name] : []))
    expect(words).to.include.members(grammars)
  })
})
