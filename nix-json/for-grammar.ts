import { right } from 'fp-ts/lib/Either.js'
import { fromNullable, type Option } from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import type { Grammar, Node } from '../combinators/node.js'
import { grammarFor, nodeName } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import { protocolFor } from '../combinators/protocol-for.js'
import { BuildResult, KeyedBuildResult } from '../grammar/build-result.js'
import { ContentAddress, OptContentAddress } from '../grammar/content-address.js'
import { DerivedPath } from '../grammar/derived-path.js'
import { BuildMode, OptTrusted } from '../grammar/enums.js'
import { UnkeyedValidPathInfo, ValidPathInfo } from '../grammar/path-info.js'
import { DrvOutput, Realisation, UnkeyedRealisation } from '../grammar/realisation.js'
import { ServeBuildResult } from '../grammar/serve/build-result.js'
import { ServePathInfo } from '../grammar/serve/path-info.js'
import { ServeDrvOutput, ServeRealisation } from '../grammar/serve/realisation.js'
import { SingleDerivedPath } from '../grammar/single-derived-path.js'
import { OptStorePath, StorePath } from '../grammar/store-paths.js'
import { nixDefaults } from '../types/nix-protocol.js'
import { BuildResultJson, KeyedBuildResultJson, ServeBuildResultJson } from './build-result.js'
import { DerivedPathJson, SingleDerivedPathJson } from './derived-path.js'
import type { NixJson } from './json.js'
import {
  type Codec,
  codec,
  count,
  flag,
  listOf,
  mapOf,
  natural,
  nullable,
  oneOf,
  text,
  viewed,
} from './parts.js'
import { ServePathInfoJson, UnkeyedValidPathInfoJson, ValidPathInfoJson } from './path-info.js'
import { DrvOutputJson, RealisationJson, UnkeyedRealisationJson } from './realisation.js'
import { ContentAddressJson, StorePathJson } from './texts.js'

/** Makes the codec of a grammar's values; that the types agree is not checked. */
type Make = (given: Protocol) => Codec<never>

const row = <A>(grammar: Grammar<A>, make: (given: Protocol) => Codec<A>): readonly [Node, Make] => [
  grammar.node,
  make as unknown as Make,
]

const modes = ['Normal', 'Repair', 'Check'] as const

const buildMode: Codec<BuildMode> = viewed(
  'BuildMode',
  oneOf(0, 1, 2),
  (number) => right(modes[number]),
  (mode) => modes.indexOf(mode) as 0,
)

const trusted: Codec<'Trusted' | 'NotTrusted'> = viewed(
  'Trusted',
  flag,
  (is) => right(is ? 'Trusted' : 'NotTrusted'),
  (trust) => trust === 'Trusted',
)

/** The grammars whose values have JSON in Nix. */
const known: ReadonlyMap<Node, Make> = new Map([
  row(StorePath, (given) => StorePathJson.under(given)),
  row(OptStorePath, (given) => nullable(StorePathJson.under(given))),
  row(ContentAddress, () => ContentAddressJson),
  row(OptContentAddress, () => nullable(ContentAddressJson)),
  row(DerivedPath, (given) => DerivedPathJson.under(given)),
  row(SingleDerivedPath, (given) => SingleDerivedPathJson.under(given)),
  row(DrvOutput, (given) => DrvOutputJson.under(given)),
  row(ServeDrvOutput, (given) => DrvOutputJson.under(given)),
  row(Realisation, (given) => RealisationJson.under(given)),
  row(ServeRealisation, (given) => RealisationJson.under(given)),
  row(UnkeyedRealisation, (given) => UnkeyedRealisationJson.under(given)),
  row(BuildResult, (given) => BuildResultJson.under(given)),
  row(KeyedBuildResult, (given) => KeyedBuildResultJson.under(given)),
  row(ServeBuildResult, (given) => ServeBuildResultJson.under(given)),
  row(UnkeyedValidPathInfo, (given) => UnkeyedValidPathInfoJson.under(given)),
  row(ValidPathInfo, (given) => ValidPathInfoJson.under(given)),
  row(ServePathInfo, (given) => ServePathInfoJson.under(given)),
  row(OptTrusted, () => nullable(trusted)),
  row(BuildMode, () => buildMode),
])

