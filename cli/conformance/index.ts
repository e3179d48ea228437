import { Command } from 'commander'
import { clientCommand } from './client-command.js'
import { daemonCommand } from './daemon-command.js'
import { runCommand } from './run-command.js'
import { vectorsCommand } from './vectors-command.js'

/** The commands that hold programs of others to the protocol. */
export const conformanceCommand = (): Command => {
  const group = new Command('conformance')
    .summary('hold programs of others to the protocol')
    .description(
      'Test vectors for any type of the protocol or of a --module, and runs that hold a program of yours to them.',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire conformance vectors vectors
  $ nix-wire conformance run --adapter ./my-adapter

Exit codes: 0 all is as it should be; 1 it is not; 2 the command line is wrong, or the program cannot be started.`,
    )
  for (const command of [vectorsCommand(), runCommand(), daemonCommand(), clientCommand()]) {
    group.addCommand(command.exitOverride())
  }
  return group
}
