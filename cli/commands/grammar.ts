import { Command } from 'commander'
import { allSections } from '../../grammar/inner.js'
import { colours as pc } from '../colours.js'
import { type ProtocolOptions, withProtocolOptions } from '../protocol-options.js'
import { write } from '../terminal.js'

interface Options extends ProtocolOptions {
  readonly code?: true
}

export const grammarCommand = (): Command =>
  withProtocolOptions(new Command('grammar'))
    .summary('list the types of the protocol, or print the page of one')
    .description(
      'Lists the types that the other commands take, with one line each; with TYPE, prints what its bytes are,\n' +
        'as a page of Markdown, or with --code the functions that its codec generates for one protocol.',
    )
    .argument('[type]', 'the type to print the page of')
    .option('--code', 'print the generated code instead')
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire grammar | grep -i path
  $ nix-wire grammar BuildResult
  $ nix-wire grammar BuildResult --code -p 1.37

Exit codes: 0 done; 1 the output cannot be written; 2 the command line is wrong.`,
    )
    .action((type: string | undefined, options: Options) =>
      type === undefined ? list() : page(type, options),
    )

const page = async (type: string, options: Options): Promise<void> => {
  const { generatedCode, grammarPage, legend } = await import('./grammar-page.js')
  await write(options.code ? generatedCode(type, options) : `${grammarPage(type)}${legend(type)}`)
}

const list = async (): Promise<void> => {
  const width = Math.max(...allSections.flatMap(({ grammars }) => grammars.map(([name]) => name.length)))
  for (const { title, grammars } of allSections) {
    await write(`${pc.bold(title)}\n`)
    for (const [name, { node }] of grammars) {
      await write(`  ${name.padEnd(width)}  ${pc.dim(node.summary ?? '')}\n`)
    }
  }
}
