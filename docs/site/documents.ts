import type { CommentDisplayPart } from 'typedoc'

/** Titles in the menu that differ from the headings of the pages. */
const titles: { readonly [path: string]: string } = { 'README.md': 'Five-minute tour' }

/**
 * The title of a page in the menu is its heading, so that pages need no front matter, which GitHub would show.
 */
export const titleOf = (path: string, [first]: ReadonlyArray<CommentDisplayPart>): string | undefined =>
  titles[path] ?? /^# (.*)$/m.exec(first?.text ?? '')?.[1]

const groups: ReadonlyArray<readonly [path: RegExp, group: string]> = [
  [/^(README|docs\/(conversation-)?combinators)\.md$|^docs\/guide\//, 'Guide'],
  [/^docs\/recipes/, 'Recipes'],
  [/^examples\//, 'Examples'],
  [/^docs\/issues/, 'Issues'],
  [
    /^docs\/(protocol|handshake|logging|operations|versions-and-features|serve-protocol|corrections)\.md$/,
    'Protocol',
  ],
]

/** The group of the menu for a page, by its path in the project; typedoc.json orders the groups. */
export const groupOf = (path: string): string =>
  groups.find(([pattern]) => pattern.test(path))?.[1] ?? 'Project'
