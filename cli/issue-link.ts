import type { Issue, IssueTag } from '../combinators/issue.js'
import { pageAddress } from './own-package.js'

/** The name of a tag's page: `UnexpectedEnd` has `unexpected-end.md`. */
export const issuePageName = (tag: IssueTag): string =>
  `${tag.replace(/(?<=[a-z\d])[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}.md`

/** The line that leads to the page about an issue: the command that prints it, and its address. */
export const moreAbout = ({ _tag }: Pick<Issue, '_tag'>): string =>
  `More: nix-wire explain ${_tag}, or ${pageAddress(`issues/${issuePageName(_tag)}`)}`
