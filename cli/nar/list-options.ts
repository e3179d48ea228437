import { type Command, Option } from 'commander'

/** The options of a command that lists the nodes of an archive. */
export const listOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('-j, --json', 'one JSON value: the nodes inside one another').conflicts('jsonLines'),
    )
    .option('--json-lines', 'one JSON object a line: path, type, size, executable, target')
