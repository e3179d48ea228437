import type { Command } from 'commander'

/** A command as it is called, such as `nix-wire nar pack`. */
const calledAs = (command: Command): string =>
  command.parent === null ? command.name() : `${calledAs(command.parent)} ${command.name()}`

const nextStep = (said: string, command: Command): string => {
  const help = `\`${calledAs(command)} --help\``
  if (said.startsWith('unknown option')) {
    return `${help} lists the options`
  }
  return said.startsWith('unknown command') ? `${help} lists the commands` : `${help} shows the usage`
}

/**
 * What commander says is wrong with a command line, as the command says all else: what is wrong, what may have been meant,
 * and the next step.
 */
export const usageError = (text: string, command: Command): string => {
  const said = text
    .trim()
    .replace(/^error: /, '')
    .replace(
      /\s*\(Did you mean (?:one of )?([^)]*)\?\)/,
      (_, meant: string) => ` (did you mean ${meant.replaceAll(', ', ' or ')}?)`,
    )
    .replace(/\. Expected/, ': expected')
    .replace(/\.$/, '')
  return `nix-wire: ${said}; ${nextStep(said, command)}\n`
}
