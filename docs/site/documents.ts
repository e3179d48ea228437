import type { CommentDisplayPart } from 'typedoc'

/** The heading of a page is its title in the menu, so that the pages need no preamble that GitHub would show. */
export const titleOf = ([first]: ReadonlyArray<CommentDisplayPart>): string | undefined =>
  /^# (.*)$/m.exec(first?.text ?? '')?.[1]

const protocol = /^docs\/(protocol|handshake|logging|operations|versions-and-features|corrections)\.md$/

/** The part of the menu that a page, by its path in the project, belongs to; typedoc.json orders them. */
export const groupOf = (path: string): string =>
  path.startsWith('docs/guide/') ? 'Guide' : protocol.test(path) ? 'Protocol' : 'Project'
