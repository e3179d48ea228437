import type { Command, Option } from 'commander'
import { grammarsByName } from '../grammar/inner.js'

/** A word that may come next on a command line, with a description. */
export interface Candidate {
  readonly word: string
  readonly about: string
}

const optionOf = (command: Command, word: string): Option | undefined =>
  command
    .createHelp()
    .visibleOptions(command)
    .find(({ long, short }) => word === long || word === short)

const takesValue = ({ required, optional }: Option): boolean => required || optional

/** The command that the words lead to, and its arguments without options and their values. */
const reached = (program: Command, words: ReadonlyArray<string>) => {
  let command = program
  let given = 0
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    const option = word.startsWith('-') ? optionOf(command, word) : undefined
    const next = given === 0 ? command.commands.find((each) => each.name() === word) : undefined
    if (option !== undefined) {
      at += takesValue(option) ? 1 : 0
    } else if (next !== undefined) {
      command = next
    } else if (!word.startsWith('-')) {
      given++
    }
  }
  return { command, given }
}

const types = (): ReadonlyArray<Candidate> =>
  [...grammarsByName()].map(([word, { node }]) => ({ word, about: node.summary ?? '' }))

const optionsOf = (command: Command): ReadonlyArray<Candidate> =>
  command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description }) => (long == null ? [] : [{ word: long, about: description }]))

const choices = (of: { readonly argChoices?: ReadonlyArray<string> } | undefined): ReadonlyArray<Candidate> =>
  (of?.argChoices ?? []).map((word) => ({ word, about: '' }))

const inPlace = (command: Command, given: number): ReadonlyArray<Candidate> => {
  const argument = command.registeredArguments[given]
  return [
    ...(given > 0 ? [] : command.commands.map((each) => ({ word: each.name(), about: each.summary() }))),
    ...(argument?.name() === 'type' ? types() : choices(argument)),
  ]
}

/** The completions of the last word, which may be empty. There are none for file names and free texts. */
export const candidates = (program: Command, words: ReadonlyArray<string>): ReadonlyArray<Candidate> => {
  const start = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  const { command, given } = reached(program, before)
  const option = optionOf(command, before.at(-1) ?? '')
  const all =
    option !== undefined && takesValue(option)
      ? choices(option)
      : start.startsWith('-')
        ? optionsOf(command)
        : inPlace(command, given)
  return all.filter(({ word }) => word.startsWith(start))
}

/** The script for each shell. Without candidates, the shell completes file names as usual. */
export const shellScripts = {
  bash: `_nix_wire() {
  local IFS=$'\\n'
  COMPREPLY=($(nix-wire complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f 1))
}
complete -o default -F _nix_wire nix-wire
`,
  zsh: `_nix_wire() {
  local -a found
  local line
  nix-wire complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null | while IFS=$'\\t' read -r word about; do
    found+=("$word:$about")
  done
  (( \${#found} )) && _describe nix-wire found || _files
}
compdef _nix_wire nix-wire
`,
  fish: `complete -c nix-wire -a '(nix-wire complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
} as const
