import type { CommentDisplayPart } from 'typedoc'

/** Titles in the menu that are other ones than the headings of the pages. */
const titles: { readonly [path: string]: string } = { 'README.md': 'Five-minute tour' }

/** The heading of a page is its title in the menu, so that the pages need no preamble that GitHub would show. */
export const titleOf = (path: string, [first]: ReadonlyArray<CommentDisplayPart>): string | undefined =>
  titles[path] ?? /^# (.*)$/m.exec(first?.text ?? '')?.[1]

const groups: ReadonlyArray<readonly [path: RegExp, group: string]> = [
  [/^(README|docs\/combinators)\.md$|^docs\/guide\//, 'Guide'],
  [/^docs\/recipes/, 'Recipes'],
  [/^docs\/issues/, 'Issues'],
  [
    /^docs\/(protocol|handshake|logging|operations|versions-and-features|serve-protocol|corrections)\.md$/,
    'Protocol',
  ],
]

/** The part of the menu that a page, by its path in the project, belongs to; typedoc.json orders them. */
export const groupOf = (path: string): string =>
  groups.find(([pattern]) => pattern.test(path))?.[1] ?? 'Project'
