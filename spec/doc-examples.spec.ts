import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { documentedFiles, modulesOf, typeErrors, writeModules } from './support/doc-examples.js'
import { type Outcome, run } from './support/doc-runtime.js'
import { projectPath } from './support/shared.js'

describe('examples in the documentation', () => {
  const files = documentedFiles().map((source) => ({
    source,
    text: readFileSync(projectPath(source), 'utf8'),
  }))
  const modules = files.flatMap(({ source, text }) => modulesOf(source, text))

  before(() => {
    writeModules(modules)
  })

  it('are all found', () => {
    const fences = files.flatMap(({ text }) => text.match(/^[\s*]*```ts\b/gm) ?? [])
    expect(modules.flatMap((module) => module.fences)).to.have.lengthOf(fences.length)
    expect(fences).not.to.have.lengthOf(0)
  })

  it('type-check', () => {
    expect(typeErrors(modules).join('\n')).to.equal('')
  })

  for (const { source, fences, path } of modules) {
    let outcome: Promise<Outcome> | undefined
    for (const { line } of fences.filter((fence) => fence.run)) {
      it(`${source}:${line}`, async () => {
        outcome ??= run(pathToFileURL(path).href)
        const { line: last, failure } = await outcome
        if (failure === undefined || line < last) return
        throw last === 0 || line === last ? failure.error : new Error(`not reached: ${source}:${last} failed`)
      })
    }
  }
})
