import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { projectPath } from '../support/shared.js'
import { licencesFile, licencesText } from './licences.js'

describe(licencesFile, () => {
  it('is what `npm run licences` writes', () => {
    expect(readFileSync(projectPath(licencesFile), 'utf8')).to.equal(licencesText())
  })

  it('has every package that a user gets', () => {
    const { packages } = JSON.parse(readFileSync(projectPath('package-lock.json'), 'utf8')) as {
      packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>
    }
    // npm's own account of what belongs to development alone.
    const shipped = Object.entries(packages)
      .filter(([path, { dev, devOptional }]) => path.startsWith('node_modules/') && !(dev || devOptional))
      .map(([path]) => path.replace('node_modules/', ''))
      .filter((name) => !name.startsWith('nix-wire'))
    expect(shipped).not.to.have.lengthOf(0)
    const text = readFileSync(projectPath(licencesFile), 'utf8')
    expect(shipped.filter((name) => !text.includes(`\n## ${name}\n`))).to.deep.equal([])
  })
})
