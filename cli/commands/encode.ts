import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { Command } from 'commander'
import { isLeft } from 'fp-ts/lib/Either.js'
import { type Issue, showIssue } from '../../combinators/issue.js'
import type { Grammar } from '../../combinators/node.js'
import { type Codec, compile } from '../../interpreters/compile/index.js'
import { fromJson, parseJson } from '../../interpreters/json/index.js'
import { Failure } from '../failure.js'
import { chunksOf, readAll } from '../files.js'
import {
  grammarOfType,
  type ManyOptions,
  profileOf,
  protocolOf,
  withProtocolOptions,
} from '../protocol-options.js'
import { write } from '../terminal.js'

export const encodeCommand = (): Command =>
  withProtocolOptions(new Command('encode'))
    .summary('turn JSON into bytes')
    .description(
      'Reads JSON as `nix-wire decode` prints it and writes the bytes. TYPE is a name that `nix-wire grammar`\n' +
        'lists, or List<TYPE>, Set<TYPE>, Map<TYPE,TYPE>, Tuple<TYPE,…>.',
    )
    .argument('<type>', 'what the JSON is')
    .argument('[file]', 'where the JSON is; - for standard input', '-')
    .option('-m, --many', 'one value of JSON a line; their bytes back to back')
    .addHelpText(
      'after',
      `
Examples:
  $ echo '["/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo"]' | nix-wire encode 'Set<StorePath>' | xxd
  $ nix-wire encode BuildResult --protocol 1.28 result.json > result.bin

Exit codes: 0 done; 1 the JSON is wrong, and where is on stderr; 2 the command line is wrong.`,
    )
    .action(encode)

const encode = async (type: string, file: string, options: ManyOptions): Promise<void> => {
  const grammar = await grammarOfType(type, options)
  const codec = compile(grammar, protocolOf(options, grammar), { profile: profileOf(options) })
  if (options.many !== true) {
    const text = new TextDecoder().decode(await readAll(file))
    await write(bytesOf(grammar, codec, text, ''))
    return
  }
  let line = 0
  for await (const text of createInterface({
    input: Readable.from(chunksOf(file)),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    line++
    if (text.trim() !== '') {
      await write(bytesOf(grammar, codec, text, `line ${line}: `))
    }
  }
}

const bytesOf = (
  grammar: Grammar<unknown>,
  codec: Codec<unknown>,
  text: string,
  where: string,
): Uint8Array => {
  const json = parseJson(text)
  const value = isLeft(json) ? json : fromJson(grammar, codec.protocol, json.right)
  const bytes = isLeft(value) ? value : codec.encode(value.right)
  if (isLeft(bytes)) {
    throw wrongJson(bytes.left, where)
  }
  return bytes.right
}

const wrongJson = (issue: Issue, where: string): Failure => new Failure(1, `${where}${showIssue(issue)}`)
