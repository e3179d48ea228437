import type { Command } from 'commander'
import { visible } from './visible.js'

/** A command as it is called, such as `nix-wire nar pack`. */
const calledAs = (command: Command): string =>
  command.parent === null ? command.name() : `${calledAs(command.parent)} ${command.name()}`

const longName = (flags: string): string => /--[a-z-]+/.exec(flags)?.[0] ?? flags

/** What an argument must be: choices, or the message of our parser. */
const wanted = (said: string): string =>
  said
    .replace(/^Allowed choices are (.*)\.$/, (_, choices: string) => choices.replace(/, (?=[^,]*$)/, ' or '))
    .replace(/^Expected (.*)\.$/, '$1')

type Wording = readonly [commander: RegExp, ours: (...parts: ReadonlyArray<string>) => string]

const wordings: ReadonlyArray<Wording> = [
  [
    /^option '([^']*)' argument '(.*)' is invalid\. (.*)$/s,
    (_, flags = '', value, said = '') =>
      `invalid argument '${value}' of ${longName(flags)}: expected ${wanted(said)}`,
  ],
  [
    /^command-argument value '(.*)' is invalid for argument '([^']*)'\. (.*)$/s,
    (_, value, name, said = '') => `invalid argument '${value}' for <${name}>: expected ${wanted(said)}`,
  ],
  [/^option '([^']*)' argument missing$/, (_, flags) => `missing argument of the option ${flags}`],
  [/^required option '([^']*)' not specified$/, (_, flags) => `missing option ${flags}`],
  [/^missing required argument '([^']*)'$/, (_, name) => `missing argument <${name}>`],
  [
    /^too many arguments for '[^']*'\. Expected (\d+) arguments? but got (\d+)\.$/,
    (_, most, given) => `too many arguments: expected ${most}, got ${given}`,
  ],
  [
    /\s*\(Did you mean (?:one of )?([^)]*)\?\)$/,
    (_, meant = '') => ` (did you mean ${meant.replaceAll(', ', ' or ')}?)`,
  ],
]

const isVersionFlag = (said: string): boolean => /^unknown option '(-V|--version)'/.test(said)

const nextStep = (said: string, command: Command): string => {
  const help = `\`${calledAs(command)} --help\``
  if (isVersionFlag(said)) {
    return command.options.some(({ long }) => long === '--protocol')
      ? '--protocol is the version of the protocol, `nix-wire --version` prints that of the program'
      : '`nix-wire --version` prints the version of the program'
  }
  if (said.startsWith('unknown option')) {
    return `${help} lists the options`
  }
  return said.startsWith('unknown command') ? `${help} lists the commands` : `${help} shows the usage`
}

/**
 * A message of commander about a wrong command line, rewritten like all other errors: what is wrong, what may have been
 * meant, and the next step.
 */
export const usageError = (text: string, command: Command): string => {
  const said = wordings.reduce(
    (before, [commander, ours]) => before.replace(commander, ours),
    text.trim().replace(/^error: /, ''),
  )
  return `nix-wire: ${visible(said)}; ${nextStep(said, command)}\n`
}
