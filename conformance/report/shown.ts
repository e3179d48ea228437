import { clip, unquoted } from '../../combinators/show.js'

const mostCharacters = 2000

/** Untrusted text on one line: cut if it is long, with escapes for invisible characters. */
export const shown = (text: string): string => unquoted(clip(text, mostCharacters))
