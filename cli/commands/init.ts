import { readdirSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { Command } from 'commander'
import { treePathOf } from '../../stream/nar/tree-path.js'
import { Failure } from '../failure.js'
import { cannotRead } from '../files.js'
import { projectFiles } from '../init/templates.js'
import { showName } from '../nar/show.js'
import { OutputFolder } from '../output-folder.js'
import { write } from '../terminal.js'
import { ownVersion } from '../version.js'

export const initCommand = (): Command =>
  new Command('init')
    .summary('start a project for your own protocol')
    .description(
      'Writes a small project: a grammar and a conversation, their laws as tests for mocha, a decoder to fuzz, and a\n' +
        'README. It passes `npm test` as it is. The decoder is JavaScript; the others are too, unless --typescript is given.',
    )
    .argument('<dir>', 'the folder to make; an existing one must be empty')
    .option('--typescript', 'write the grammar and the tests in TypeScript')
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire init kitchen
  $ cd kitchen && npm install && npm test && npm run fuzz
  $ nix-wire init kitchen --typescript
  $ npx nix-wire decode Order --module ./protocol.js message.bin

Exit codes: 0 done; 1 the disk is full; 2 the command line is wrong, or the folder is not empty.`,
    )
    .action(run)

const run = async (dir: string, { typescript }: { readonly typescript?: true }): Promise<void> => {
  expectEmpty(dir)
  const files = projectFiles(packageName(dir), ownVersion(), typescript === true ? 'ts' : 'js')
  await OutputFolder.fill(dir, async (folder) => {
    for (const [file, text] of files) {
      await folder.write(file, text)
    }
  })
  await write(
    `${showName(dir)}: ${files.map(([file]) => file).join(', ')}\n` +
      'Next: npm install, npm test, npm run fuzz\n',
  )
}

const expectEmpty = (dir: string): void => {
  let there: ReadonlyArray<string>
  try {
    there = readdirSync(treePathOf(dir))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return
    }
    throw cannotRead(dir, error)
  }
  if (there.length > 0) {
    throw new Failure(2, `${showName(dir)} is not empty; a new project needs an empty folder`)
  }
}

/** The folder's name, changed as little as npm requires. */
const packageName = (dir: string): string =>
  basename(resolve(dir))
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 200) || 'my-protocol'
