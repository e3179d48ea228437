import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { expectBytes } from '../../bytes/byte-array.js'
import { expectGrammar } from '../../combinators/expect.js'
import type { Issue } from '../../combinators/issue.js'
import { type Limits, limitsOf, type Profile } from '../../combinators/limits.js'
import { type Grammar, nameInIssues } from '../../combinators/node.js'
import { checkOptions, number, type OptionChecks, usual } from '../../combinators/options.js'
import type { Protocol } from '../../combinators/protocol.js'
import { protocolFor } from '../../combinators/protocol-for.js'
import { resolved } from '../../combinators/resolved.js'
import * as words from '../../combinators/words.js'
import { Found, mostOf } from './found.js'
import { Reader } from './reader.js'
import { Refusal, Source } from './source.js'
import { brokenPart, type Dissection } from './tree.js'

export { dissectionJson } from './json.js'
export { type RenderOptions, renderDissection } from './render.js'
export { TolerantReading } from './tolerant.js'
export type { Dissection, Part, Role } from './tree.js'

export interface DissectOptions {
  readonly profile?: Profile
  readonly limits?: Partial<Limits>
  /** How many issues are listed at most: 100. The others are counted. */
  readonly issues?: number
}

const checks: OptionChecks<DissectOptions> = {
  profile: usual.profile,
  limits: usual.limits,
  issues: number,
}

/**
 * Takes a message apart: every range of bytes with its path, its grammar and its value. The result is that of the
 * codec. An issue whose extent is known does not end it: the part keeps the issue, and the value as it came. Where the
 * place is lost the tree goes as far as it was read.
 *
 * ```ts
 * import { bytesOf, struct, u64, utf8 } from 'nix-wire'
 * import { dissect } from 'nix-wire/interpreters'
 *
 * const Person = struct('Person', { name: utf8, age: u64 })
 * const { tree } = dissect(Person, {}, bytesOf('0300000000000000 416461 0000000000 2400000000000000'))
 * tree?.parts.map(({ start, end, path, value }) => [start, end, path, value])
 * // => [[0, 16, ['name'], 'Ada'], [16, 24, ['age'], 36n]]
 * ```
 *
 * It reads slowly and keeps everything: a tool for looking, not for decoding.
 *
 * @throws TypeError for a grammar that asks for more than is given; RangeError or TypeError for a protocol, a limit or a
 * grammar that cannot work.
 */
export const dissect = <A>(
  grammar: Grammar<A>,
  given: Partial<Protocol>,
  bytes: Uint8Array,
  options: DissectOptions = {},
): Dissection<A> => {
  expectGrammar('what dissect reads by', grammar)
  const agreed = protocolFor('dissect', grammar.node, given)
  expectBytes('what is dissected', bytes)
  checkOptions('dissect', checks, options)
  const limits = limitsOf(options.limits)
  const source = new Source(bytes, false, (pos) => pos, limits.message)
  const found = new Found(mostOf(options.issues))
  const { node } = resolved(grammar, agreed)
  const reader = new Reader(
    {
      protocol: agreed,
      canonical: options.profile === 'canonical',
      limits,
      tree: true,
    },
    found,
  )
  try {
    reader.begin(node, source)
    reader.advance()
    if (source.left > 0) {
      const place = { path: [], grammar: nameInIssues(node) }
      const actual = words.moreBytes(source.left)
      const issue = source.issue('TrailingBytes', source.pos, place, words.endOfMessage, actual)
      reader.note(undefined, issue)
    }
  } catch (error) {
    if (!(error instanceof Refusal)) {
      throw error
    }
    reader.note(reader.root === null ? undefined : brokenPart(reader.root), error.issue)
  }
  const { first, all: issues, omitted } = found
  // What a grammar's own node reads is a value of that grammar where nothing is wrong with it.
  const result: Either<Issue, A> = first === null ? right(reader.value as A) : left(first)
  return { bytes, tree: reader.root, result, issues, omitted }
}
