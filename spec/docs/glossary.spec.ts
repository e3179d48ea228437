import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { projectPath } from '../support/shared.js'

const page = readFileSync(projectPath('docs/guide/words.md'), 'utf8')

/** The words of the first column, each with its meaning. */
const rows = page
  .split('\n')
  .filter((line) => /^\| (?!-|word )/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .flatMap(([, words = '', meaning = '']) => words.split(', ').map((word) => [word, meaning] as const))

const meaningOf = (word: string): string => rows.find(([each]) => each === word)?.[1] ?? ''

/** The members of a union of texts, from the sources. */
const unionIn = (file: string, name: string): ReadonlyArray<string> => {
  const [, union = ''] =
    new RegExp(`type ${name} =([^\\n]+)`).exec(readFileSync(projectPath(file), 'utf8')) ?? []
  return [...union.matchAll(/'(\w+)'/g)].map(([, member = '']) => member)
}

describe('the list of words', () => {
  it('has each word once, with a meaning', () => {
    const words = rows.map(([word]) => word)
    expect(words).to.have.lengthOf.above(45)
    expect(words).to.have.lengthOf(new Set(words).size)
    expect(rows.filter(([, meaning]) => meaning.length < 10)).to.deep.equal([])
  })

  it('has the words of the fuzzer and of the conformance suite', () => {
    const kinds = unionIn('fuzz/inputs.ts', 'InputKind')
    expect(kinds).to.have.lengthOf.above(4)
    for (const kind of kinds) {
      expect(meaningOf('kind of input')).to.contain(kind)
    }
    for (const word of ['rule', 'part', 'form', 'place', 'damaged', 'shard', 'flag']) {
      expect(meaningOf(word), word).not.to.equal('')
    }
  })

  it('has the profiles, and the dialects that a session can recognise', () => {
    const profiles = unionIn('combinators/limits.ts', 'Profile')
    expect(profiles).to.have.lengthOf(2)
    for (const profile of profiles) {
      expect(meaningOf('profile')).to.contain(profile)
      expect(meaningOf(profile)).not.to.equal('')
    }
    const dialects = unionIn('session/dialect.ts', 'Dialect')
    expect(dialects).to.have.lengthOf.above(3)
    for (const dialect of dialects) {
      expect(meaningOf('dialect')).to.contain(dialect)
    }
  })
})
