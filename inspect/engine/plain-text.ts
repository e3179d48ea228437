import { visible } from '../../interpreters/dissect/brief.js'

// Colours and the like, which daemons put into their messages.
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is control characters that are looked for
const escapeSequence = /\u001b\[[0-9;?]*[ -/]*[@-~]/g

/** Text of a peer without what is meant for terminals. */
export const plain = (text: string): string => visible(text.replace(escapeSequence, ''))
