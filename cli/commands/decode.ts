import { Command } from 'commander'
import { isLeft } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../combinators/issue.js'
import type { Grammar } from '../../combinators/node.js'
import { type Codec, compile } from '../../interpreters/compile/index.js'
import { explain } from '../../interpreters/explain.js'
import { printJson, toJson } from '../../interpreters/json/index.js'
import { Failure } from '../failure.js'
import { readAll, write } from '../files.js'
import {
  grammarOfType,
  type ProtocolOptions,
  profileOf,
  protocolOf,
  withProtocolOptions,
} from '../protocol-options.js'

interface Options extends ProtocolOptions {
  readonly many?: true
}

export const decodeCommand = (): Command =>
  withProtocolOptions(new Command('decode'))
    .summary('turn bytes into JSON')
    .description(
      'Reads bytes and prints the value as JSON. TYPE is a name that `nix-wire grammar` lists, or\n' +
        'List<TYPE>, Set<TYPE>, Map<TYPE,TYPE>, Tuple<TYPE,…>.',
    )
    .argument('<type>', 'what the bytes are')
    .argument('[file]', 'where the bytes are; - for standard input', '-')
    .option('-m, --many', 'values back to back up to the end; one line of JSON each')
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire decode ValidPathInfo --protocol 1.37 reply.bin
  $ nix-wire decode 'Map<String,List<UInt64>>' < message.bin
  $ nix-wire decode StorePath --many --store-dir /gnu/store paths.bin
  $ printf '\\1\\0\\0\\0\\0\\0\\0\\0' | nix-wire decode Bool64

Exit codes: 0 done; 1 the bytes are wrong, and where is on stderr; 2 the command line is wrong.`,
    )
    .action(decode)

const decode = async (type: string, file: string, options: Options): Promise<void> => {
  const grammar = grammarOfType(type)
  const agreed = protocolOf(options)
  const codec = compile(grammar, agreed, { profile: profileOf(options) })
  const bytes = await readAll(file)
  if (options.many === true) {
    await decodeMany(grammar, codec, bytes)
    return
  }
  const value = codec.decode(bytes)
  if (isLeft(value)) {
    throw wrongBytes(value.left, bytes)
  }
  await write(`${show(grammar, codec, value.right, 2)}\n`)
}

const decodeMany = async (
  grammar: Grammar<unknown>,
  codec: Codec<unknown>,
  bytes: Uint8Array,
): Promise<void> => {
  let at = 0
  while (at < bytes.length) {
    const step = codec.decodeAt(bytes, at)
    if (isLeft(step)) {
      throw wrongBytes(step.left, bytes)
    }
    if (step.right.next === at) {
      throw new Failure(2, 'a type that takes no bytes cannot be read many times')
    }
    at = step.right.next
    await write(`${show(grammar, codec, step.right.value, 0)}\n`)
  }
}

const wrongBytes = (issue: Issue, bytes: Uint8Array): Failure =>
  new Failure(1, explain(issue, { bytes, start: 0 }))

const show = (grammar: Grammar<unknown>, codec: Codec<unknown>, value: unknown, indent: number): string => {
  const json = toJson(grammar, codec.protocol, value)
  if (isLeft(json)) {
    throw new Failure(1, explain(json.left, { bytes: new Uint8Array(0), start: 0 }))
  }
  return printJson(json.right, indent)
}
