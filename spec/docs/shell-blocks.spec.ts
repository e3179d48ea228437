import { existsSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { documentedFiles } from '../support/doc-examples.js'
import { type Block, blocksOf, fileOf, isPrinted, type Step, stepsOf } from '../support/doc-shell.js'
import { isInstalled, Workshop } from '../support/doc-workshop.js'
import { describeWithNix, type NixDaemon, startNixDaemon } from '../support/nix-daemon.js'
import { projectPath } from '../support/shared.js'

const programs = new Set(['cpp', 'go', 'rust'])
/** A `mermaid` block is printed from a flow, and compared with what is checked in. */
const languages = new Set(['ts', 'console', 'sh', 'json', 'text', 'yaml', 'mermaid', ...programs])
const isShell = ({ language }: Block): boolean => language === 'console' || language === 'sh'

/** Compilers that a machine may lack; in CI only Go's may be missing, which takes longer to install than to test. */
const compilers = ['g++', 'rustc', 'go']
const missingFor = (steps: ReadonlyArray<Step>): string | undefined =>
  compilers.find((each) => steps.some(({ command }) => command.startsWith(`${each} `)) && !isInstalled(each))
const isOptional = (compiler: string): boolean => compiler === 'go' || process.env.CI !== 'true'

const withoutEnd = (text: string): ReadonlyArray<string> => {
  const lines = text.trimEnd().split('\n')
  return lines.length === 1 && lines[0] === '' ? [] : lines.map((line) => line.trimEnd())
}

const runStep = async (workshop: Workshop, { command, prints }: Step, daemon: NixDaemon | null) => {
  const { exitCode, text } = await workshop.run(command, daemon)
  const lines = withoutEnd(text)
  if (prints !== null && !isPrinted(lines, withoutEnd(prints.join('\n')))) {
    expect(lines.join('\n'), command).to.equal(prints.join('\n'))
  }
  const saysWhy = prints !== null && /^nix-wire: /m.test(text)
  expect(exitCode, `${command}\n${text}`).to.satisfy((code: number) => (saysWhy ? code === 1 : code === 0))
  return text
}

const runBlock = async (workshop: Workshop, block: Block, daemon: NixDaemon | null): Promise<string> => {
  const printed: Array<string> = []
  for (const step of stepsOf(block)) {
    const goesOn = /^(.*) &$/.exec(step.command)
    if (goesOn === null) printed.push(await runStep(workshop, step, daemon))
    else await workshop.begin(goesOn[1]!, daemon)
  }
  return printed.join('')
}

/** The blocks of commands, each with the block of its output, if there is one before the next commands. */
const withOutputs = (
  blocks: ReadonlyArray<Block>,
): ReadonlyArray<{ block: Block; output: Block | undefined }> =>
  blocks.flatMap((block, i) => {
    const next = blocks[i + 1]
    return isShell(block) ? [{ block, output: next?.language === 'json' ? next : undefined }] : []
  })

const blocksBesideDaemon = (blocks: ReadonlyArray<Block>, workshop: () => Workshop): void => {
  let daemon: NixDaemon
  before(async () => {
    daemon = await startNixDaemon({ storeDir: '/nix/store' })
  })
  after(() => daemon.stop())
  for (const block of blocks) {
    it(`line ${block.line}`, async () => {
      await runBlock(workshop(), block, daemon)
    })
  }
}

const pages = documentedFiles()
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, blocks: blocksOf(readFileSync(projectPath(name), 'utf8')) }))

describe('blocks of the documentation', () => {
  for (const { name, blocks } of pages) {
    it(`of ${name} are all of a tested kind`, () => {
      for (const { line, language, mark } of blocks) {
        expect(languages, `${name}:${line}`).to.include(language)
        expect(['', 'daemon', 'no-run'], `${name}:${line}`).to.include(mark)
      }
      const outputs = withOutputs(blocks).filter(({ output }) => output !== undefined)
      expect(blocks.filter(({ language }) => language === 'json')).to.have.lengthOf(outputs.length)
    })
  }
})

describe('a reader who has the package alone', () => {
  const everywhere = pages.filter(({ name }) => name !== 'README.md')
  const textOf = (name: string): string => readFileSync(projectPath(name), 'utf8').replaceAll('\n', ' ')
  const linesOf = (blocks: ReadonlyArray<Block>): string =>
    blocks.flatMap(({ body }) => body.filter((line) => !line.startsWith('//'))).join('\n')

  it('is told what nix-wire stands for, on each page with such commands', () => {
    const found = everywhere.filter(({ blocks }) =>
      blocks
        .filter(isShell)
        .some((block) => stepsOf(block).some(({ command }) => /\bnix-wire\b/.test(command))),
    )
    expect(found).not.to.have.lengthOf(0)
    const untold = found.filter(({ name }) => !textOf(name).includes('that is `npx nix-wire`'))
    expect(untold.map(({ name }) => name)).to.deep.equal([])
  })

  it('is told how to get the examples, on each page that reads some', () => {
    const found = pages.filter(({ blocks }) => /\bexamples\//.test(linesOf(blocks)))
    expect(found).not.to.have.lengthOf(0)
    const untold = found.filter(
      ({ name }) => !textOf(name).includes('cp -r node_modules/nix-wire/examples .'),
    )
    expect(untold.map(({ name }) => name)).to.deep.equal([])
  })

  it('gets every file of examples/ that a page names', () => {
    const { files } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as {
      readonly files: ReadonlyArray<string>
    }
    expect(files).to.include('examples')
    const texts = pages.map(({ blocks }) => linesOf(blocks)).join('\n')
    const named = [...texts.matchAll(/(?<![\w./-])examples(?:\/[\w.-]+)+/g)].map(([path]) => path)
    expect(named).not.to.have.lengthOf(0)
    const missing = named.filter((path) => !existsSync(projectPath(path)) || files.includes(`!${path}`))
    expect(missing).to.deep.equal([])
  })
})

for (const { name, blocks } of pages.filter(({ blocks }) => blocks.some(isShell))) {
  describe(`the commands of ${name}`, () => {
    let workshop: Workshop
    before(() => {
      workshop = new Workshop()
      for (const block of blocks.filter(({ language }) => programs.has(language))) {
        workshop.write(fileOf(block) ?? expect.fail(`${name}:${block.line} names no file`), block.body)
      }
    })
    afterEach(() => workshop.rest())
    after(() => workshop.close())

    for (const { block, output } of withOutputs(blocks).filter(({ block }) => block.mark !== 'daemon')) {
      const missing = missingFor(stepsOf(block))
      const skip = missing !== undefined && isOptional(missing)
      const test = async (): Promise<void> => {
        const text = await runBlock(workshop, block, null)
        if (output !== undefined) expect(text).to.equal(`${output.body.join('\n')}\n`)
      }
      it(
        `line ${block.line}${skip ? ` (skipped: ${missing} is not installed)` : ''}`,
        skip ? undefined : test,
      )
    }

    const withDaemon = blocks.filter(({ mark }) => mark === 'daemon')
    if (withDaemon.length > 0)
      describeWithNix('beside a daemon', () => blocksBesideDaemon(withDaemon, () => workshop))
  })
}
