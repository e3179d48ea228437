import { Command, Option } from 'commander'
import type { ConvertOptions } from '../export/convert.js'
import type { ListExportOptions } from '../export/ls.js'
import { exportVersions } from '../export/write.js'

const exitCodes = `
Exit codes: 0 done; 1 the export is invalid (stderr says where), or the disk is full; 2 the command line is wrong.`

const examples = (...lines: ReadonlyArray<string>): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n${exitCodes}`

export const exportCommand = (): Command => {
  const command = new Command('export')
    .summary('list and convert exports of store paths')
    .description(
      'Exports of store paths: those of `nix-store --export`, and those of `nix nario export --format 2` of Determinate\n' +
        'Nix; the first bytes distinguish them. They are read as streams: a few MiB of memory are enough for any\n' +
        'size. `nix-wire store export` makes one.',
    )
    .addHelpText(
      'after',
      examples(
        'nix-store --export $(nix-store -qR /nix/store/…-hello) | nix-wire export ls',
        'nix-wire export convert --to 2 hello.export -o hello.nario',
      ),
    )
  for (const make of [lsCommand, convertCommand]) {
    command.addCommand(make().exitOverride())
  }
  return command
}

const storeDir = () =>
  new Option('-s, --store-dir <dir>', 'store directory of the paths').default('/nix/store')

const lsCommand = (): Command =>
  new Command('ls')
    .summary('list the paths of an export')
    .description(
      'Prints each path, with the size and the hash of its archive, its references and its deriver;\n' +
        'in version 2 also its signatures. Every archive is checked: its form, and in version 2 its size and its hash.',
    )
    .argument('[file]', 'the export; - for standard input', '-')
    .option('-j, --json', 'one JSON object per line')
    .addOption(storeDir())
    .addHelpText(
      'after',
      examples(
        'nix-wire export ls hello.export.gz',
        `nix-wire export ls --json < hello.nario | jq -r '.path, .narSize'`,
      ),
    )
    .action(async (file: string, options: ListExportOptions) =>
      (await import('../export/ls.js')).ls(file, options),
    )

const convertCommand = (): Command =>
  new Command('convert')
    .summary('write an export in another version')
    .description(
      'Reads an export of either version and writes one: version 1 is what `nix-store --import` reads, version 2 what\n' +
        '`nix nario import` does. Signatures are in version 2 only. The file is read twice, since version 2 has the hash\n' +
        'and the size before each archive.',
    )
    .argument('<file>', 'the export')
    .addOption(
      new Option('-t, --to <version>', 'the version to write').choices(exportVersions).makeOptionMandatory(),
    )
    .option('-o, --output <file>', 'the file to write; - for standard output', '-')
    .addOption(storeDir())
    .addHelpText(
      'after',
      examples(
        'nix-wire export convert --to 1 hello.nario | nix-store --import',
        'nix-wire export convert --to 2 hello.export -o hello.nario',
      ),
    )
    .action(async (file: string, options: ConvertOptions) =>
      (await import('../export/convert.js')).convert(file, options),
    )
