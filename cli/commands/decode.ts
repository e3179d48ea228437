import { Command } from 'commander'
import { isLeft } from 'fp-ts/lib/Either.js'
import { limitsOf } from '../../combinators/limits.js'
import { compile } from '../../interpreters/compile/index.js'
import { mostListed } from '../all-issues.js'
import { bytesOfFile, type FormOptions, withInputForm } from '../bytes-form.js'
import { readUnpacked } from '../compression/unpacked.js'
import { Failure } from '../failure.js'
import { fitsNote } from '../fits-note.js'
import { moreAbout } from '../issue-link.js'
import { type JsonOptions, jsonOption, shower } from '../json-form.js'
import {
  grammarOfType,
  type ManyOptions,
  profileOf,
  protocolOf,
  withProtocolOptions,
} from '../protocol-options.js'
import { write } from '../terminal.js'

export const decodeCommand = (): Command =>
  withInputForm(withProtocolOptions(new Command('decode')))
    .summary('turn bytes into JSON')
    .description(
      'Reads bytes and prints the value as JSON. TYPE is a name that `nix-wire grammar` lists, or\n' +
        'List<TYPE>, Set<TYPE>, Map<TYPE,TYPE>, Tuple<TYPE,…>, Framed<TYPE>. Input that is compressed with gzip\n' +
        'is unpacked first, with zstd if Node supports it (22.15), and with brotli if the name ends in .br.',
    )
    .argument('<type>', 'the type of the bytes')
    .argument('[file]', 'the file with the bytes; - for standard input', '-')
    .option('-m, --many', 'read values one after another to the end, and print one line of JSON for each')
    .addOption(jsonOption('print'))
    .option('--all-issues', `list every issue, at most ${mostListed}, and not only the first`)
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire decode ValidPathInfo --protocol 1.37 reply.bin
  $ nix-wire decode 'Map<String,List<UInt64>>' < message.bin
  $ nix-wire decode StorePath --many --store-dir /gnu/store paths.bin
  $ nix-wire decode ImportPaths closure.export.gz
  $ nix-wire decode ValidPathInfo --all-issues broken.bin
  $ nix-wire decode ValidPathInfo --json nix reply.bin
  $ echo 0100000000000000 | nix-wire decode Bool64 --hex
  $ xxd message.bin | nix-wire decode 'Set<StorePath>' --hex

Exit codes: 0 done; 1 the bytes are invalid, stderr says where; 2 the command line is wrong.`,
    )
    .action(decode)

interface DecodeOptions extends ManyOptions, JsonOptions, FormOptions {
  readonly allIssues?: true
}

const decode = async (type: string, file: string, options: DecodeOptions): Promise<void> => {
  const grammar = await grammarOfType(type, options)
  const agreed = protocolOf(options, grammar)
  const profile = profileOf(options)
  const show = await shower(grammar, agreed, options)
  if (options.many === true) {
    if (options.allIssues === true) {
      throw new Failure(2, '--all-issues is for one message: after an issue --many cannot find the next')
    }
    const { decodeMany } = await import('../decode/many.js')
    await decodeMany(grammar, file, agreed, profile, show, options)
    return
  }
  const bytes = await readUnpacked(bytesOfFile(file, options), file, limitsOf().message, true)
  const value = compile(grammar, agreed, { profile, evaluate: bytes.length > 16384 }).decode(bytes)
  if (isLeft(value)) {
    const { allWrong, wrongBytes } = await import('../decode/wrong.js')
    const { message } =
      options.allIssues === true
        ? allWrong(grammar, agreed, profile, bytes, value.left)
        : wrongBytes(value.left, { bytes, start: 0 })
    throw new Failure(
      1,
      `${message}${await fitsNote(grammar, agreed, profile, bytes)}\n${moreAbout(value.left)}`,
    )
  }
  await write(`${show(value.right, 2)}\n`)
}
