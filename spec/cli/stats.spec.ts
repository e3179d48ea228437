import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { projectPath } from '../support/shared.js'

/** Where nothing is loaded any more, and what is asked for has a mode that is wanted as a number. */
const allowed: ReadonlySet<string> = new Set(['output-file.ts'])

const files = readdirSync(projectPath('cli'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !allowed.has(name))
  .map((name) => join('cli', name))

describe('file system calls of the command', () => {
  it('never make Node cache the state of a pipe, after which it resolves no links to packages', () => {
    const calls = files.flatMap((name) =>
      [...readFileSync(projectPath(name), 'utf8').matchAll(/\bf?statSync\(.*/g)]
        .map(([text]) => `${name}: ${text}`)
        .filter((text) => !text.includes('apart')),
    )
    expect(calls).to.deep.equal([])
    expect(files.length).to.be.greaterThan(100)
  })
})
