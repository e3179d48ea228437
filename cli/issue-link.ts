import type { Issue, IssueTag } from '../combinators/issue.js'
import { ownPackage } from './own-package.js'

/** The name of a tag's page: `UnexpectedEnd` has `unexpected-end.md`. */
export const issuePageName = (tag: IssueTag): string =>
  `${tag.replace(/(?<=[a-z\d])[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}.md`

/** The line with the address of the page about an issue, at the project's home in package.json. */
export const moreAbout = ({ _tag }: Pick<Issue, '_tag'>): string =>
  `More: ${ownPackage().homepage.replace(/#.*$/, '')}/blob/main/docs/issues/${issuePageName(_tag)}`
