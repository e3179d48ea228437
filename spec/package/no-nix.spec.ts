import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { projectPath } from '../support/shared.js'

/** What only the protocol of Nix has. (The versions that matter to it are above 1.10; those of examples are not.) */
const words = [
  /\bnix/i,
  /derivation|\bdrv|realisation|\bnar\b/i,
  /\bdaemon/i,
  /\bstore[- ]?paths?\b/i,
  /\/(nix|gnu)\b/,
  /\b1\.(1[1-9]|[2-9]\d)\b/,
]

/** The package has its name, the laws its reader of streams, and every protocol a store directory. */
const allowed = /nix-wire|NixReader|nix-reader/g

const filesOf = (folder: string): ReadonlyArray<string> =>
  readdirSync(projectPath(folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`)

const found = (files: ReadonlyArray<string>): ReadonlyArray<string> =>
  files.flatMap((file) =>
    readFileSync(projectPath(file), 'utf8')
      .split('\n')
      .flatMap((line, i) =>
        words.some((word) => word.test(line.replace(allowed, '')))
          ? [`${file}:${i + 1}: ${line.trim()}`]
          : [],
      ),
  )

describe('the names of Nix', () => {
  for (const folder of ['bytes', 'combinators', 'conversation', 'interpreters', 'laws', 'fuzz', 'vectors']) {
    it(`are absent from ${folder}/`, () => {
      const files = filesOf(folder)
      expect(files.length).to.be.above(5)
      expect(found(files)).to.deep.equal([])
    })
  }

  it('are found in the grammar', () => {
    expect(found(filesOf('grammar')).length).to.be.above(200)
  })
})
