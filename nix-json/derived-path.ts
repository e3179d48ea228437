import { isLeft, right } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Protocol } from '../combinators/protocol.js'
import {
  type DerivedPath,
  OutputName,
  type OutputsSpec,
  type SingleDerivedPath,
  type StorePath,
} from '../types/index.js'
import { object, required } from './members.js'
import { NixJsonType } from './nix-json-type.js'
import { type Codec, codec, listOf, viewed } from './parts.js'
import { storePathIn, textOf } from './texts.js'

/** How deep derivations that are outputs of derivations may be nested. */
const deepest = 64

const depthOf = (context: t.Context): number =>
  context.reduce((depth, { key }) => (key === 'drvPath' ? depth + 1 : depth), 0)

const outputName = textOf(OutputName)

/** A store path as a string, or an object that names outputs. */
const pathOr = <A extends { readonly _tag: 'Built' }>(
  path: Codec<StorePath>,
  built: Codec<A>,
): Codec<{ readonly _tag: 'Opaque'; readonly path: StorePath } | A> =>
  codec(
    'a store path, or an object that names outputs',
    (input, context) => {
      if (typeof input !== 'string') {
        return depthOf(context) > deepest
          ? t.failure(input, context, `expected at most ${deepest} derivations, one the output of another`)
          : built.validate(input, context)
      }
      const read = path.validate(input, context)
      return isLeft(read) ? read : t.success({ _tag: 'Opaque', path: read.right })
    },
    (value) => (value._tag === 'Opaque' ? path.encode(value.path) : built.encode(value)),
  )

type SingleBuilt = Extract<SingleDerivedPath, { readonly _tag: 'Built' }>

const single = (given: Protocol): Codec<SingleDerivedPath> => {
  const built: Codec<SingleBuilt> = viewed(
    'SingleDerivedPath',
    object('SingleDerivedPath', {
      drvPath: required<SingleDerivedPath>(t.recursion('SingleDerivedPath', () => whole)),
      output: required(outputName),
    }),
    ({ drvPath, output }) => right({ _tag: 'Built' as const, drvPath, output }),
    ({ drvPath, output }) => ({ drvPath, output }),
  )
  const whole: Codec<SingleDerivedPath> = pathOr(storePathIn(given), built)
  return whole
}

/**
 * A store path, or one output of a derivation.
 *
 * ```ts
 * import { SingleDerivedPathJson } from 'nix-wire/nix-json'
 *
 * const drv = 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-tea.drv'
 * SingleDerivedPathJson.decode({ drvPath: drv, output: 'out' })
 * // => {
 * //   _tag: 'Right',
 * //   right: { _tag: 'Built', drvPath: { _tag: 'Opaque', path: `/nix/store/${drv}` }, output: 'out' },
 * // }
 * ```
 *
 * Source: Nix's schema deriving-path-v1.
 */
export const SingleDerivedPathJson: NixJsonType<SingleDerivedPath> = new NixJsonType(
  'SingleDerivedPathJson',
  single,
)

const names = listOf(outputName)

/** `["*"]` for all outputs, or their names. */
const outputsSpec: Codec<OutputsSpec> = codec(
  'OutputsSpec',
  (input, context) => {
    if (Array.isArray(input) && input.length === 1 && input[0] === '*') return t.success({ _tag: 'All' })
    const read = names.validate(input, context)
    if (isLeft(read)) return read
    return read.right.length === 0
      ? t.failure(input, context, 'expected at least one output')
      : // Names are ASCII, so sort() orders them by their bytes.
        t.success({ _tag: 'Names', names: [...new Set(read.right)].sort() })
  },
  (spec) => (spec._tag === 'All' ? ['*'] : names.encode(spec.names)),
)

/**
 * What to build: a store path, or outputs of a derivation.
 *
 * ```ts
 * import { DerivedPathJson } from 'nix-wire/nix-json'
 *
 * const drv = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-tea.drv'
 * const read = DerivedPathJson.decode({ drvPath: drv, outputs: ['*'] })
 * read._tag === 'Right' && read.right
 * // => { _tag: 'Built', drvPath: { _tag: 'Opaque', path: drv }, outputs: { _tag: 'All' } }
 * ```
 *
 * Source: the reference implementation; its schema deriving-path-v1 has one output.
 */
export const DerivedPathJson: NixJsonType<DerivedPath> = new NixJsonType('DerivedPathJson', (given) =>
  pathOr(
    storePathIn(given),
    viewed(
      'DerivedPath',
      object('DerivedPath', { drvPath: required(single(given)), outputs: required(outputsSpec) }),
      ({ drvPath, outputs }) => right({ _tag: 'Built' as const, drvPath, outputs }),
      ({ drvPath, outputs }) => ({ drvPath, outputs }),
    ),
  ),
)