/** The names of those grammars. */
export const nixJsonNames: ReadonlyArray<string> = [...known.keys()].map(nodeName)

/** An array of items of different kinds. */
const tupleOf = (parts: ReadonlyArray<Codec<never>>): Codec<ReadonlyArray<never>> => {
  const asTuple = t.tuple(
    parts as unknown as [t.Mixed, ...ReadonlyArray<t.Mixed>] as never,
  ) as unknown as Codec<ReadonlyArray<never>>
  return codec(
    'tuple',
    (input, context) =>
      Array.isArray(input) && input.length === parts.length
        ? asTuple.validate(input, context)
        : t.failure(input, context, `expected an array of ${parts.length}`),
    (values) => values.map((value, i): NixJson => parts[i]?.encode(value) ?? null),
  )
}

const codecOf = (node: Node, given: Protocol): Codec<never> | undefined => {
  const make = known.get(node)
  if (make !== undefined) {
    return make(given)
  }
  switch (node._tag) {
    case 'int':
      return (node.value === 'bigint' ? natural : count) as unknown as Codec<never>
    case 'bool':
      return flag as unknown as Codec<never>
    case 'text':
      return node.format === null && !node.optional ? (text as unknown as Codec<never>) : undefined
    case 'sequence':
      return sequenceOf(node, given)
    case 'struct':
      return node.shape === 'tuple' ? partsOf(node, given) : undefined
    default:
      return undefined
  }
}

const sequenceOf = (
  node: Extract<Node, { readonly _tag: 'sequence' }>,
  given: Protocol,
): Codec<never> | undefined => {
  const item = codecOf(node.item, given)
  if (item === undefined) return undefined
  if (node.kind !== 'map') return listOf(item) as unknown as Codec<never>
  const key = codecOf(node.key, given)
  // Only values that are strings in JSON can be keys of an object.
  return node.key._tag === 'text' && key !== undefined
    ? (mapOf(key, item) as unknown as Codec<never>)
    : undefined
}

const partsOf = (
  node: Extract<Node, { readonly _tag: 'struct' }>,
  given: Protocol,
): Codec<never> | undefined => {
  const parts: Array<Codec<never>> = []
  for (const { node: field } of node.fields) {
    const part = codecOf(field, given)
    if (part === undefined) return undefined
    parts.push(part)
  }
  return tupleOf(parts) as unknown as Codec<never>
}

/**
 * The codec between Nix's JSON and the values of a grammar, under a protocol; none if Nix has no JSON for them.
 * Lists, sets, maps and tuples of grammars that have JSON have it too.
 *
 * ```ts
 * import { setOf } from 'nix-wire'
 * import { StorePath } from 'nix-wire/grammar'
 * import { nixJsonFor } from 'nix-wire/nix-json'
 *
 * const found = nixJsonFor(setOf(StorePath))
 * found._tag === 'Some' && found.value.decode(['g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-tea'])
 * // => { _tag: 'Right', right: ['/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-tea'] }
 * ```
 *
 * Under a protocol that identifies realisations by hash, the outputs of a build result get such an identity; see
 * `BuildResultJson`.
 *
 * @throws TypeError if the grammar depends on a part of the protocol that is not given; RangeError or TypeError for
 * an invalid protocol.
 */
export const nixJsonFor = <A>(
  grammar: Grammar<A>,
  given: Partial<Protocol> = {},
): Option<t.Type<A, NixJson, unknown>> => {
  const { node } = grammarFor('nixJsonFor', grammar)
  const agreed = { ...nixDefaults, ...protocolFor('nixJsonFor', node, given) }
  // The table has the codec of each grammar's values.
  return fromNullable(codecOf(node, agreed) as unknown as Codec<A> | undefined)
}
