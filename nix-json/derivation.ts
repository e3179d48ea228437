import { bind, chain, Do, type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { getOrElse, isNone, isSome, map as mapOption, type Option } from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import { showIssue } from '../combinators/issue.js'
import type { Protocol } from '../combinators/protocol.js'
import { parseJson } from '../interpreters/json/index.js'
import { plainJson } from '../interpreters/json/plain-json.js'
import { printSortedJson } from '../interpreters/json/text.js'
import { derivationJson } from '../store/derivation/json.js'
import type { NamedDerivation } from '../store/derivation/paths.js'
import type { InputOutputs } from '../store/derivation/value.js'
import { type DerivationOutput, OutputName, type StorePath, storePathNameOf } from '../types/index.js'
import { outputMembers, outputOf } from './derivation-output.js'
import { isMembers, type NixJson, plainNumbers } from './json.js'
import { object, optional, required, usually } from './members.js'
import { NixJsonType } from './nix-json-type.js'
import { type Codec, codec, listOf, mapOf, oneOf, text, viewed } from './parts.js'
import { storePathIn, textOf } from './texts.js'

/** How deep outputs of outputs may be nested. */
const deepest = 64

const outputNames = listOf(textOf(OutputName))

const noOutputs: InputOutputs = { outputs: [], dynamic: new Map() }

/** The outputs of an input: names, or an object that may have outputs of outputs. */
const inputOutputs: Codec<InputOutputs> = codec(
  'InputOutputs',
  (input, context) => {
    if (Array.isArray(input)) {
      const names = outputNames.validate(input, context)
      return isLeft(names) ? names : t.success({ ...noOutputs, outputs: names.right })
    }
    return context.length > 2 * deepest
      ? t.failure(input, context, `expected at most ${deepest} outputs, one within another`)
      : dynamicOutputs.validate(input, context)
  },
  (outputs) => dynamicOutputs.encode(outputs),
)

const dynamicOutputs: Codec<InputOutputs> = viewed(
  'InputOutputs',
  object('InputOutputs', {
    outputs: usually(outputNames, []),
    dynamicOutputs: usually(mapOf(OutputName, inputOutputs), new Map()),
  }),
  ({ outputs, dynamicOutputs: dynamic }) => right({ outputs, dynamic }),
  ({ outputs, dynamic }) => ({ outputs, dynamicOutputs: dynamic }),
)

/** JSON of any kind as a text: on one line, with keys in the order of their bytes. */
const jsonText: Codec<string> = codec(
  'JSON',
  (input, context) => {
    const json = plainJson(input, 'JSON')
    return isLeft(json)
      ? t.failure(input, context, `expected JSON, got ${json.left.actual}`)
      : t.success(printSortedJson(json.right))
  },
  (json) => json,
)

const structured = '__json'

const membersIn = (given: Protocol) => {
  const path = storePathIn(given)
  const drvs = mapOf(path, inputOutputs)
  return object('Derivation', {
    name: optional(text),
    version: optional(oneOf(3, 4)),
    outputs: required(mapOf(OutputName, outputMembers(given))),
    inputs: optional(object('inputs', { srcs: required(listOf(path)), drvs: required(drvs) })),
    inputSrcs: optional(listOf(path)),
    inputDrvs: optional(drvs),
    system: optional(text),
    platform: optional(text),
    builder: required(text),
    args: required(listOf(text)),
    env: required(mapOf(t.string, text)),
    structuredAttrs: optional(jsonText),
  })
}

type Members = ReturnType<typeof membersIn>['_A']

type Inputs = Extract<Members['inputs'], { readonly _tag: 'Some' }>['value']

/** A member that was renamed since Nix 2.8: the older name is read if the newer one is missing. */
const either = <A>(newer: Option<A>, older: Option<A>, what: string): Either<string, A> =>
  isSome(newer) ? right(newer.value) : isSome(older) ? right(older.value) : left(`a member "${what}"`)

const outputsOf = (
  { outputs }: Members,
  derivation: string,
  { storeDir }: Protocol,
): Either<string, ReadonlyMap<OutputName, DerivationOutput>> => {
  const read: Array<readonly [OutputName, DerivationOutput]> = []
  for (const [output, members] of outputs) {
    const found = outputOf(members, { derivation, output, storeDir })
    if (isLeft(found)) return left(`${found.left} in the output ${output}`)
    read.push([output, found.right])
  }
  return right(new Map(read))
}

/**
 * The newer versions have structured attributes beside the variables; the text of a derivation has them among the
 * variables.
 */
const envOf = ({ env, structuredAttrs }: Members): ReadonlyMap<string, string> =>
  isNone(structuredAttrs) ? env : new Map([...env, [structured, structuredAttrs.value]])

const fromMembers =
  (given: Protocol, usualName: string | null) =>
  (members: Members): Either<string, NamedDerivation> => {
    const name = getOrElse((): string | null => usualName)(members.name)
    if (name === null) return left('a member "name"')
    const { inputs, builder, args } = members
    return pipe(
      Do,
      bind('outputs', () => outputsOf(members, name, given)),
      bind('inputSrcs', () =>
        either(mapOption(({ srcs }: Inputs) => srcs)(inputs), members.inputSrcs, 'inputs'),
      ),
      bind('inputDrvs', () =>
        either(mapOption(({ drvs }: Inputs) => drvs)(inputs), members.inputDrvs, 'inputs'),
      ),
      bind('platform', () => either(members.system, members.platform, 'system')),
      map(
        (parts): NamedDerivation => ({ name, derivation: { ...parts, builder, args, env: envOf(members) } }),
      ),
    )
  }

/** Written by `nix-wire/store`, which has the forms of structured attributes and hashes. */
const write = (version: 3 | 4, named: NamedDerivation): NixJson => {
  const printed = chain((json: string) => parseJson(json))(derivationJson(named, { version }))
  if (isLeft(printed)) throw new TypeError(`not a derivation: ${showIssue(printed.left)}`)
  return plainNumbers(printed.right)
}

const derivation = (
  given: Protocol,
  version: 3 | 4,
  usualName: string | null,
  members = membersIn(given),
): Codec<NamedDerivation> => {
  const convert = fromMembers(given, usualName)
  return codec(
    'Derivation',
    (input, context) => {
      const read = members.validate(input, context)
      if (isLeft(read)) return read
      const named = convert(read.right)
      return isLeft(named) ? t.failure(input, context, `expected ${named.left}`) : t.success(named.right)
    },
    (named) => write(version, named),
  )
}

/**
 * A derivation and its name, in version 4 of the format (Nix 2.33 and above). Version 3 is read too, and so is the
 * older output of `nix derivation show` without a version, if it has a name.
 *
 * ```ts
 * import { DerivationJson } from 'nix-wire/nix-json'
 *
 * const read = DerivationJson.decode({
 *   name: 'tea', version: 4, system: 'x86_64-linux', builder: '/bin/sh', args: [], env: {},
 *   inputs: { srcs: [], drvs: {} },
 *   outputs: { out: { method: 'nar', hashAlgo: 'sha256' } },
 * })
 * read._tag === 'Right' && read.right.derivation.outputs.get('out' as never)
 * // => { _tag: 'CAFloating', method: 'NixArchive', algorithm: 'sha256' }
 * ```
 *
 * The path of an output with a fixed hash is computed from the hash and the name. Issues: a missing member; outputs
 * of outputs more than 64 levels deep. Source: Nix's schema derivation-v4.
 */
export const DerivationJson: NixJsonType<NamedDerivation> = new NixJsonType('DerivationJson', (given) =>
  derivation(given, 4, null),
)

/**
 * Writes version 3 of the format (Nix 2.32), and reads what {@link DerivationJson} reads.
 *
 * Source: the reference implementation.
 */
export const DerivationJsonV3: NixJsonType<NamedDerivation> = new NixJsonType('DerivationJsonV3', (given) =>
  derivation(given, 3, null),
)

const isWrapped = (input: unknown): input is { readonly derivations: unknown } =>
  isMembers(input) && Object.hasOwn(input, 'derivations')

/**
 * The output of `nix derivation show`: derivations by their paths. It is written as by Nix 2.34. The output of older
 * releases is read too: their keys are whole paths, and up to 2.8 derivations have no name.
 *
 * Source: the reference implementation.
 */
export const DerivationsJson: NixJsonType<ReadonlyMap<StorePath, NamedDerivation>> = new NixJsonType(
  'DerivationsJson',
  (given) => {
    const members = membersIn(given)
    const derivations = mapOf(storePathIn(given), (path) =>
      derivation(given, 4, storePathNameOf(path).replace(/\.drv$/, ''), members),
    )
    return codec(
      'Derivations',
      (input, context) => derivations.validate(isWrapped(input) ? input.derivations : input, context),
      (map) => ({ derivations: derivations.encode(map), version: 4 }),
    )
  },
)
