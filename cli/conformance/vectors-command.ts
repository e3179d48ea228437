import { Command } from 'commander'
import { withModuleOption } from '../modules/own.js'
import { countArgument } from '../numbers.js'
import type { VectorsOptions } from './vectors.js'

export const vectorsCommand = (): Command =>
  withModuleOption(new Command('vectors'))
    .summary('write test vectors for decoders and encoders in any language')
    .description(
      'Writes a folder for each type, with vectors.json: messages, whether each is valid, acceptable or invalid, what it\n' +
        'means, and its invalid byte. Beside it, for each protocol that makes a difference, the valid messages one after\n' +
        'another (NAME-1.16.bin) and their values (NAME-1.16.json), like the test files of Nix. Every run writes the same files.',
    )
    .argument('<dir>', 'the folder for the folders of types')
    .argument('[types...]', 'only these types, such as ValidPathInfo or List<String>')
    .option(
      '-n, --number <n>',
      'the most valid messages, and the most invalid ones, for each type and protocol',
      countArgument,
    )
    .option('--files', 'also write each message as a file, in valid/, acceptable/ and invalid/')
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire conformance vectors vectors
  $ nix-wire conformance vectors vectors ValidPathInfo 'List<String>' --files
  $ nix-wire conformance vectors vectors --module examples/kitchen/kitchen.js

Exit codes: 0 done; 1 the disk is full; 2 the command line is wrong.`,
    )
    .action(async (dir: string, types: ReadonlyArray<string>, options: VectorsOptions) => {
      const { runVectors } = await import('./vectors.js')
      await runVectors(dir, types, options)
    })
