import * as t from 'io-ts'
import { type Issue, showIssue } from '../combinators/issue.js'

/** An error of the io-ts codec of a grammar, with its issue. */
export interface GrammarError extends t.ValidationError {
  readonly issue: Issue
}

/**
 * Whether an error of io-ts is that of a grammar, and so has an issue.
 *
 * ```ts
 * import * as t from 'io-ts'
 * import { bytesOf, u64 } from 'nix-wire'
 * import { isGrammarError, toType } from 'nix-wire/validation'
 * import { either as E, readonlyArray as RA } from 'fp-ts'
 *
 * const Cup = t.type({ label: t.string, grams: toType(u64) })
 * const read = Cup.decode({ label: 7, grams: bytesOf('07') })
 * E.mapLeft((errors: t.Errors) => RA.filter(isGrammarError)(errors).map(({ issue }) => issue._tag))(read)
 * // => { _tag: 'Left', left: ['UnexpectedEnd'] }
 * ```
 */
export const isGrammarError = (error: t.ValidationError): error is GrammarError =>
  'issue' in error && typeof error.issue === 'object' && error.issue !== null && '_tag' in error.issue

/** A step of a path. Reporters read only its name. */
const step = (name: string): t.Decoder<unknown, unknown> =>
  new t.Type(name, t.unknown.is, t.success, t.identity)

/** An issue in the form of io-ts: its path continues that of the codec. */
export const issueError = (issue: Issue, value: unknown, context: t.Context): GrammarError => {
  const { path, grammar, actual } = issue
  const steps = path.map((key, i): t.ContextEntry => {
    const isLast = i === path.length - 1
    return { key: String(key), type: step(isLast ? grammar : ''), ...(isLast ? { actual } : {}) }
  })
  return { value, context: [...context, ...steps], message: showIssue(issue), issue }
}
