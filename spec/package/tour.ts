/** The examples of the README as a program of somebody who has installed the package. */
import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { modulesOf } from '../support/doc-examples.js'
import { projectPath } from '../support/shared.js'
import type { Consumer } from './consumer.js'
import { entryPoints, specifierOf } from './entry-points.js'

const asInstalled = (code: string): string => {
  const packaged = entryPoints().reduce(
    (text, entry) =>
      text.replaceAll(`'../${entry === '' ? '' : `${entry}/`}index.js'`, `'${specifierOf(entry)}'`),
    code,
  )
  return packaged.replace('../spec/support/doc-runtime.js', './doc-runtime.js')
}

const javaScript = (source: string): string =>
  ts.transpileModule(source, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  }).outputText

/** Writes `run-tour.js`, which fails with the README's line where something is not as the README says. */
export const writeTour = (consumer: Consumer): void => {
  const [tour] = modulesOf('README.md', readFileSync(projectPath('README.md'), 'utf8'))
  consumer.write('tour.js', javaScript(asInstalled(tour!.code)))
  const runtime = javaScript(readFileSync(projectPath('spec/support/doc-runtime.ts'), 'utf8'))
  const chai = JSON.stringify(import.meta.resolve('chai'))
  consumer.write('doc-runtime.js', runtime.replace("'chai'", chai))
  consumer.write(
    'run-tour.js',
    `import { run } from './doc-runtime.js'
const { line, failure } = await run('./tour.js')
if (failure !== undefined) {
  throw new Error('README.md:' + line, { cause: failure.error })
}
console.log('up to line ' + line)
`,
  )
  consumer.copy('examples/messages')
}
