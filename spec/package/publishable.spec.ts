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

describe('a package that is published', () => {
  it('says where its sources are, and where to report', () => {
    expect(problemsOf(ready)).to.deep.equal([])
    for (const field of ['repository', 'bugs', 'homepage', 'publishConfig'] as const) {
      const { [field]: _, ...others } = ready
      expect(problemsOf(others).join('\n'), field).to.contain(`${field}: `)
    }
    expect(problemsOf({ ...ready, bugs: 'https://forge.example/other/issues' })).to.have.lengthOf(1)
    expect(problemsOf({ ...ready, repository: 'someone/nix-wire' })).to.have.lengthOf(2)
  })

  it('comes with a statement of where it was built', () => {
    expect(packageJson().publishConfig).to.deep.equal({ access: 'public', provenance: true })
  })

  it('says no address twice: SECURITY.md refers to package.json', () => {
    const text = readFileSync(projectPath('SECURITY.md'), 'utf8')
    expect(text).to.contain('`repository`')
    expect(text).not.to.match(/mailto:|\S@\S|https:\/\/github\.com/i)
  })
})
