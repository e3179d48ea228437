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
  checkOptions('dissect', dissectOptions, options)
  const { root, value, first, issues, omitted } = readWhole(
    resolved(grammar, agreed).node,
    agreed,
    bytes,
    options,
    true,
  )
  // What a grammar's own node reads is a value of that grammar where nothing is wrong with it.
  const result: Either<Issue, A> = first === null ? right(value as A) : left(first)
  return { bytes, tree: root, result, issues, omitted }
}
