import { Command } from 'commander'
import pc from 'picocolors'
import { sections } from '../../grammar/sections.js'
import { write } from '../files.js'

export const grammarCommand = (): Command =>
  new Command('grammar')
    .summary('list the types of the protocol')
    .description('Lists the types that the other commands take, with one line each.')
    .addHelpText('after', '\nExample:\n  $ nix-wire grammar | grep -i path')
    .action(list)

const list = async (): Promise<void> => {
  const width = Math.max(...sections.flatMap(({ grammars }) => grammars.map(([name]) => name.length)))
  for (const { title, grammars } of sections) {
    await write(`${pc.bold(title)}\n`)
    for (const [name, { node }] of grammars) {
      await write(`  ${name.padEnd(width)}  ${pc.dim(node.summary ?? '')}\n`)
    }
  }
}
