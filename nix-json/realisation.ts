import { isLeft, isRight, right } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { holds } from '../combinators/gate.js'
import type { Protocol } from '../combinators/protocol.js'
import { majorOf, versionBits } from '../combinators/version.js'
import type { BuiltOutput, BuiltOutputs } from '../grammar/built-outputs.js'
import { realisationWithPath } from '../grammar/features.js'
import type { UnkeyedRealisation } from '../grammar/realisation.js'
import { plainJson } from '../interpreters/json/plain-json.js'
import { printSortedJson } from '../interpreters/json/text.js'
import { DrvOutputByHash } from '../types/drv-output.js'
import { baseStorePathOf, type DrvOutput, OutputName, type Realisation } from '../types/index.js'
import { RealisationByHash, type RealisationByPath } from '../types/realisation.js'
import { isMembers } from './json.js'
import { object, required, usually } from './members.js'
import { NixJsonType } from './nix-json-type.js'
import { type Codec, codec, listOf, mapOf, viewed } from './parts.js'
import { signature, storePathIn, textOf, worded } from './texts.js'

/** Whether a protocol names realisations by the path of a derivation, instead of a hash. */
const isByPath = (agreed: Protocol): boolean =>
  majorOf(agreed.version) === 2
    ? versionBits(agreed.version) >= versionBits('2.8')
    : holds(realisationWithPath, agreed)

const key = (given: Protocol) =>
  object('DrvOutput', { drvPath: required(storePathIn(given)), outputName: required(textOf(OutputName)) })

const outputByPath = (given: Protocol): Codec<Extract<DrvOutput, { readonly _tag: 'Path' }>> =>
  viewed(
    'DrvOutput',
    key(given),
    (fields) => right({ _tag: 'Path' as const, ...fields }),
    ({ drvPath, outputName }) => ({ drvPath, outputName }),
  )

const outputByHash = textOf(DrvOutputByHash)

/**
 * Identifies one output of a derivation: an object with the path of the derivation, or a text with its hash, as in
 * older protocols. Both are read.
 *
 * ```ts
 * import { DrvOutputJson } from 'nix-wire/nix-json'
 *
 * const drv = 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-tea.drv'
 * DrvOutputJson.decode({ drvPath: drv, outputName: 'out' })
 * // => { _tag: 'Right', right: { _tag: 'Path', drvPath: `/nix/store/${drv}`, outputName: 'out' } }
 * ```
 *
 * Source: Nix's schema build-trace-entry-v3, where it is the key.
 */
export const DrvOutputJson: NixJsonType<DrvOutput> = new NixJsonType('DrvOutputJson', (given) => {
  const byPath = outputByPath(given)
  return codec<DrvOutput>(
    'DrvOutput',
    (input, context) =>
      typeof input === 'string' ? outputByHash.validate(input, context) : byPath.validate(input, context),
    (output) => (output._tag === 'Hash' ? outputByHash.encode(output) : byPath.encode(output)),
  )
})

const value = (given: Protocol): Codec<UnkeyedRealisation> =>
  object('UnkeyedRealisation', {
    outPath: required(storePathIn(given)),
    signatures: usually(listOf(signature('object')), []),
  })

/**
 * The store path that an output was built as: the value of an entry of the build trace.
 *
 * ```ts
 * import { UnkeyedRealisationJson } from 'nix-wire/nix-json'
 *
 * UnkeyedRealisationJson.decode({ outPath: 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-tea', signatures: [] })
 * // => { _tag: 'Right', right: { outPath: '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-tea', signatures: [] } }
 * ```
 *
 * Source: Nix's schema build-trace-entry-v3.
 */
export const UnkeyedRealisationJson: NixJsonType<UnkeyedRealisation> = new NixJsonType(
  'UnkeyedRealisationJson',
  value,
)

/** JSON texts keep their own form: the value is read from the text. */
const realisationByHash: Codec<RealisationByHash> = codec(
  'RealisationByHash',
  (input, context) => {
    const json = plainJson(input, 'RealisationByHash')
    if (isLeft(json)) return t.failure(input, context, `expected JSON, got ${json.left.actual}`)
    const read = worded(RealisationByHash.make(printSortedJson(json.right)))
    return isLeft(read) ? t.failure(input, context, `expected ${read.left}`) : t.success(read.right)
  },
  (realisation) => JSON.parse(RealisationByHash.encode(realisation)),
)

