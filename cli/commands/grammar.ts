import { Command } from 'commander'
import { allSections } from '../../grammar/inner.js'
import { knownFeatures } from '../../grammar/known-features.js'
import type { OwnProtocol } from '../../session/own/own-protocol.js'
import { colours as pc } from '../colours.js'
import { Failure } from '../failure.js'
import { ownOf } from '../modules/own.js'
import { grammarAmong, type ProtocolOptions, protocolOf, withProtocolOptions } from '../protocol-options.js'
import { write } from '../terminal.js'
import { visible } from '../visible.js'

interface Options extends ProtocolOptions {
  readonly code?: true
  readonly ksy?: true
  readonly all?: true
  readonly out?: string
  readonly wireshark?: true
  readonly features?: true
  readonly deep?: true
}

export const grammarCommand = (): Command =>
  withProtocolOptions(new Command('grammar'))
    .summary('list the types of the protocol, or print the page of one')
    .description(
      'Lists the types that the other commands take, with one line each; with TYPE, prints what its bytes are,\n' +
        'as a page of Markdown. With -p or -f the page has only what that version and these features have. With --code it\n' +
        'prints the functions that its codec generates for one protocol. With a --module, the list ends with the types\n' +
        'that it adds, its conversation and operations, and the options that apply to them.\n\n' +
        'With --ksy it prints the type for Kaitai Struct, whose compiler makes decoders in many languages. Without -p or\n' +
        '-f it has the version and the features as parameters; with one of them both are fixed. --all writes a file for\n' +
        'each type, which import each other, and one file with all types.',
    )
    .argument('[type]', 'the type, or the conversation of a --module, whose page to print')
    .option('--deep', 'print the pages of the types that it refers to as well')
    .option('--code', 'print the generated code instead')
    .option('--ksy', 'print a type of Kaitai Struct instead, for its compiler 0.11')
    .option('--all', 'with --ksy: every type of both protocols, or of a --module')
    .option('-o, --out <dir>', 'with --all: the folder for the files, which is made')
    .option('--features', 'list the features that -f takes')
    .option('--wireshark', 'print a dissector for Wireshark, of all messages')
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire grammar | grep -i path
  $ nix-wire grammar BuildResult
  $ nix-wire grammar ValidPathInfo -p 1.37 --deep
  $ nix-wire grammar --features
  $ nix-wire grammar BuildResult --code -p 1.37
  $ nix-wire grammar --module ./kitchen.js
  $ nix-wire grammar kitchen --module ./kitchen.js
  $ nix-wire grammar ValidPathInfo --ksy -p 1.37 > valid_path_info.ksy
  $ nix-wire grammar --all --ksy -o ksy
  $ nix-wire grammar --wireshark > nix.lua

Exit codes: 0 done; 1 the output cannot be written; 2 the command line is wrong.`,
    )
    .action(run)

const run = async (type: string | undefined, options: Options): Promise<void> => {
  if (options.wireshark === true) {
    await dissector(type, options)
    return
  }
  if (options.features === true) {
    await listFeatures(type, options)
    return
  }
  if (options.ksy === true) {
    await kaitai(type, options)
    return
  }
  if (options.all === true || options.out !== undefined) {
    throw new Failure(2, `${options.all === true ? '--all' : '--out'} is for --ksy`)
  }
  await (type === undefined ? list(options) : page(type, options))
}

const listFeatures = async (type: string | undefined, options: Options): Promise<void> => {
  if (type !== undefined || options.module.length > 0) {
    throw new Failure(
      2,
      '--features lists those of Nix: the page of a type names what the type depends on, and --module alone lists those of the module',
    )
  }
  await write(knownFeatures.map((name) => `${visible(name)}\n`).join(''))
}

const kaitai = async (type: string | undefined, options: Options): Promise<void> => {
  const { writeKaitai } = await import('../kaitai.js')
  await writeKaitai(type, options)
}

const dissector = async (type: string | undefined, options: Options): Promise<void> => {
  const others = [
    ...(type === undefined ? [] : ['TYPE']),
    ...(['code', 'ksy', 'all', 'out'] as const)
      .filter((key) => options[key] !== undefined)
      .map((key) => `--${key}`),
  ]
  if (others.length > 0) {
    throw new Failure(2, `--wireshark prints all messages: leave out ${others.join(', ')}`)
  }
  const { dissectorOf } = await import('../dissector.js')
  await write(dissectorOf(await ownOf(options)))
}

const page = async (type: string, options: Options): Promise<void> => {
  const { generatedCode, grammarPage, legend } = await import('./grammar-page.js')
  const own = await ownOf(options)
  if (own.conversation?.name === type && !own.types.has(type) && options.code !== true) {
    const { conversationPage } = await import('../modules/conversation-page.js')
    await write(conversationPage(own.conversation))
    return
  }
  const isOfOne = options.protocol !== undefined || options.feature.length > 0
  const text = options.code
    ? generatedCode(type, options, own)
    : grammarPage(type, own, {
        ...(isOfOne ? { protocol: protocolOf(options, grammarAmong(type, own)) } : {}),
        deep: options.deep === true,
      })
  await write(options.code ? text : `${text}${legend(text)}`)
}

const list = async (options: Options): Promise<void> => {
  const { protocols } = await ownOf(options)
  const own = protocols.map((each) => ({ title: each.of, grammars: [...each.types], about: each }))
  const all = [...allSections().map((section) => ({ ...section, about: null })), ...own]
  const width = all.reduce(
    (widest, { grammars }) => grammars.reduce((most, [name]) => Math.max(most, name.length), widest),
    0,
  )
  for (const { title, grammars, about } of all) {
    await write(`${pc.bold(title)}\n`)
    for (const [name, { node }] of grammars) {
      await write(`  ${name.padEnd(width)}  ${pc.dim(visible(node.summary ?? ''))}\n`)
    }
    for (const line of about === null ? [] : await aboutOwn(about)) {
      await write(`  ${visible(line)}\n`)
    }
  }
}

const aboutOwn = async (own: OwnProtocol): Promise<ReadonlyArray<string>> =>
  (await import('../modules/listed.js')).aboutOwn(own)
