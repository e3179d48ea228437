import * as combinators from '../../combinators/index.js'

/** What of the combinators makes no grammar, or is written in other words. */
const noWords = [
  'alphabet',
  'ordVersion',
  'parseVersion',
  'versionBits',
  'versionFromBits',
  'bytesOf',
  'hexOf',
  'holds',
  'showGate',
  'showFieldPath',
  'showIssue',
  'isGrammar',
  'nodeName',
  'protocol',
  'bounds',
  'pick',
  'since',
  'before',
  'feature',
  'not',
  'allOf',
  'anyOf',
  'gatesOf',
]

/** The words that grammars are made of. */
export const grammarWords: ReadonlyArray<string> = Object.keys(combinators).filter(
  (name) => !noWords.includes(name),
)
