import { isNone } from 'fp-ts/lib/Option.js'
import type * as t from 'io-ts'
import { type Grammar, nodeName } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import { nixJsonFor, nixJsonNames } from '../nix-json/for-grammar.js'
import type { NixJson } from '../nix-json/json.js'
import { issueReporter } from '../validation/issue-reporter.js'
import { Failure } from './failure.js'

/** The codec between Nix's own JSON and the values of a type. */
export const nixJsonOf = (grammar: Grammar<unknown>, agreed: Protocol): t.Type<unknown, NixJson, unknown> => {
  const found = nixJsonFor(grammar, agreed)
  if (isNone(found)) {
    throw new Failure(
      2,
      `Nix has no JSON for ${nodeName(grammar.node)}: leave out --json nix. It has for ${nixJsonNames.join(', ')}, and ` +
        'for lists, sets, tuples and maps of these, of integers, bools and texts',
    )
  }
  return found.value
}

/** The errors of a JSON text, a line for each field. */
export const linesOf = (read: t.Validation<unknown>): string => issueReporter.report(read).join('\n')
