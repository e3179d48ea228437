import { Command, Option } from 'commander'
import type { HashOptions } from '../nar/hash.js'
import { hashTypes } from '../nar/hash-types.js'
import { listOptions } from '../nar/list-options.js'
import type { ListOptions } from '../nar/ls.js'
import type { VerifyOptions } from '../nar/verify.js'

const fileArgument = ['[file]', 'the archive; - for standard input', '-'] as const
const pathInside =
  'A path that begins with a quotation mark is a JSON string, as `nar ls` prints it: "./a\\udcff"\nfor the bytes 61 ff.'

const exitCodes = `
Exit codes: 0 done; 1 the archive is invalid (stderr says where), or the disk is full; 2 the command line is wrong.`

const examples = (...lines: ReadonlyArray<string>): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n${exitCodes}`

export const narCommand = (): Command => {
  const command = new Command('nar')
    .summary('list, read, make, unpack and check archives (NAR)')
    .description(
      'Nix archives. They are read as streams: a few MiB of memory are enough for any size. Those compressed with\n' +
        'gzip are unpacked, with zstd too where Node can (22.15), and with brotli if the name ends in .br.',
    )
    .addHelpText(
      'after',
      examples(
        'nix-wire nar ls result.nar',
        'nix-wire nar pack ./result | nix-wire nar hash',
        'xz -dc file.nar.xz | nix-wire nar unpack - ./result',
        'nix-wire nar verify --help',
      ),
    )
  for (const make of [lsCommand, catCommand, packCommand, unpackCommand, verifyCommand, hashCommand]) {
    command.addCommand(make().exitOverride())
  }
  return command
}

const lsCommand = (): Command =>
  listOptions(
    new Command('ls')
      .summary('list what is in an archive')
      .description(
        'Lists every node of an archive, or of a part of it: mode, size in bytes, path. A name with bytes that\n' +
          'are unsafe on a terminal is quoted as a JSON string. --json prints the same as `nix nar ls --json --recursive`, and\n' +
          '--listing the file HASH.ls that a binary cache has beside a narinfo.\n\n' +
          `Symbolic links are not followed. ${pathInside}`,
      )
      .argument(...fileArgument)
      .argument('[path]', 'a path in the archive', '.'),
  )
    .addOption(
      new Option('--listing', 'the listing of the archive in a file: version 1').conflicts([
        'json',
        'jsonLines',
      ]),
    )
    .addHelpText(
      'after',
      examples(
        'nix-wire nar ls result.nar',
        'nix-wire nar ls result.nar.gz bin',
        'nix-wire nar ls --json result.nar | jq .entries.bin',
        `nix-wire nar ls --json-lines < result.nar | jq -r 'select(.executable).path'`,
        'nix-wire nar ls --listing result.nar > 7pxzl….ls',
      ),
    )
    .action(async (file: string, path: string, options: ListOptions) =>
      (await import('../nar/ls.js')).ls(file, path, options),
    )

const catCommand = (): Command =>
  new Command('cat')
    .summary('print one file of an archive')
    .description(
      'Prints the contents of one file and reads no further: what comes after it is not checked. Symbolic links\n' +
        `are not followed. ${pathInside}`,
    )
    .argument('<file>', 'the archive; - for standard input')
    .argument('[path]', 'the path in the archive; . if the archive is a single file', '.')
    .addHelpText(
      'after',
      examples('nix-wire nar cat result.nar bin/hello | file -', 'nix-wire nar cat - . < text.nar'),
    )
    .action(async (file: string, path: string) => (await import('../nar/cat.js')).cat(file, path))

const packCommand = (): Command =>
  new Command('pack')
    .summary('make an archive of a file or a directory')
    .description(
      'Writes the archive of a file or a directory to standard output, like `nix-store --dump`. Symbolic links\n' +
        'are kept as they are.',
    )
    .argument(
      '<path>',
      'a file, a directory or a symbolic link; - for a file with the bytes of standard input',
    )
    .addHelpText(
      'after',
      examples('nix-wire nar pack ./result > result.nar', 'echo hello | nix-wire nar pack - | xxd'),
    )
    .action(async (path: string) => (await import('../nar/pack.js')).pack(path))

const unpackCommand = (): Command =>
  new Command('unpack')
    .summary('make the files of an archive')
    .description(
      'Unpacks an archive at a path that must not exist yet. The path appears only when all of the\n' +
        'archive is unpacked; no archive can write anywhere else.',
    )
    .argument('<file>', 'the archive; - for standard input')
    .argument('<target>', 'the path to make')
    .addHelpText(
      'after',
      examples(
        'nix-wire nar unpack result.nar ./result',
        'nix-store --dump ./a | nix-wire nar unpack - ./copy-of-a',
      ),
    )
    .action(async (file: string, target: string) => (await import('../nar/unpack.js')).unpack(file, target))

const verifyCommand = (): Command =>
  new Command('verify')
    .summary('check every byte of an archive')
    .description(
      'Checks an archive against the rules of Nix 2.35, and shows the first byte that breaks a rule, and which rule. A listing is one\n' +
        'of a binary cache (HASH.ls), or the output of `nar ls --json`.',
    )
    .argument(...fileArgument)
    .option('-l, --listing <file>', 'a listing that must be that of the archive')
    .addHelpText(
      'after',
      examples(
        'nix-wire nar verify result.nar',
        'xz -dc file.nar.xz | nix-wire nar verify',
        'nix-wire nar verify --listing 7pxzl….ls result.nar',
      ),
    )
    .action(async (file: string, options: VerifyOptions) =>
      (await import('../nar/verify.js')).verify(file, options),
    )

const hashCommand = (): Command =>
  new Command('hash')
    .summary('hash an archive, or the archive of a path')
    .description(
      'Hashes an archive, which must be valid; a directory is packed first. By default the hash is printed as\n' +
        '`sha256:` and nix32; with the option of a form, only the digest is printed, as by `nix-hash`.',
    )
    .argument(...fileArgument)
    .addOption(new Option('-t, --type <type>', 'the algorithm').choices(hashTypes).default('sha256'))
    .addOption(new Option('--base16', 'hex digits').conflicts(['base32', 'base64', 'sri']))
    .addOption(new Option('--base32', 'nix32').conflicts(['base64', 'sri']))
    .addOption(new Option('--base64', 'base64').conflicts('sri'))
    .option('--sri', 'as in `sha256-…`, base64')
    .option('-p, --path', 'pack the path, even if it is a file')
    .addHelpText(
      'after',
      examples(
        'nix-wire nar hash result.nar',
        'nix-wire nar hash --base16 ./result      # nix-hash --type sha256 ./result',
        'nix-wire nar hash --sri --path ./flake.nix',
      ),
    )
    .action(async (file: string, options: HashOptions) =>
      (await import('../nar/hash.js')).hash(file, options),
    )
