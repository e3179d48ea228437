import { clip, unquoted } from '../../combinators/show.js'

const mostCharacters = 2000

/** A text of others as one line that does no harm: cut where it is long, with escapes for what cannot be seen. */
export const shown = (text: string): string => unquoted(clip(text, mostCharacters))
