import { createRequire } from 'node:module'
import type { Issue, IssueTag } from '../combinators/issue.js'

/** The name of a tag's page: `UnexpectedEnd` has `unexpected-end.md`. */
export const issuePageName = (tag: IssueTag): string =>
  `${tag.replace(/(?<=[a-z\d])[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}.md`

/** The line that leads to the page about an issue, where package.json says that the project is. */
export const moreAbout = ({ _tag }: Pick<Issue, '_tag'>): string => {
  const { homepage } = createRequire(import.meta.url)('nix-wire/package.json') as {
    readonly homepage: string
  }
  return `More: ${homepage.replace(/#.*$/, '')}/blob/main/docs/issues/${issuePageName(_tag)}`
}
