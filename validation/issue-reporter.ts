import { isRight } from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import type { Reporter } from 'io-ts/lib/Reporter.js'
import { longestStep, showFieldPath } from '../combinators/issue.js'
import { clip, show, unquoted } from '../combinators/show.js'
import { isGrammarError } from './issue-context.js'

/** The keys of a context, without that of the codec itself. */
const pathOf = (context: t.Context): string =>
  showFieldPath(context.slice(1).map(({ key }) => (/^(0|[1-9][0-9]{0,8})$/.test(key) ? Number(key) : key)))

const lineOf = (error: t.ValidationError): string => {
  const { context, message, value } = error
  if (isGrammarError(error) && message !== undefined && context.length > 0) {
    return unquoted(clip(message))
  }
  const expected = clip(context.at(-1)?.type.name ?? 'another value', longestStep)
  return `${pathOf(context)}: ${unquoted(clip(message ?? `expected ${expected}, got ${show(value)}`))}`
}

/**
 * An io-ts reporter to use instead of `PathReporter`: a line for each error. It works with bigints, and escapes
 * control characters of the data.
 *
 * ```ts
 * import * as t from 'io-ts'
 * import { StorePath } from 'nix-wire/types'
 * import { issueReporter } from 'nix-wire/validation'
 *
 * const Request = t.type({ path: StorePath, sizes: t.array(t.bigint) })
 * issueReporter.report(Request.decode({ path: '/etc/passwd', sizes: [7n, 'x'] }))
 * // => [
 * //   'path: expected a path in /nix/store at position 1, got "etc/passwd"',
 * //   'sizes[1]: expected bigint, got "x"',
 * // ]
 * ```
 *
 * It has no line for a value without an error.
 */
export const issueReporter: Reporter<Array<string>> = {
  report: (validation) => (isRight(validation) ? [] : validation.left.map(lineOf)),
}
