import { existsSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { issuePageName, moreAbout } from '../../cli/issue-link.js'
import { issueEntries, issueOfExample, issuePages } from '../../cli/pages/issues/page.js'
import type { IssueTag } from '../../combinators/issue.js'
import { nixWire } from '../support/cli.js'
import { projectPath } from '../support/shared.js'

const tags = Object.keys(issueEntries) as ReadonlyArray<IssueTag>

/** The tags as the type has them, from its source. */
const declared = (): ReadonlyArray<string> => {
  const source = readFileSync(projectPath('combinators/issue.ts'), 'utf8')
  return [...source.matchAll(/^ *(?:readonly _tag: |\| )'(\w+)'/gm)].map(([, tag]) => tag!)
}

describe('the pages of issues', () => {
  it('exist for each tag', () => {
    expect(tags).to.have.members(declared())
    expect(Object.keys(issuePages)).to.have.lengthOf(tags.length + 1)
  })

  for (const tag of tags) {
    it(`of ${tag} show such an issue, a rule and what to do`, () => {
      const { example, line, rule, remedies } = issueEntries[tag]
      expect([line, rule, ...remedies].join('')).not.to.match(/undefined|TODO/)
      expect(remedies).not.to.have.lengthOf(0)
      const page = issuePages[`issues/${issuePageName(tag)}`]!()
      expect(page).to.match(new RegExp(`^// prints:\\n// ${tag} at byte|// prints: ${tag} at byte`, 'm'))
      if ('grammar' in example) {
        expect(issueOfExample(example)[0]._tag).to.equal(tag)
      }
    })
  }

  it('are at the address that the command prints', async () => {
    const { homepage } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as {
      readonly homepage: string
    }
    const place = homepage.replace(/#.*$/, '')
    for (const tag of tags) {
      const address = moreAbout({ _tag: tag }).replace(/^More: nix-wire explain \w+, or /, '')
      expect(address.startsWith(`${place}/blob/main/`), address).to.equal(true)
      expect(existsSync(projectPath(address.slice(`${place}/blob/main/`.length))), address).to.equal(true)
    }
    for (const tag of tags) {
      const [, words = ''] = /nix-wire (explain \w+),/.exec(moreAbout({ _tag: tag })) ?? []
      const { exitCode, stdout } = await nixWire(words.split(' '))
      const page = stdout.toString()
      expect([exitCode, page.startsWith(`# ${tag}\n`), page.includes('## What to do')]).to.deep.equal([
        0,
        true,
        true,
      ])
      expect(page).not.to.match(/\]\(|All issues/)
    }
    const all = await nixWire(['explain'])
    expect(all.stdout.toString().split('\n')).to.have.lengthOf(tags.length + 1)
    expect((await nixWire(['explain', 'Nonsense'])).exitCode).to.equal(2)
    for (const command of ['decode', 'dissect']) {
      const { stderr, exitCode } = await nixWire([command, 'Bool64'], new Uint8Array(3))
      expect(exitCode).to.equal(1)
      expect(stderr.trimEnd().split('\n').at(-1)).to.equal(moreAbout({ _tag: 'UnexpectedEnd' }))
    }
  })
})
