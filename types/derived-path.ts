import { type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js'
import { holds } from '../combinators/gate.js'
import type { Protocol } from '../combinators/protocol.js'
import { alphabet, type TextIssue, type TextMaker } from '../combinators/text-format.js'
import {
  type BuiltPath,
  maxDerivedPathDepth,
  type OpaquePath,
  type SingleDerivedPath,
} from './derived-path-value.js'
import { parseLegacyDerivedPath, printLegacyDerivedPath } from './legacy-derived-path.js'
import { before, since } from './nix-gates.js'
import { nixDefaults } from './nix-protocol.js'
import { allOutputs, allOutputsText, parseOutputNames, printOutputNames } from './outputs-spec.js'
import { StorePath, storePathEndingIn } from './store-path.js'
import { namePattern, OutputName } from './store-path-name.js'
import { issueAtIndex, withinText } from './text-parser.js'
import { TextType } from './text-type.js'

/**
 * What to build or substitute: a store path itself, or outputs of a derivation.
 *
 * ```ts
 * import { DerivedPath } from 'nix-wire/types'
 *
 * DerivedPath.make('/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-bar.drv!y,x')
 * // => { _tag: 'Right', right: {
 * //   _tag: 'Built',
 * //   drvPath: { _tag: 'Opaque', path: '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-bar.drv' },
 * //   outputs: { _tag: 'Names', names: ['x', 'y'] }
 * // } }
 * DerivedPath.under({ version: '1.29' }).make('/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-bar.drv')
 * // => { _tag: 'Right', right: {
 * //   _tag: 'Built',
 * //   drvPath: { _tag: 'Opaque', path: '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-bar.drv' },
 * //   outputs: { _tag: 'All' }
 * // } }
 * ```
 *
 * Since 1.30: `path`, `drv!*`, `drv!a,b`, and nested `drv!x!a,b`, split at the last `!`.
 *
 * Before 1.30: a path that ends in `.drv` means all its outputs, the split is at the first `!`, and empty names are
 * skipped. The derivation itself, nested paths, and all outputs of a path that does not end in `.drv` cannot be
 * written.
 *
 * Names are sorted and deduplicated.
 *
 * Issues: those of `StorePath` and `OutputName`, an empty name, `*` beside names, more than 64 levels. Source:
 * serialization spec, DerivedPath; the nested form, the meaning of a bare `.drv` and the splits are from the
 * reference implementation.
 */
export type DerivedPath = OpaquePath | BuiltPath

const legacy = before('1.30')

const isLegacy = (protocol: Protocol): boolean => holds(legacy, protocol)

/** The sign between a derivation and its outputs: on the wire, and as people write it. */
type Separator = '!' | '^'

/** The positions of the separators, up to one more than allowed. */
const separators = (text: string, separator: Separator): ReadonlyArray<number> => {
  const found: number[] = []
  let at = text.indexOf(separator)
  while (at >= 0 && found.length <= maxDerivedPathDepth) {
    found.push(at)
    at = text.indexOf(separator, at + 1)
  }
  return found
}

/**
 * Goes from one separator to the next, with everything before it as the derivation: the same as splitting at the last
 * one, recursively.
 */
export const parseDerivedPath = (
  text: string,
  protocol: Protocol,
  separator: Separator,
): Either<TextIssue, DerivedPath> => {
  const places = separators(text, separator)
  const last = places[places.length - 1]
  const surplus = places[maxDerivedPathDepth]
  if (surplus !== undefined) {
    return left(issueAtIndex(text, surplus, `at most ${maxDerivedPathDepth} levels of derivations`))
  }
  const path = withinText(text, 0, StorePath.format.parse(text.slice(0, places[0]), protocol))
  if (isLeft(path)) return path
  let drvPath: SingleDerivedPath = { _tag: 'Opaque', path: path.right }
  if (last === undefined) return right(drvPath)
  for (const [index, at] of places.slice(0, -1).entries()) {
    const piece = text.slice(at + 1, places[index + 1])
    const output = withinText(text, at + 1, OutputName.format.parse(piece, protocol))
    if (isLeft(output)) return output
    drvPath = { _tag: 'Built', drvPath, output: output.right }
  }
  if (text.slice(last + 1) === allOutputsText) return right({ _tag: 'Built', drvPath, outputs: allOutputs })
  const names = parseOutputNames(text, last + 1, 'refuse', protocol)
  return isLeft(names)
    ? names
    : right({ _tag: 'Built', drvPath, outputs: { _tag: 'Names', names: names.right } })
}

/** The derivation of a `Built`, from the inside out, up to the depth limit. */
const printSingle = (
  value: SingleDerivedPath,
  protocol: Protocol,
  separator: Separator,
): Either<TextIssue, string> => {
  const outputs: string[] = []
  let inner = value
  while (inner._tag === 'Built') {
    const output = OutputName.format.print(inner.output, protocol)
    if (isLeft(output)) return output
    outputs.push(output.right)
    // The outermost outputs count as one level.
    if (outputs.length >= maxDerivedPathDepth) {
      return left(issueAtIndex('', 0, `at most ${maxDerivedPathDepth} levels of derivations`))
    }
    inner = inner.drvPath
  }
  return map((path: string) => [path, ...outputs.reverse()].join(separator))(
    StorePath.format.print(inner.path, protocol),
  )
}

export const printDerivedPath = (
  value: DerivedPath,
  protocol: Protocol,
  separator: Separator,
): Either<TextIssue, string> => {
  if (value._tag === 'Opaque') return StorePath.format.print(value.path, protocol)
  const drvPath = printSingle(value.drvPath, protocol, separator)
  if (isLeft(drvPath)) return drvPath
  const outputs =
    value.outputs._tag === 'All' ? right(allOutputsText) : printOutputNames(value.outputs.names, protocol)
  return map((text: string) => `${drvPath.right}${separator}${text}`)(outputs)
}

/** Texts for generators, with `!`. */
export const derivedPathTexts = <T>(make: TextMaker<T>, protocol: Protocol): T => {
  const path = make.oneOf(make.pattern(storePathEndingIn('-')), make.pattern(storePathEndingIn('.drv')))
  const name = make.pattern(namePattern)
  // Names are ASCII, so sort() orders them by their bytes.
  const inOrder = (each: ReadonlyArray<string>): string => [...new Set(each)].sort().join(',')
  const names = make.many(name, 1, 4, inOrder)
  const short = make.pattern([{ _tag: 'chars', alphabet: alphabet('a-z'), min: 1, max: 2 }])
  const manyNames = make.many(short, 9, 65, inOrder)
  if (isLegacy(protocol)) {
    return make.oneOf(path, path, make.joined(path, '!', names), make.joined(path, '!', manyNames))
  }
  const nested = make.many(name, 0, 3, (each) => each.map((output) => `!${output}`).join(''))
  const most = maxDerivedPathDepth - 1
  const deepest = make.many(short, most, most, (each) => each.map((output) => `!${output}`).join(''))
  const outputs = make.oneOf(make.joined(allOutputsText), names)
  const built = make.joined(path, nested, '!', outputs)
  return make.oneOf(
    path,
    built,
    built,
    built,
    built,
    make.joined(path, deepest, '!', outputs),
    make.joined(path, '!', manyNames),
  )
}

/** Names out of order, one of them twice. */
const otherDerivedPathTexts = <T>(make: TextMaker<T>): T => {
  const names = make.many(make.pattern(namePattern), 2, 4, (each) =>
    [...each, ...each.slice(0, 1)].sort().reverse().join(','),
  )
  return make.joined(make.pattern(storePathEndingIn('.drv')), '!', names)
}

export const DerivedPath: TextType<DerivedPath> = new TextType({
  name: 'DerivedPath',
  summary: 'a derived path',
  value: 'structure',
  gates: [legacy],
  asks: 'storeDir',
  texts: derivedPathTexts,
  otherTexts: otherDerivedPathTexts,
  defaults: nixDefaults,
  syntax: [
    {
      gate: since('1.30'),
      rules: [
        'DerivedPath = StorePath [ { "!" OutputName } "!" Outputs ]',
        'Outputs = "*" | OutputName { "," OutputName }',
      ],
      note:
        'What stands before the last `!` is the derivation, itself an output of another one if there is a `!` in it; there ' +
        `are at most ${maxDerivedPathDepth} levels. \`*\` is all outputs; names are in order, each once.`,
    },
    {
      gate: legacy,
      rules: ['DerivedPath = StorePath [ "!" OutputName { "," OutputName } ]'],
      note:
        'A path that ends in `.drv` means all its outputs where no names follow, and any other path itself; names are in ' +
        'order, each once.',
    },
  ],
  parse: (text, protocol) =>
    isLegacy(protocol) ? parseLegacyDerivedPath(text, protocol) : parseDerivedPath(text, protocol, '!'),
  print: (value, protocol) =>
    isLegacy(protocol) ? printLegacyDerivedPath(value, protocol) : printDerivedPath(value, protocol, '!'),
})
