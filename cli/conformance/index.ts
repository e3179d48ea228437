import { Command } from 'commander'
import { clientCommand } from './client-command.js'
import { daemonCommand } from './daemon-command.js'
import { runCommand } from './run-command.js'
import { vectorsCommand } from './vectors-command.js'

/** The commands that test other programs for conformance. */
export const conformanceCommand = (): Command => {
  const group = new Command('conformance')
    .summary('test other programs against the protocol')
    .description(
      'Test vectors for any type of the protocol or of a --module, and tests of your own program against them.',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire conformance vectors vectors
  $ nix-wire conformance run --adapter ./my-adapter

Exit codes: 0 passed; 1 failed; 2 the command line is wrong, or the program cannot be started.`,
    )
  for (const command of [vectorsCommand(), runCommand(), daemonCommand(), clientCommand()]) {
    group.addCommand(command.exitOverride())
  }
  return group
}
