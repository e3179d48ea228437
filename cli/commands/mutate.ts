import { createInterface } from 'node:readline'
import { Command } from 'commander'
import { Failure } from '../failure.js'
import { chunksOf } from '../files.js'
import { countArgument, seedArgument } from '../numbers.js'
import { type ProtocolOptions, withProtocolOptions } from '../protocol-options.js'
import { targetOf } from '../sample/target.js'
import { write } from '../terminal.js'

interface Options extends ProtocolOptions {
  readonly serve?: true
  readonly seed: number
  readonly most: number
}

export const mutateCommand = (): Command =>
  withProtocolOptions(new Command('mutate'))
    .summary('change an input into another one, for AFL++ and similar fuzzers')
    .description(
      'Changes a message: breaks one rule, changes bytes, or makes a new message. With --serve it does so\n' +
        'repeatedly: each line on standard input is a message in base64, and is answered with a line in base64. The mutator for AFL++\n' +
        'in examples/afl uses it.',
    )
    .argument('<type>', 'the type of the message')
    .argument('[file]', 'the file with the message; - for standard input', '-')
    .option('--serve', 'answer line after line')
    .option('--seed <n>', 'the seed: another number gives other inputs', seedArgument, 1)
    .option('--most <bytes>', 'the most bytes of the result', countArgument, 2 ** 20)
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire mutate ValidPathInfo -p 1.37 message.bin > other.bin
  $ echo AgAAAAAAAAA= | nix-wire mutate UInt64 --serve
  $ PYTHONPATH=examples/afl AFL_PYTHON_MODULE=nix_wire_mutator NIX_WIRE_TYPE=UInt64 \\
      afl-fuzz -i seeds/corpus -o out -- ./my_decoder

Exit codes: 0 done; 1 the output cannot be written; 2 the command line is wrong.`,
    )
    .action(run)

const run = async (type: string, file: string, options: Options): Promise<void> => {
  const { seed, most, serve } = options
  const { grammar, protocol, profile, values } = await targetOf(type, options)
  const [{ Format }, { Mutator }] = await Promise.all([
    import('../../fuzz/format.js'),
    import('../fuzz/mutator.js'),
  ])
  const mutator = new Mutator(new Format(grammar, protocol, profile), seed, values)
  if (serve !== true) {
    const chunks: Array<Uint8Array> = []
    for await (const chunk of chunksOf(file)) {
      chunks.push(chunk)
    }
    await write(mutator.mutate(new Uint8Array(Buffer.concat(chunks)), most))
    return
  }
  if (file !== '-') {
    throw new Failure(2, '--serve reads standard input only: leave out the file')
  }
  for await (const line of createInterface({ input: process.stdin })) {
    const made = mutator.mutate(new Uint8Array(Buffer.from(line, 'base64')), most)
    await write(`${Buffer.from(made).toString('base64')}\n`)
  }
}
