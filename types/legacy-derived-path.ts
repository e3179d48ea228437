import { type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js'
import type { Protocol } from '../combinators/protocol.js'
import type { TextIssue } from '../combinators/text-format.js'
import type { BuiltPath, OpaquePath } from './derived-path-value.js'
import { allOutputs, parseOutputNames, printOutputNames } from './outputs-spec.js'
import { StorePath } from './store-path.js'
import { isDerivationPath } from './store-path-parts.js'
import { issueAtIndex, withinText } from './text-parser.js'

/**
 * A derived path of protocols before 1.30: one store path, and perhaps output names after the first `!`. Without names,
 * a `.drv` at the end decides whether the outputs or the path itself is meant.
 */
export const parseLegacyDerivedPath = (
  text: string,
  protocol: Protocol,
): Either<TextIssue, OpaquePath | BuiltPath> => {
  const at = text.indexOf('!')
  const end = at < 0 ? text.length : at
  const read = withinText(text, 0, StorePath.format.parse(text.slice(0, end), protocol))
  if (isLeft(read)) return read
  const drvPath: OpaquePath = { _tag: 'Opaque', path: read.right }
  const names = parseOutputNames(text, end + 1, 'skip', protocol)
  if (isLeft(names)) return names
  if (names.right.length > 0) {
    return right({ _tag: 'Built', drvPath, outputs: { _tag: 'Names', names: names.right } })
  }
  return right(isDerivationPath(read.right) ? { _tag: 'Built', drvPath, outputs: allOutputs } : drvPath)
}

const refuse = (text: string, expected: string): Either<TextIssue, never> =>
  left(issueAtIndex(text, 0, `${expected} (before protocol 1.30)`))

/** The text before 1.30, which several values lack. */
export const printLegacyDerivedPath = (
  value: OpaquePath | BuiltPath,
  protocol: Protocol,
): Either<TextIssue, string> => {
  const single = value._tag === 'Built' ? value.drvPath : value
  if (single._tag !== 'Opaque') return refuse('', 'a derivation that is a store path')
  const path = StorePath.format.print(single.path, protocol)
  if (isLeft(path)) return path
  if (value._tag === 'Opaque') {
    return isDerivationPath(value.path) ? refuse(value.path, 'a path that does not end in .drv') : path
  }
  if (value.outputs._tag === 'All') {
    return isDerivationPath(single.path) ? path : refuse(single.path, 'a derivation, whose path ends in .drv')
  }
  return map((names: string) => `${path.right}!${names}`)(printOutputNames(value.outputs.names, protocol))
}
