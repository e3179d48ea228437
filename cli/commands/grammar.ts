import { Command } from 'commander'
import { sections } from '../../grammar/sections.js'
import { colours as pc } from '../colours.js'
import { write } from '../files.js'

export const grammarCommand = (): Command =>
  new Command('grammar')
    .summary('list the types of the protocol, or print the page of one')
    .description(
      'Lists the types that the other commands take, with one line each; with TYPE, prints what its bytes are,\n' +
        'as a page of Markdown.',
    )
    .argument('[type]', 'the type to print the page of')
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire grammar | grep -i path
  $ nix-wire grammar BuildResult`,
    )
    .action((type: string | undefined) => (type === undefined ? list() : page(type)))

const page = async (type: string): Promise<void> => {
  const { grammarPage } = await import('./grammar-page.js')
  await write(grammarPage(type))
}

const list = async (): Promise<void> => {
  const width = Math.max(...sections.flatMap(({ grammars }) => grammars.map(([name]) => name.length)))
  for (const { title, grammars } of sections) {
    await write(`${pc.bold(title)}\n`)
    for (const [name, { node }] of grammars) {
      await write(`  ${name.padEnd(width)}  ${pc.dim(node.summary ?? '')}\n`)
    }
  }
}
