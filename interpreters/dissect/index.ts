import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { expectBytes } from '../../bytes/byte-array.js'
import { expectGrammar } from '../../combinators/expect.js'
import type { Issue } from '../../combinators/issue.js'
import type { Grammar } from '../../combinators/node.js'
import { checkOptions } from '../../combinators/options.js'
import type { Protocol } from '../../combinators/protocol.js'
import { protocolFor } from '../../combinators/protocol-for.js'
import { resolved } from '../../combinators/resolved.js'
import { type DissectOptions, dissectOptions } from './options.js'
import type { Dissection } from './tree.js'
import { readWhole } from './whole.js'

export { issueAt } from './issue-at.js'
export { dissectionJson } from './json.js'
export type { DissectOptions } from './options.js'
export { type RenderOptions, renderDissection } from './render.js'
export { TolerantReading } from './tolerant.js'
export type { Dissection, Part, Role } from './tree.js'
export { toValidator, type Validator } from './validator.js'

/**
 * Takes a message apart: every range of bytes with its path, its grammar and its value. The `result` is that of the
 * codec. Reading goes on after an issue whose extent is known: that part of the tree has the issue, and its value as
 * it came. At an issue after which the next field cannot be found, the tree ends.
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
 * It is slow and keeps everything: use it to inspect a message, and a codec to decode one.
 *
 * @throws TypeError if the grammar depends on a part of the protocol that is not given; RangeError or TypeError for
 * an invalid protocol, limit or grammar.
 */
export const dissect = <A>(
  grammar: Grammar<A>,
  given: Partial<Protocol>,
  bytes: Uint8Array,
  options: DissectOptions = {},
): Dissection<A> => {
  expectGrammar('what dissect reads by', grammar, 'observe')
  const agreed = protocolFor('dissect', grammar.node, given)
  expectBytes('what is dissected', bytes)
  checkOptions('dissect', dissectOptions, options)
  const { root, value, first, issues, omitted } = readWhole(
    resolved(grammar, agreed).node,
    agreed,
    bytes,
    options,
    true,
  )
  // Without an issue, the grammar's own node has read a value of that grammar.
  const result: Either<Issue, A> = first === null ? right(value as A) : left(first)
  return { bytes, tree: root, result, issues, omitted }
}