const entry = (given: Protocol) =>
  object('Realisation', { key: required(key(given)), value: required(value(given)) })

/**
 * An entry of the build trace: an output, and the store path that it was built as. Older protocols have a hash in
 * place of the derivation's path, and `dependentRealisations`. Both forms are read, and a value is written in its own
 * form.
 *
 * ```ts
 * import { RealisationJson } from 'nix-wire/nix-json'
 *
 * const [drv, tea] = ['g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-tea.drv', 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-tea']
 * const read = RealisationJson.decode({
 *   key: { drvPath: drv, outputName: 'out' },
 *   value: { outPath: tea, signatures: [] },
 * })
 * read._tag === 'Right' && [read.right._tag, read.right.outPath] // => ['Path', `/nix/store/${tea}`]
 * ```
 *
 * Source: Nix's schema build-trace-entry-v3.
 */
export const RealisationJson: NixJsonType<Realisation> = new NixJsonType('RealisationJson', (given) => {
  const byPath: Codec<RealisationByPath> = viewed(
    'Realisation',
    entry(given),
    ({ key: id, value: made }) => right({ _tag: 'Path' as const, id, ...made }),
    ({ id, outPath, signatures }) => ({ key: id, value: { outPath, signatures } }),
  )
  return codec<Realisation>(
    'Realisation',
    (input, context) =>
      hasId(input) ? realisationByHash.validate(input, context) : byPath.validate(input, context),
    (realisation) =>
      realisation._tag === 'Hash' ? realisationByHash.encode(realisation) : byPath.encode(realisation),
  )
})

/** Only a realisation by hash contains its own id. */
const hasId = (input: unknown): boolean => isMembers(input) && Object.hasOwn(input, 'id')

/** Nix 2.35 and above writes this if a protocol requires a hash of the derivation. */
const noHash = '0'.repeat(64)

/** An output as Nix 2.35 and above sends it to peers that know realisations by hash only. */
const withoutHash = (name: OutputName, { outPath, signatures }: UnkeyedRealisation): BuiltOutput => {
  const id = `sha256:${noHash}!${name}`
  const members = {
    id,
    outPath: baseStorePathOf(outPath),
    ...(signatures.length === 0 ? {} : { signatures }),
  }
  const read = RealisationByHash.make(JSON.stringify(members))
  if (isLeft(read)) throw new TypeError(`not an output: ${read.left.expected}`)
  return { _tag: 'Hash', key: read.right.id, realisation: read.right }
}

/**
 * The built outputs, by name: values of the build trace, or realisations by hash. A realisation without a hash gets one
 * of zeros if the protocol requires a hash, as in Nix 2.35 and above.
 */
export const builtOutputs = (given: Protocol): Codec<BuiltOutputs> => {
  const made = value(given)
  const path = storePathIn(given)
  const output = codec<Unnamed>(
    'BuiltOutput',
    (input, context) =>
      hasId(input) ? realisationByHash.validate(input, context) : made.validate(input, context),
    (each) => ('id' in each ? realisationByHash.encode(each) : made.encode(each)),
  )
  const named = (name: OutputName, each: Unnamed): BuiltOutput =>
    'id' in each
      ? { _tag: 'Hash', key: each.id, realisation: each }
      : isByPath(given)
        ? { _tag: 'Path', ...each }
        : withoutHash(name, each)
  const unnamed = (each: BuiltOutput): Unnamed => {
    if (each._tag === 'Path') return { outPath: each.outPath, signatures: each.signatures }
    const { realisation } = each
    if (each.key.digest !== noHash) return realisation
    const outPath = path.decode(realisation.outPath)
    return isRight(outPath) ? { outPath: outPath.right, signatures: realisation.signatures } : realisation
  }
  return viewed<ReadonlyMap<OutputName, Unnamed>, BuiltOutputs>(
    'BuiltOutputs',
    mapOf(OutputName, output),
    (outputs) => right(new Map([...outputs].map(([name, each]) => [name, named(name, each)]))),
    (outputs) => new Map([...outputs].map(([name, each]) => [name, unnamed(each)])),
  )
}

type Unnamed = RealisationByHash | UnkeyedRealisation
