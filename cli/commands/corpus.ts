import { join } from 'node:path'
import { Command } from 'commander'
import { majorOf } from '../../combinators/version.js'
import { type Section, sections } from '../../grammar/sections.js'
import { serveSections } from '../../grammar/serve/sections.js'
import { dictionaryOf } from '../dictionary.js'
import { Failure } from '../failure.js'
import { seedsOf } from '../fuzz/libfuzzer.js'
import { ownOf } from '../modules/own.js'
import { showName } from '../nar/show.js'
import { countArgument, seedArgument } from '../numbers.js'
import { OutputFolder } from '../output-folder.js'
import { type ProtocolOptions, withProtocolOptions } from '../protocol-options.js'
import { targetOf } from '../sample/target.js'
import { write } from '../terminal.js'

interface Options extends ProtocolOptions {
  readonly all?: true
  readonly number: number
  readonly seed: number
}

export const corpusCommand = (): Command =>
  withProtocolOptions(new Command('corpus'))
    .summary('make a seed corpus and a dictionary for libFuzzer and AFL++')
    .description(
      'Writes a directory for libFuzzer and AFL++: corpus/ has one message per file, named by the content of the\n' +
        'file, and nix-wire.dict has the words of messages. Half of the messages are valid, others break one\n' +
        'rule, and some are acceptable: the compatible profile accepts them, but no encoder writes them.',
    )
    .argument(
      '[type-and-dir...]',
      'the type and the folder; with --all the folder alone, which gets one for each type',
    )
    .option('--all', 'every type of the protocol, of both protocols, or of a --module')
    .option('-n, --number <n>', 'number of messages of each type', countArgument, 200)
    .option('--seed <n>', 'the seed: another number gives other messages', seedArgument, 1)
    .usage('[options] <type> <dir>\n       nix-wire corpus [options] --all <dir>')
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire corpus ValidPathInfo seeds -p 1.37
  $ ./my_fuzzer -dict=seeds/nix-wire.dict seeds/corpus          # libFuzzer
  $ afl-fuzz -i seeds/corpus -x seeds/nix-wire.dict -o out -- ./my_decoder
  $ nix-wire corpus --all seeds -n 500

Exit codes: 0 done; 1 the disk is full; 2 the command line is wrong.`,
    )
    .action(run)

const run = async (words: ReadonlyArray<string>, options: Options): Promise<void> => {
  const [first = '', second] = words
  if (words.length !== (options.all === true ? 1 : 2)) {
    throw new Failure(2, 'expected TYPE and DIR, or --all and DIR; `nix-wire corpus --help` shows the usage')
  }
  if (options.all !== true) {
    await writeCorpus(first, second ?? '', options)
    return
  }
  for (const name of await namesOf(options)) {
    await writeCorpus(name, join(first, name), options)
  }
}

/** The names of all types: those of the modules if there are any, otherwise those of the package. */
const namesOf = async (options: Options): Promise<ReadonlyArray<string>> => {
  const { protocols, types } = await ownOf(options)
  return protocols.length > 0
    ? [...types.keys()]
    : spoken(options).flatMap(({ grammars }) => grammars.map(([name]) => name))
}

/** The types of the protocol that the version belongs to; of both protocols if no version is given. */
const spoken = ({ protocol }: Options): ReadonlyArray<Section> =>
  protocol === undefined
    ? [...sections, ...serveSections]
    : majorOf(protocol) === 2
      ? serveSections
      : sections

const writeCorpus = async (type: string, dir: string, options: Options): Promise<void> => {
  const target = await targetOf(type, options)
  const messages = await seedsOf(target, options.number, options.seed)
  await OutputFolder.fill(dir, async (folder) => {
    for (const [name, bytes] of messages) {
      await folder.write(`corpus/${name}`, bytes)
    }
    await folder.write('nix-wire.dict', dictionaryOf(target.grammar, target.protocol))
  })
  await write(`${showName(dir)}: ${messages.size} messages of ${type}\n`)
}
