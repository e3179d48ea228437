import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { Command } from 'commander'
import { isLeft, mapLeft } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../combinators/issue.js'
import { type Codec, compile } from '../../interpreters/compile/index.js'
import { type FormOptions, messageWriter, withOutputForm } from '../bytes-form.js'
import { Failure } from '../failure.js'
import { chunksOf, readAll } from '../files.js'
import { inLine, type JsonOptions, jsonIssue, jsonOption, type Read, reader } from '../json-form.js'
import {
  grammarOfType,
  type ManyOptions,
  profileOf,
  protocolOf,
  withProtocolOptions,
} from '../protocol-options.js'

export const encodeCommand = (): Command =>
  withOutputForm(withProtocolOptions(new Command('encode')))
    .summary('turn JSON into bytes')
    .description(
      'Reads JSON as `nix-wire decode` prints it and writes the bytes. TYPE is a name that `nix-wire grammar`\n' +
        'lists, or List<TYPE>, Set<TYPE>, Map<TYPE,TYPE>, Tuple<TYPE,…>, Framed<TYPE>.',
    )
    .argument('<type>', 'the type of the value')
    .argument('[file]', 'the file with the JSON; - for standard input', '-')
    .addOption(jsonOption('read'))
    .option('-m, --many', 'read one JSON value per line, and write their bytes one after another')
    .addHelpText(
      'after',
      `
Examples:
  $ echo '["/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo"]' | nix-wire encode 'Set<StorePath>' --hex
  $ nix-wire encode BuildResult --protocol 1.28 result.json > result.bin
  $ nix-wire encode UnkeyedValidPathInfo --json nix info.json > info.bin
  $ nix-wire sample BuildResult | nix-wire decode BuildResult  # what the JSON looks like

Exit codes: 0 done; 1 the JSON is invalid, stderr says where; 2 the command line is wrong.`,
    )
    .action(encode)

const encode = async (
  type: string,
  file: string,
  options: ManyOptions & JsonOptions & FormOptions,
): Promise<void> => {
  const grammar = await grammarOfType(type, options)
  const agreed = protocolOf(options, grammar)
  const codec = compile(grammar, agreed, { profile: profileOf(options) })
  const put = messageWriter(options)
  const read = await reader(grammar, agreed, options)
  if (options.many !== true) {
    const text = new TextDecoder().decode(await readAll(file))
    await put(bytesOf(read, codec, text))
    return
  }
  let line = 0
  for await (const text of createInterface({
    input: Readable.from(chunksOf(file)),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    line++
    if (text.trim() !== '') {
      await put(bytesOf(read, codec, text, line))
    }
  }
}

const bytesOf = (read: Read, codec: Codec<unknown>, text: string, line?: number): Uint8Array => {
  const value = read(text, line)
  const bytes = isLeft(value)
    ? value
    : mapLeft((issue: Issue) => inLine(jsonIssue(issue), line))(codec.encode(value.right))
  if (isLeft(bytes)) {
    throw new Failure(1, bytes.left)
  }
  return bytes.right
}
