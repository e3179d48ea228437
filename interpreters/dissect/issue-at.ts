import { expectArray, expectText } from '../../combinators/expect.js'
import type { FieldPath, PlainIssue } from '../../combinators/issue.js'
import { clip } from '../../combinators/show.js'
import { brief } from './brief.js'
import { type Dissection, expectDissection, type Part } from './tree.js'

const holds = (path: FieldPath, wanted: FieldPath): boolean =>
  path.length <= wanted.length && path.every((step, i) => step === wanted[i])

const isField = ({ role }: Part): boolean => role === 'value' || role === 'key' || role === 'fixed'

/** The outermost part with a path; the nearest around it if none has it. */
const partAt = (tree: Part, path: FieldPath): Part => {
  let found = tree
  while (found.path.length < path.length) {
    const around = found.path.length
    const inside = found.parts.filter((part) => isField(part) && holds(part.path, path))
    const next = inside.find((part) => part.path.length > around) ?? inside[0]
    if (next === undefined) {
      return found
    }
    found = next
  }
  return found
}

/**
 * Makes an issue of your own about a field: `InvalidValue`, at the byte where the field starts. `actual` is the
 * field's value unless you give another text. For a field that is not on the wire, the place is that of the nearest
 * part around it.
 *
 * ```ts
 * import { bytesOf, showIssue, struct, u64, utf8 } from 'nix-wire'
 * import { dissect, issueAt } from 'nix-wire/interpreters'
 *
 * const Person = struct('Person', { name: utf8, age: u64 })
 * const ada = dissect(Person, {}, bytesOf('0300000000000000 416461 0000000000 2400000000000000'))
 * showIssue(issueAt(ada, ['age'], 'an age of at most 35'))
 * // => 'InvalidValue at byte 16, age, in u64: expected an age of at most 35, got 36'
 * ```
 *
 * @throws TypeError for a dissection that does not come from {@link dissect}.
 */
export const issueAt = <A>(
  dissection: Dissection<A>,
  path: FieldPath,
  expected: string,
  actual?: string,
): PlainIssue => {
  expectDissection('issueAt', dissection)
  expectArray('the path of issueAt', path)
  expectText('what issueAt expects', expected)
  const { tree } = dissection
  const part = tree === null ? null : partAt(tree, path)
  return {
    _tag: 'InvalidValue',
    offset: part?.start ?? 0,
    path,
    expected: clip(expected),
    actual: clip(actual ?? (part?.complete === true ? brief(part.value) : 'another value')),
    grammar: part?.grammar ?? 'pure',
  }
}
