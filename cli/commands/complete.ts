import { Argument, Command } from 'commander'
import { candidates, shellScripts } from '../completion.js'
import { Failure } from '../failure.js'
import { write } from '../terminal.js'

export const completeCommand = (): Command =>
  new Command('complete')
    .summary('print a script for shell completion')
    .description('Prints a script with which a shell completes the commands, options and types of nix-wire.')
    .usage('<bash|zsh|fish>')
    .addArgument(new Argument('[shell]', 'the shell').choices(Object.keys(shellScripts)))
    .allowExcessArguments()
    .addHelpText(
      'after',
      `
Examples:
  $ source <(nix-wire complete bash)   # in ~/.bashrc
  $ source <(nix-wire complete zsh)    # in ~/.zshrc, after compinit
  $ nix-wire complete fish | source    # in ~/.config/fish/config.fish

The scripts ask \`nix-wire complete -- WORDS…\`, which prints the completions of the last word, one per line.

Exit codes: 0 done; 2 the command line is wrong.`,
    )
    .action(complete)

const complete = async (shell: keyof typeof shellScripts | undefined): Promise<void> => {
  if (shell === undefined) {
    throw new Failure(2, `for which shell? ${Object.keys(shellScripts).join(', ')}`)
  }
  await write(shellScripts[shell])
}

/** Writes the completions of the last word of a command line, a line each with a description. */
export const writeCandidates = async (program: Command, words: ReadonlyArray<string>): Promise<void> => {
  await write(
    candidates(program, words)
      .map(({ word, about }) => `${word}\t${about.replaceAll('\n', ' ')}\n`)
      .join(''),
  )
}
