import { Command, InvalidArgumentError, Option } from 'commander'
import { hashAlgorithms } from '../../types/index.js'
import { methods } from '../texts/path-methods.js'

const examples = (codes: string, ...lines: ReadonlyArray<string>): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n\nExit codes: ${codes}`

const usualCodes = '0 done; 1 the file is invalid, stderr says where; 2 the command line is wrong.'

const storeDir = ['-s, --store-dir <dir>', 'store directory (default: NIX_STORE_DIR, or /nix/store)'] as const

const json = ['-j, --json', 'print JSON'] as const

const several = (text: string, before: ReadonlyArray<string> = []): ReadonlyArray<string> => [...before, text]

const withParts = (command: Command, parts: ReadonlyArray<Command>): Command => {
  for (const part of parts) {
    command.addCommand(part.exitOverride())
  }
  return command
}

export const narinfoCommand = (): Command =>
  withParts(
    new Command('narinfo')
      .summary('show, verify and sign the narinfo files of a binary cache')
      .description('The .narinfo files of a binary cache.')
      .addHelpText(
        'after',
        examples(
          usualCodes,
          'nix-wire narinfo show c0j2xd95yiaxwalbpvja947x0ivdbxkx.narinfo',
          'curl -s https://cache.nixos.org/HASH.narinfo | nix-wire narinfo verify',
          'nix-wire narinfo sign --key-file secret.key HASH.narinfo > signed.narinfo',
        ),
      ),
    [
      new Command('show')
        .summary('show its contents')
        .description(
          'Shows the contents of a narinfo. Its JSON is that of `nix-wire decode ValidPathInfo`, and the file of the archive.',
        )
        .argument('[file]', 'the narinfo; - for standard input', '-')
        .option(...json)
        .option(...storeDir)
        .addHelpText(
          'after',
          examples(usualCodes, 'nix-wire narinfo show --json HASH.narinfo | jq .info.narSize'),
        )
        .action(async (file, options) => (await import('../texts/narinfo.js')).show(file, options)),
      new Command('verify')
        .summary('verify its signatures')
        .description(
          'Verifies the signatures of a narinfo: good, wrong, unknown (by a key that is not given), malformed.\n' +
            'A content-addressed path needs no signature.',
        )
        .argument('[file]', 'the narinfo; - for standard input', '-')
        .option(
          '-k, --key <key>',
          'a public key, NAME:BASE64; may be given again (default: that of cache.nixos.org)',
          several,
        )
        .option(...json)
        .option(...storeDir)
        .addHelpText(
          'after',
          examples(
            '0 a signature is good, or the path is content-addressed; 1 no signature is good, or the file is invalid; 2 the command\nline is wrong.',
            'nix-wire narinfo verify HASH.narinfo',
            'nix-wire narinfo verify --key example-1:PUBLIC HASH.narinfo',
          ),
        )
        .action(async (file, options) => (await import('../texts/narinfo.js')).verifyFile(file, options)),
      new Command('sign')
        .summary('add a signature')
        .description('Prints the narinfo with an added signature. The secret key is never shown.')
        .argument('[file]', 'the narinfo; - for standard input', '-')
        .requiredOption(
          '-k, --key-file <file>',
          'a file with the secret key, as `nix key generate-secret` writes it',
        )
        .option('-j, --json', 'print the signature alone, as JSON')
        .option(...storeDir)
        .addHelpText(
          'after',
          examples(usualCodes, 'nix-wire narinfo sign --key-file secret.key HASH.narinfo > signed.narinfo'),
        )
        .action(async (file, options) => (await import('../texts/narinfo.js')).signFile(file, options)),
    ],
  )

const jsonVersion = (text: string): number => {
  if (text !== '3' && text !== '4') throw new InvalidArgumentError('Expected 3 or 4.')
  return Number(text)
}

const nameOption = [
  '-n, --name <name>',
  'its name (default: from the name of the file, HASH-NAME.drv)',
] as const

export const drvCommand = (): Command =>
  withParts(
    new Command('drv')
      .summary('show and print derivations (.drv files)')
      .description(
        'The files in which Nix keeps derivations. If the name is known, a fixed output must have the path that\n' +
          'follows from its hash.',
      )
      .addHelpText(
        'after',
        examples(
          usualCodes,
          'nix-wire drv show /nix/store/…-hello-2.12.drv',
          'nix-wire drv show --json --name hello - < hello.drv | jq .outputs',
        ),
      ),
    [
      new Command('show')
        .summary('show its contents')
        .description('Shows the contents of a .drv file; with JSON in the form of `nix derivation show`.')
        .argument('[file]', 'the file; - for standard input', '-')
        .option(...nameOption)
        .option(...json)
        .addOption(
          new Option('--json-version <number>', 'version of the JSON, 3 or 4 (default: 4)').argParser(
            jsonVersion,
          ),
        )
        .option(...storeDir)
        .addHelpText(
          'after',
          examples(usualCodes, 'nix-wire drv show --json /nix/store/…-hello-2.12.drv | jq .env'),
        )
        .action(async (file, options) => (await import('../texts/drv.js')).show(file, options)),
      new Command('print')
        .summary('print it as Nix writes it')
        .description(
          'Prints a .drv file as Nix would write it, sorted; with JSON its store path and its text.',
        )
        .argument('[file]', 'the file; - for standard input', '-')
        .option(...nameOption)
        .option(...json)
        .option(...storeDir)
        .addHelpText(
          'after',
          examples(usualCodes, 'nix-wire drv print --json --name hello hello.drv | jq -r .path'),
        )
        .action(async (file, options) => (await import('../texts/drv.js')).print(file, options)),
    ],
  )

export const hashCommand = (): Command =>
  withParts(
    new Command('hash')
      .summary('convert hashes')
      .description('Hashes in the forms of Nix.')
      .addHelpText('after', examples('0 done; 2 the command line is wrong.', 'nix-wire hash convert --help')),
    [
      new Command('convert')
        .summary('print a hash in another form')
        .description(
          'Prints hashes in another form. A hash is sha256: and base16, nix32 or base64, or in SRI form; without\n' +
            'its algorithm it needs --type.',
        )
        .argument('<hash...>', 'the hashes')
        .addOption(
          new Option('--to <form>', 'the form').choices(['base16', 'nix32', 'base64', 'sri']).default('sri'),
        )
        .addOption(new Option('-t, --type <algorithm>', 'the algorithm').choices([...hashAlgorithms]))
        .option('-j, --json', 'print one JSON object per hash, with all forms')
        .addHelpText(
          'after',
          examples(
            '0 done; 2 the command line is wrong.',
            'nix-wire hash convert --to nix32 sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
            'nix-wire hash convert --type sha1 8067a60687a7562359337862c2a9ecfc5833ab0a',
          ),
        )
        .action(async (texts, options) => (await import('../texts/hash.js')).convert(texts, options)),
    ],
  )

const reference = [
  '-r, --reference <path>',
  'a store path that it refers to; may be given again',
  several,
] as const

export const pathCommand = (): Command =>
  withParts(
    new Command('path')
      .summary('compute store paths')
      .description('Store paths follow from the objects that they name.')
      .addHelpText('after', examples(usualCodes, 'nix-wire path compute --help')),
    [
      withParts(
        new Command('compute')
          .summary('compute a store path')
          .description('Computes the store path of something, without a store.')
          .addHelpText(
            'after',
            examples(
              usualCodes,
              'nix-wire path compute text letter.txt letter.txt',
              'nix-wire path compute fixed hello-2.12.tar.gz sha256-…',
              'nix-wire path compute drv hello-2.12 hello.drv',
              'nix-wire path compute placeholder out',
            ),
          ),
        [
          new Command('text')
            .summary('of a text, as builtins.toFile makes it')
            .argument('<name>', 'its name')
            .argument('[file]', 'its contents; - for standard input', '-')
            .option(...reference)
            .option(...json)
            .option(...storeDir)
            .addHelpText('after', examples(usualCodes, 'echo hello | nix-wire path compute text hello.txt'))
            .action(async (name, file, options) =>
              (await import('../texts/path.js')).text(name, file, options),
            ),
          new Command('fixed')
            .summary('of an object with a known hash, as nix-store --add-fixed makes it')
            .argument('<name>', 'its name')
            .argument('<hash>', 'its hash, with the algorithm')
            .addOption(
              new Option('-m, --method <method>', 'what is hashed')
                .choices(Object.keys(methods))
                .default('flat'),
            )
            .option(...reference)
            .option('--self', 'it refers to itself')
            .option(...json)
            .option(...storeDir)
            .addHelpText(
              'after',
              examples(usualCodes, 'nix-wire path compute fixed --method nar source sha256-…'),
            )
            .action(async (name, hash, options) =>
              (await import('../texts/path.js')).fixed(name, hash, options),
            ),
          new Command('drv')
            .summary('of a derivation')
            .argument('<name>', 'its name, without .drv')
            .argument('[file]', 'the .drv file; - for standard input', '-')
            .option(...json)
            .option(...storeDir)
            .addHelpText('after', examples(usualCodes, 'nix-wire path compute drv hello-2.12 hello.drv'))
            .action(async (name, file, options) =>
              (await import('../texts/path.js')).drv(name, file, options),
            ),
          new Command('placeholder')
            .summary("of a derivation's own output, before its path is known")
            .argument('<output>', 'such as out')
            .option(...json)
            .addHelpText('after', examples(usualCodes, 'nix-wire path compute placeholder out'))
            .action(async (output, options) =>
              (await import('../texts/path.js')).outputPlaceholder(output, options),
            ),
        ],
      ),
    ],
  )
