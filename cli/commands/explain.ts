import { Argument, Command } from 'commander'
import { issuePageName } from '../issue-link.js'
import { issueEntries, issuePages } from '../pages/issues/page.js'
import { write } from '../terminal.js'

const tags = Object.keys(issueEntries)

export const explainCommand = (): Command =>
  new Command('explain')
    .summary('explain an issue')
    .description(
      'Prints what an issue means, an example, the rule that is broken, and what to do. Without a tag it lists all.',
    )
    .addArgument(new Argument('[tag]', 'the tag of the issue, the first word of it').choices(tags))
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire explain UnexpectedEnd
  $ nix-wire explain

Exit codes: 0 done; 2 the command line is wrong.`,
    )
    .action(explain)

const explain = async (tag: keyof typeof issueEntries | undefined): Promise<void> => {
  await write(tag === undefined ? list() : pageOf(tag))
}

const list = (): string => {
  const width = tags.reduce((most, { length }) => Math.max(most, length), 0)
  return Object.entries(issueEntries)
    .map(([tag, { line }]) => `${tag.padEnd(width)}  ${line}\n`)
    .join('')
}

/** The page without its links, which lead to other files. */
const pageOf = (tag: keyof typeof issueEntries): string =>
  `${(issuePages[`issues/${issuePageName(tag)}`]?.() ?? '')
    .replace(/\n\[All issues\].*\n/, '')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trimEnd()}\n`
