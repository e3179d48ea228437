import { isRight } from 'fp-ts/lib/Either.js'
import { versionsOf } from '../combinators/deciding.js'
import type { Profile } from '../combinators/limits.js'
import type { AnyGrammar, Grammar } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import { ordVersion } from '../combinators/version.js'
import { grammarsByName } from '../grammar/inner.js'
import { oldestVersion } from '../grammar/negotiation.js'
import { toValidator } from '../interpreters/dissect/index.js'

/** Longer messages are not tried again. */
const longest = 2 ** 20

const mostNames = 5

/** Types that fit nearly any bytes, so that fitting them means nothing. */
const fitsAnything = ({ node }: AnyGrammar): boolean =>
  isRight(read({ node }, {}, 'compatible', new Uint8Array(16)))

const read = (grammar: AnyGrammar, protocol: Partial<Protocol>, profile: Profile, bytes: Uint8Array) =>
  // Compiling a type takes longer than one read.
  toValidator(grammar as Grammar<unknown>, protocol, { profile, issues: 1 })(bytes)

/**
 * A line that says what the bytes fit instead of the given type: the same type in other versions, or other types in the
 * same protocol. Null if nothing is known.
 */
export const fitsLine = (
  grammar: AnyGrammar,
  agreed: Protocol,
  profile: Profile,
  bytes: Uint8Array,
): string | null => {
  if (bytes.length === 0 || bytes.length > longest) {
    return null
  }
  const fits = (each: AnyGrammar, protocol: Protocol): boolean => {
    try {
      return isRight(read(each, protocol, profile, bytes))
    } catch {
      // The type does not belong to this protocol.
      return false
    }
  }
  const versions = [...new Set([oldestVersion, ...versionsOf(grammar.node)])]
    .sort(ordVersion.compare)
    .filter((version) => fits(grammar, { ...agreed, version }))
  if (versions.length > 0) {
    return `The bytes fit this type under another version: -p ${versions.join(', or -p ')}.`
  }
  const names = [...grammarsByName()].flatMap(([name, each]) =>
    each !== grammar && fits(each, agreed) && !fitsAnything(each) ? [name] : [],
  )
  const others = names.length > mostNames ? [`${names.length - mostNames} others`] : []
  return names.length === 0
    ? null
    : `Under this protocol the bytes fit ${[...names.slice(0, mostNames), ...others].join(', or ')}.`
}
