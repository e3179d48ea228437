import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import * as grammar from '../../grammar/index.js'
import { operations } from '../../grammar/index.js'
import { projectPath } from '../support/shared.js'

/** The package's own name, which documentation imports, and words of the language that a protocol has too. */
const ours = /nix-wire\/?[a-z]*/g

/** What only a protocol of Nix has: its words, its messages, its operations. */
const words: ReadonlyArray<string> = [
  'nix',
  'daemon',
  'store',
  'nar',
  'derivation',
  'worker',
  'operation',
  'operations',
  ...Object.keys(operations),
  ...Object.keys(grammar).filter((name) => /^[A-Z][a-z0-9]+[A-Z]/.test(name)),
]

/** The tags of its log; `Error` is also a class of the language. */
const tags = ['Next', 'Read', 'Write', 'Last', 'Error', 'StartActivity', 'StopActivity', 'Result']

const files = readdirSync(projectPath('conversation'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
)

describe('conversation/ knows nothing of Nix:', () => {
  it('no file contains a name of its protocol', () => {
    expect(files).to.have.length.above(25)
    const any = new RegExp(`\\b(${words.join('|')})\\b`, 'i')
    const tag = new RegExp(`['"](${tags.join('|')})['"]`)
    for (const file of files) {
      const text = readFileSync(projectPath('conversation', file), 'utf8').replace(ours, '')
      expect(any.exec(text)?.[0], file).to.equal(undefined)
      expect(tag.exec(text)?.[0], file).to.equal(undefined)
    }
  })
})
