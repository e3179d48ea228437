import { type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js'
import { none, type Option, some } from 'fp-ts/lib/Option.js'
import { expectText } from '../combinators/expect.js'
import type { TextIssue, TextMaker } from '../combinators/text-format.js'
import { derivedPathTexts, parseDerivedPath, printDerivedPath } from '../types/derived-path.js'
import { type DerivedPath, type OutputName, type OutputsSpec, TextType } from '../types/index.js'
import { nixDefaults, nixDir } from '../types/nix-protocol.js'
import { allOutputs, allOutputsText, parseOutputNames, printOutputNames } from '../types/outputs-spec.js'
import { namePattern } from '../types/store-path-name.js'
import { issueAtIndex } from '../types/text-parser.js'

/**
 * A derived path as people write it, with `^` instead of the `!` on the wire: `path`, `drv^*`, `drv^a,b`, and
 * `drv^x^a,b` for outputs of an output. The value is the same as on the wire.
 *
 * ```ts
 * import { DerivedPathText } from 'nix-wire/store'
 * import { DerivedPath } from 'nix-wire/types'
 * import { either as E, function as F } from 'fp-ts'
 *
 * F.pipe(
 *   DerivedPathText.make('/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-bar.drv^dev,out'),
 *   E.map(DerivedPath.encode),
 * ) // => { _tag: 'Right', right: '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-bar.drv!dev,out' }
 * ```
 *
 * Issues: those of `DerivedPath`. Versions: Nix 2.12 and above; before, it was written with `!`. Source: the
 * reference implementation.
 */
export const DerivedPathText: TextType<DerivedPath> = new TextType({
  name: 'DerivedPathText',
  summary: 'a derived path with ^',
  value: 'structure',
  asks: 'storeDir',
  defaults: nixDir,
  syntax: [
    {
      rules: [
        'DerivedPathText = StorePath [ { "^" OutputName } "^" Outputs ]',
        'Outputs = "*" | OutputName { "," OutputName }',
      ],
      note: 'What stands before the last `^` is the derivation. `*` is all outputs; names are in order, each once.',
    },
  ],
  // Store paths and output names contain neither sign.
  texts: (make, protocol) =>
    make.mapped(derivedPathTexts(make, { ...nixDefaults, storeDir: protocol.storeDir }), (text) =>
      text.replaceAll('!', '^'),
    ),
  parse: (text, protocol) => parseDerivedPath(text, protocol, '^'),
  print: (value, protocol) => printDerivedPath(value, protocol, '^'),
})

const outputsTexts = <T>(make: TextMaker<T>): T =>
  make.oneOf(
    make.joined(allOutputsText),
    make.many(make.pattern(namePattern), 1, 4, (each) => [...new Set(each)].sort().join(',')),
  )

/**
 * Outputs of a derivation as a text: `*`, or names separated by commas.
 *
 * ```ts
 * import { OutputsText } from 'nix-wire/store'
 *
 * OutputsText.make('out,dev') // => { _tag: 'Right', right: { _tag: 'Names', names: ['dev', 'out'] } }
 * ```
 *
 * Issues: those of `OutputName`; an empty name, `*` beside names.
 */
export const OutputsText: TextType<OutputsSpec> = new TextType({
  name: 'OutputsText',
  summary: 'outputs of a derivation',
  value: 'structure',
  syntax: [
    {
      rules: ['OutputsText = "*" | OutputName { "," OutputName }'],
      note: '`*` is all outputs; names are in order, each once.',
    },
  ],
  texts: outputsTexts,
  parse: (text, protocol) =>
    text === allOutputsText
      ? right(allOutputs)
      : map((names: ReadonlyArray<OutputName>): OutputsSpec => ({ _tag: 'Names', names }))(
          parseOutputNames(text, 0, 'refuse', protocol),
        ),
  print: (value, protocol) =>
    value._tag === 'All' ? right(allOutputsText) : printOutputNames(value.names, protocol),
})

/** Something to build, and which of its outputs; none for the default ones. */
export interface SelectedOutputs {
  /** What to build, such as `nixpkgs#hello` or a store path. */
  readonly of: string
  readonly outputs: Option<OutputsSpec>
}

/**
 * Splits an argument such as `nixpkgs#hello^dev,man` at its last `^`.
 *
 * ```ts
 * import { selectedOutputs } from 'nix-wire/store'
 * import { option as O } from 'fp-ts'
 *
 * selectedOutputs('nixpkgs#hello^*')
 * // => { _tag: 'Right', right: { of: 'nixpkgs#hello', outputs: O.some({ _tag: 'All' }) } }
 * selectedOutputs('nixpkgs#hello') // => { _tag: 'Right', right: { of: 'nixpkgs#hello', outputs: O.none } }
 * ```
 *
 * Issues: those of {@link OutputsText}, after the `^`.
 */
export const selectedOutputs = (text: string): Either<TextIssue, SelectedOutputs> => {
  expectText('what is asked for', text)
  const at = text.lastIndexOf('^')
  if (at < 0) return right({ of: text, outputs: none })
  const outputs = OutputsText.make(text.slice(at + 1))
  if (isLeft(outputs)) {
    const before = issueAtIndex(text, at + 1, '').position
    return left({ ...outputs.left, position: before + outputs.left.position })
  }
  return right({ of: text.slice(0, at), outputs: some(outputs.right) })
}

/** Whether the outputs include an output. */
export const hasOutput = (outputs: OutputsSpec, name: OutputName): boolean =>
  outputs._tag === 'All' || outputs.names.includes(name)

/**
 * Whether the second outputs include all of the first, whatever outputs the derivation has: names never include all
 * outputs.
 *
 * ```ts
 * import { areOutputsWithin, OutputsText } from 'nix-wire/store'
 * import { either as E, function as F } from 'fp-ts'
 *
 * F.pipe(
 *   E.Do,
 *   E.apS('dev', OutputsText.make('dev')),
 *   E.apS('both', OutputsText.make('dev,out')),
 *   E.map(({ dev, both }) => [areOutputsWithin(dev, both), areOutputsWithin(both, dev)]),
 * ) // => { _tag: 'Right', right: [true, false] }
 * ```
 */
export const areOutputsWithin = (some_: OutputsSpec, others: OutputsSpec): boolean => {
  if (others._tag === 'All') return true
  if (some_._tag === 'All') return false
  const among = new Set(others.names)
  return some_.names.every((name) => among.has(name))
}

/** The outputs that are in the first or in the second. */
export const unionOfOutputs = (a: OutputsSpec, b: OutputsSpec): OutputsSpec =>
  a._tag === 'All' || b._tag === 'All'
    ? allOutputs
    : // Names are ASCII, so sort() orders them by their bytes.
      { _tag: 'Names', names: [...new Set([...a.names, ...b.names])].sort() }
