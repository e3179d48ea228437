import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { projectPath } from '../support/shared.js'

describe('examples/README.md', () => {
  const text = readFileSync(projectPath('examples', 'README.md'), 'utf8')
  const names = readdirSync(projectPath('examples')).filter((name) => !/README|tsconfig/.test(name))
  const isProgram = (name: string): boolean =>
    name.endsWith('.ts') || readdirSync(projectPath('examples', name)).some((file) => /\.(ts|sh)$/.test(file))

  it('links to every example', () => {
    expect(names.filter((name) => !text.includes(`](${name}`))).to.deep.equal([])
  })

  it('has a command for each program', () => {
    const programs = names.filter(isProgram)
    expect(programs).to.have.lengthOf.above(4)
    for (const name of programs) {
      const row = text.split('\n').find((line) => line.startsWith(`| [\`${name}`)) ?? ''
      expect(row, name).to.match(new RegExp(`\\| \`(node --import tsx )?examples/${name}[^|]*\` +\\|$`))
    }
  })
})
