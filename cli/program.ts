import { Command, CommanderError } from 'commander'
import { ended } from './fault.js'
import { filled } from './help-text.js'
import { isTerminal, leaveWhenUnread, outputWidth, write, writeError } from './terminal.js'
import { usageError } from './usage-error.js'
import { ownVersion } from './version.js'

interface Entry {
  readonly name: string
  readonly summary: string
  /** Loads a command only when it is called, so that the others start fast. */
  readonly load: () => Promise<Command>
}

const commands: ReadonlyArray<Entry> = [
  {
    name: 'decode',
    summary: 'turn bytes into JSON',
    load: async () => (await import('./commands/decode.js')).decodeCommand(),
  },
  {
    name: 'encode',
    summary: 'turn JSON into bytes',
    load: async () => (await import('./commands/encode.js')).encodeCommand(),
  },
  {
    name: 'grammar',
    summary: 'list the types of the protocol, or print the page of one',
    load: async () => (await import('./commands/grammar.js')).grammarCommand(),
  },
  {
    name: 'nar',
    summary: 'list, read, make and check NAR files',
    load: async () => (await import('./commands/nar.js')).narCommand(),
  },
  {
    name: 'export',
    summary: 'list and convert exports of store paths',
    load: async () => (await import('./commands/export.js')).exportCommand(),
  },
  {
    name: 'dissect',
    summary: 'show what each byte of a message is',
    load: async () => (await import('./commands/dissect.js')).dissectCommand(),
  },
  {
    name: 'explain',
    summary: 'explain an issue',
    load: async () => (await import('./commands/explain.js')).explainCommand(),
  },
  {
    name: 'sample',
    summary: 'make messages, valid or with one rule broken',
    load: async () => (await import('./commands/sample.js')).sampleCommand(),
  },
  {
    name: 'fuzz',
    summary: 'find mistakes in any program that reads messages',
    load: async () => (await import('./commands/fuzz.js')).fuzzCommand(),
  },
  {
    name: 'mutate',
    summary: 'change an input into another one, for AFL++ and similar fuzzers',
    load: async () => (await import('./commands/mutate.js')).mutateCommand(),
  },
  {
    name: 'corpus',
    summary: 'make a seed corpus and a dictionary for libFuzzer and AFL++',
    load: async () => (await import('./commands/corpus.js')).corpusCommand(),
  },
  {
    name: 'conformance',
    summary: 'test other programs against the protocol: test vectors, codecs, daemons, clients',
    load: async () => (await import('./conformance/index.js')).conformanceCommand(),
  },
  {
    name: 'init',
    summary: 'start a project for your own protocol',
    load: async () => (await import('./commands/init.js')).initCommand(),
  },
  {
    name: 'session',
    summary: 'explain a recorded connection',
    load: async () => (await import('./commands/session.js')).sessionCommand(),
  },
  {
    name: 'convert',
    summary: 'turn a recorded connection into another kind of recording',
    load: async () => (await import('./commands/convert.js')).convertCommand(),
  },
  {
    name: 'inspect',
    summary: 'look at bytes and their fields in a browser',
    load: async () => {
      leaveWhenUnread()
      return (await import('./commands/inspect.js')).inspectCommand()
    },
  },
  {
    name: 'proxy',
    summary: 'record the traffic between clients and a daemon',
    load: async () => {
      leaveWhenUnread()
      return (await import('./commands/proxy.js')).proxyCommand()
    },
  },
  {
    name: 'serve',
    summary: 'serve a store of its own, like a daemon',
    load: async () => (await import('./commands/serve.js')).serveCommand(),
  },
  {
    name: 'store',
    summary: 'query a daemon, and add to its store',
    load: async () => (await import('./commands/store.js')).storeCommand(),
  },
  {
    name: 'narinfo',
    summary: 'show, verify and sign the narinfo files of a binary cache',
    load: async () => (await import('./commands/texts.js')).narinfoCommand(),
  },
  {
    name: 'drv',
    summary: 'show and print derivations (.drv files)',
    load: async () => (await import('./commands/texts.js')).drvCommand(),
  },
  {
    name: 'hash',
    summary: 'convert hashes',
    load: async () => (await import('./commands/texts.js')).hashCommand(),
  },
  {
    name: 'path',
    summary: 'compute store paths',
    load: async () => (await import('./commands/texts.js')).pathCommand(),
  },
  {
    name: 'complete',
    summary: 'print a script for shell completion',
    load: async () => (await import('./commands/complete.js')).completeCommand(),
  },
]

const output = (command: Command) => ({
  // Help on request, or the version.
  writeOut: (text: string) => void write(filled(text, outputWidth())),
  // Help after a mistake.
  writeErr: (text: string) => writeError(filled(text, outputWidth())),
  outputError: (text: string) => writeError(usageError(text, command)),
  getOutHelpWidth: outputWidth,
  ...(isTerminal() ? {} : { getOutHasColors: () => false }),
})

/** Whether a shell asks for completions, in any command. */
const asksForWords = ([first, second]: ReadonlyArray<string>): boolean =>
  first === 'complete' && second === '--'

const versionFlags: ReadonlySet<string> = new Set(['-V', '--version'])

const makeProgram = async (words: ReadonlyArray<string>): Promise<Command> => {
  const program = new Command('nix-wire')
    .description('Reads, writes and explains the bytes of the Nix daemon protocol.')
    // Otherwise an option after the name of a command would be taken for one of the program's own.
    .enablePositionalOptions()
    .version(versionFlags.has(words[0] ?? '') ? ownVersion() : '', '-V, --version', 'print the version')
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire decode ValidPathInfo --protocol 1.37 reply.bin
  $ nix-wire grammar
  $ nix-wire decode --help
  $ source <(nix-wire complete bash)

Exit codes: 0 done; 1 the data are invalid; 2 the command line is wrong.`,
    )
    .addHelpText('afterAll', 'Exit code 3: a bug in nix-wire; NIX_WIRE_DEBUG=1 shows where.')
  for (const { name, summary, load } of commands) {
    program.addCommand(words.includes(name) ? await load() : new Command(name).summary(summary))
  }
  for (const command of [program, ...program.commands]) {
    command.exitOverride()
  }
  for (const command of withSubcommands(program)) {
    command.configureOutput(output(command))
  }
  return program
}

const withSubcommands = (command: Command): ReadonlyArray<Command> => [
  command,
  ...command.commands.flatMap(withSubcommands),
]

/** Runs a command line; returns the exit code. */
export const run = async (words: ReadonlyArray<string>): Promise<number> => {
  try {
    if (asksForWords(words)) {
      const { writeCandidates } = await import('./commands/complete.js')
      await writeCandidates(await makeProgram(words.slice(2, 4)), words.slice(2))
      return 0
    }
    const program = await makeProgram(words.slice(0, 2))
    await program.parseAsync(words, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help on request is not a failure.
      return error.exitCode === 0 ? 0 : 2
    }
    return ended(error)
  }
}
