import { Command, InvalidArgumentError, Option } from 'commander'
import { isNone } from 'fp-ts/lib/Option.js'
import { type ProtocolVersion, parseVersion } from '../../combinators/version.js'
import { exportVersions } from '../export/write.js'
import { listOptions } from '../nar/list-options.js'
import { timeoutArgument } from '../numbers.js'
import { add, cat, nar } from '../store/archives.js'
import { exportPaths } from '../store/export.js'
import { closure, ls, pathInfo, ping, valid } from '../store/paths.js'
import { readingTimeout } from '../store/session.js'

const exitCodes = `
Exit codes: 0 done; 1 the daemon answers with an error or cannot be reached, or the disk is full; 2 the command line is wrong.`

const examples = (...lines: ReadonlyArray<string>): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n${exitCodes}`

const version = (text: string): ProtocolVersion => {
  const parsed = parseVersion(text)
  if (isNone(parsed)) {
    throw new InvalidArgumentError('Expected a version such as 1.37.')
  }
  return parsed.value
}

export const storeCommand = (): Command => {
  const command = new Command('store')
    .summary('query a daemon, and add to its store')
    .description(
      'Talks to a Nix daemon, over its socket or through a program. The socket is that of\n' +
        '--socket, NIX_REMOTE (daemon, auto, unix://PATH), NIX_DAEMON_SOCKET_PATH, or the usual one.',
    )
    .addHelpText(
      'after',
      examples(
        'nix-wire store ping',
        'nix-wire store closure /nix/store/…-hello --json | jq .narSize',
        "nix-wire store path-info --command 'ssh builder nix-daemon --stdio' /nix/store/…-hello",
        'nix-wire store add --help',
      ),
    )
  for (const make of [
    pingCommand,
    infoCommand,
    lsCommand,
    catCommand,
    validCommand,
    closureCommand,
    narCommand,
    exportCommand,
    addCommand,
  ]) {
    command.addCommand(connecting(make()).exitOverride())
  }
  return command
}

/** The options that say where the daemon is. */
const connecting = (command: Command): Command =>
  command
    .option('--socket <path>', "the daemon's socket")
    .option('--command <line>', 'a program that speaks the protocol, such as `nix-daemon --stdio`')
    .option('-p, --protocol <version>', 'the newest version of the protocol to speak', version)
    .option(
      '--timeout <seconds>',
      `the longest silence of the daemon; 0: no limit (default: ${readingTimeout}, but none while it adds something)`,
      timeoutArgument,
    )
    .option(
      '-s, --store-dir <dir>',
      'store directory of the daemon (default: that of NIX_REMOTE, NIX_STORE_DIR, or /nix/store)',
    )

const pingCommand = (): Command =>
  new Command('ping')
    .summary('print the version and the features of the daemon')
    .description('Connects, and prints what the daemon says about itself.')
    .option('-j, --json', 'one JSON object')
    .addHelpText('after', examples('nix-wire store ping', 'nix-wire store ping --json | jq -r .nixVersion'))
    .action(ping)

const infoCommand = (): Command =>
  new Command('path-info')
    .summary('print the infos of paths')
    .argument('<path...>', 'store paths, or their base names')
    .option('-j, --json', 'one JSON object per line')
    .addHelpText('after', examples('nix-wire store path-info /nix/store/…-hello --json'))
    .action(pathInfo)

const lsCommand = (): Command =>
  listOptions(new Command('ls'))
    .summary('list the store, or the contents of a path')
    .description(
      'Lists the paths of the store, or every node in a path of it. Symbolic links are not followed.\n' +
        '--json prints the same as `nix store ls --json --recursive`, with the offsets of contents in the archive; without a\n' +
        'path, one JSON string per line.',
    )
    .argument('[path]', 'a store path, or a path inside one; without it, all paths are listed')
    .addHelpText(
      'after',
      examples(
        'nix-wire store ls | wc -l',
        'nix-wire store ls /nix/store/…-hello/bin',
        'nix-wire store ls --json /nix/store/…-hello | jq .entries.bin',
      ),
    )
    .action(ls)

const catCommand = (): Command =>
  new Command('cat')
    .summary('print a file of a store path')
    .description('Prints the contents of one file. Symbolic links are not followed.')
    .argument('<path>', 'a path inside a store path, or a store path that is a file')
    .addHelpText('after', examples('nix-wire store cat /nix/store/…-hello/share/man/man1/hello.1'))
    .action(cat)

const validCommand = (): Command =>
  new Command('valid')
    .summary('print which paths are valid')
    .description('Prints the paths that are valid; exit code 1 if some are not.')
    .argument('<path...>', 'store paths, or their base names')
    .option('-j, --json', 'one JSON object a line: path, valid')
    .addHelpText('after', examples('nix-wire store valid /nix/store/…-hello && echo yes'))
    .action(valid)

const closureCommand = (): Command =>
  new Command('closure')
    .summary('list the closure of paths')
    .description('Prints the paths and everything that they refer to; a path comes after those it refers to.')
    .argument('<path...>', 'store paths, or their base names')
    .option('-j, --json', 'one path info per line, as for path-info')
    .addHelpText('after', examples('nix-wire store closure /nix/store/…-hello | wc -l'))
    .action(closure)

const narCommand = (): Command =>
  new Command('nar')
    .summary('fetch the archive of a path')
    .argument('<path>', 'a store path, its base name, or a path inside one')
    .option('-o, --output <file>', 'the file to write; - for standard output', '-')
    .addHelpText(
      'after',
      examples(
        'nix-wire store nar /nix/store/…-hello -o hello.nar',
        'nix-wire store nar /nix/store/…-hello | nix-wire nar unpack - ./hello',
        'nix-wire store nar /nix/store/…-hello/bin -o bin.nar',
      ),
    )
    .action(nar)

const exportCommand = (): Command =>
  new Command('export')
    .summary('export paths with their archives')
    .description(
      'Writes store paths, with their archives and references, as one stream that another store can import:\n' +
        'version 1 with `nix-store --import`, version 2 with `nix nario import` of Determinate Nix. A path comes after\n' +
        'those it refers to. Paths that they refer to are left out unless they are given, or --closure is.',
    )
    .argument('<path...>', 'store paths, or their base names')
    .option('-c, --closure', 'with everything that they refer to')
    .addOption(new Option('-f, --format <version>', 'the version').choices(exportVersions).default('1'))
    .option('-o, --output <file>', 'the file to write; - for standard output', '-')
    .addHelpText(
      'after',
      examples(
        'nix-wire store export --closure /nix/store/…-hello | ssh host nix-store --import',
        'nix-wire store export --closure --format 2 /nix/store/…-hello -o hello.nario',
      ),
    )
    .action(exportPaths)

const addCommand = (): Command =>
  new Command('add')
    .summary('add a file or a directory to the store')
    .description('Adds a file or a directory, content-addressed by SHA-256, and prints the store path.')
    .argument('<path>', 'a file, a directory or a symbolic link')
    .option('-n, --name <name>', 'name in the store (default: that of the file)')
    .option('--flat', 'address a file by its bytes alone')
    .option('-j, --json', 'one JSON object: path')
    .addHelpText(
      'after',
      examples('nix-wire store add ./result', 'nix-wire store add --flat --name src.tar.gz a.tgz'),
    )
    .action(add)
