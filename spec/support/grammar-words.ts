import * as combinators from '../../combinators/index.js'

/** Exports of the combinators that make no grammar, or are variants of others. */
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

/** The combinators that make grammars. */
export const grammarWords: ReadonlyArray<string> = Object.keys(combinators).filter(
  (name) => !noWords.includes(name),
)
