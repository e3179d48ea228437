import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { grammarWords } from '../support/grammar-words.js'
import { projectPath } from '../support/shared.js'

const guide = readFileSync(projectPath('docs/guide/your-own-protocol.md'), 'utf8')

/** The cells that show words. */
const shown = [...guide.matchAll(/^\|[^|]+\|([^|]+)\|/gm)].map(([, cell]) => cell).join('\n')

describe('the guide to a protocol of your own', () => {
  for (const word of grammarWords) {
    it(`has a row for ${word}`, () => {
      expect(shown).to.match(new RegExp(`\\b${word}\\b`))
    })
  }
})
