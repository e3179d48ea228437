import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { projectPath } from '../support/shared.js'
import { packageJson, problemsOf } from './publishable.js'

const ready = {
  repository: { type: 'git', url: 'git+https://forge.example/someone/nix-wire.git' },
  bugs: { url: 'https://forge.example/someone/nix-wire/issues' },
  homepage: 'https://forge.example/someone/nix-wire#readme',
  publishConfig: { provenance: true },
}

const origin = 'https://forge.example/someone/nix-wire'

describe('the published package', () => {
  it('names its sources and where to report issues', () => {
    expect(problemsOf(ready, origin)).to.deep.equal([])
    for (const field of ['repository', 'bugs', 'homepage', 'publishConfig'] as const) {
      const { [field]: _, ...others } = ready
      expect(problemsOf(others, origin).join('\n'), field).to.contain(`${field}: `)
    }
    expect(problemsOf({ ...ready, bugs: 'https://forge.example/other/issues' }, origin)).to.have.lengthOf(1)
    expect(problemsOf({ ...ready, repository: 'someone/nix-wire' }, origin)).to.have.lengthOf(3)
  })

  it('is published from its own repository', () => {
    expect(problemsOf(ready, 'git@forge.example:someone/nix-wire.git')).to.deep.equal([])
    for (const other of ['', '/srv/nix-wire', 'https://forge.example/other/nix-wire']) {
      expect(problemsOf(ready, other)).to.deep.equal([
        `repository: not where these sources are from (${other || 'nowhere'})`,
      ])
    }
  })

  it('has its own addresses in order', () => {
    expect(problemsOf(packageJson(), 'https://github.com/nix-wire/nix-wire')).to.deep.equal([])
  })

  it('has a statement of where it was built', () => {
    expect(packageJson().publishConfig).to.deep.equal({ access: 'public', provenance: true })
  })

  it('has a README whose links work on npm, which resolves them in the GitHub repository', () => {
    const { repository } = packageJson()
    expect(repository)
      .to.have.property('url')
      .that.matches(/^git\+https:\/\/github\.com\/[\w-]+\/[\w-]+\.git$/)
    expect(repository).not.to.have.property('directory')
    const readme = readFileSync(projectPath('README.md'), 'utf8')
    const links = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
    expect(links).to.have.lengthOf.above(30)
    expect(links.filter((link) => /^(\/|\.\.)/.test(link))).to.deep.equal([])
  })

  it('has no address twice: SECURITY.md refers to package.json', () => {
    const text = readFileSync(projectPath('SECURITY.md'), 'utf8')
    expect(text).to.contain('`repository`')
    expect(text).not.to.match(/mailto:|\S@\S|https:\/\/github\.com/i)
  })
})
