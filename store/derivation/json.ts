import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { compareTexts } from '../../bytes/order.js'
import type { FieldPath, Issue } from '../../combinators/issue.js'
import { checkOptions } from '../../combinators/options.js'
import { show } from '../../combinators/show.js'
import { methodWords } from '../../types/content-address-method.js'
import {
  baseStorePathOf,
  type ContentAddressMethod,
  type DerivationOutput,
  type HashAlgorithm,
  hashTo,
} from '../../types/index.js'
import { isJsonObject, parseJson } from '../../types/json-text.js'
import type { NamedDerivation } from './paths.js'
import { type InputOutputs, sortedDerivation } from './value.js'

/** The version of Nix's JSON. */
export interface DerivationJsonOptions {
  /** 4 (Nix 2.33 and above) or 3 (Nix 2.32). Default: 4. */
  readonly version?: 3 | 4
}

/** JSON as a text, or whole characters. */
type Part = { readonly json: string } | string | number | ReadonlyArray<Part> | ReadonlyMap<string, Part>

class HalfCharacter extends Error {
  readonly path: FieldPath

  constructor(path: FieldPath) {
    super('half a character')
    this.path = path
  }
}

const word = (text: string, path: FieldPath): string => {
  if (!text.isWellFormed()) throw new HalfCharacter(path)
  return JSON.stringify(text)
}

/** Compact, with keys in the order of their bytes. */
const print = (part: Part, path: FieldPath): string => {
  if (typeof part === 'string') return word(part, path)
  if (typeof part === 'number') return String(part)
  if (part instanceof Map) {
    const members = [...(part as ReadonlyMap<string, Part>)].sort(([a], [b]) => compareTexts(a, b))
    return `{${members.map(([key, value]) => `${word(key, path)}:${print(value, [...path, key])}`).join(',')}}`
  }
  if (Array.isArray(part)) {
    return `[${(part as ReadonlyArray<Part>).map((each, index) => print(each, [...path, index])).join(',')}]`
  }
  return (part as { readonly json: string }).json
}

const object = (...members: ReadonlyArray<readonly [string, Part]>): Part => new Map(members)

interface Addressed {
  readonly method: ContentAddressMethod
  readonly algorithm: HashAlgorithm
}

const methodOf = ({ method }: Addressed): readonly [string, Part] => ['method', methodWords[method]]
const algorithmOf = ({ algorithm }: Addressed): readonly [string, Part] => ['hashAlgo', algorithm]

const outputJson = (output: DerivationOutput, version: 3 | 4): Part => {
  switch (output._tag) {
    case 'InputAddressed':
      return object(['path', baseStorePathOf(output.path)])
    case 'CAFixed':
      return version === 4
        ? object(methodOf(output), ['hash', hashTo('sri', output)])
        : object(methodOf(output), algorithmOf(output), ['hash', output.digest])
    case 'CAFloating':
      return object(methodOf(output), algorithmOf(output))
    case 'Deferred':
      return object()
    case 'Impure':
      return object(methodOf(output), algorithmOf(output), ['impure', { json: 'true' }])
  }
}

const inputJson = ({ outputs, dynamic }: InputOutputs): Part =>
  object(
    ['outputs', outputs],
    ['dynamicOutputs', new Map([...dynamic].map(([name, each]) => [name, inputJson(each)]))],
  )

const structured = '__json'

/** Structured attributes are JSON, and are included as JSON. */
const attributes = (text: string): Either<Issue, Part> => {
  const read = parseJson(text)
  return read._tag === 'Right' && isJsonObject(read.right)
    ? right({ json: text })
    : left({
        _tag: 'InvalidValue',
        offset: 0,
        path: ['env', structured],
        expected: 'a JSON object',
        actual: show(text),
        grammar: 'DerivationJson',
      })
}

/**
 * A derivation in Nix's own JSON, as in `nix derivation show`: compact, with sorted keys, base names for store paths,
 * and structured attributes as a member.
 *
 * ```ts
 * import { Derivation, derivationJson } from 'nix-wire/store'
 * import { either as E, function as F } from 'fp-ts'
 *
 * F.pipe(
 *   Derivation.parse('Derive([("out","","r:sha256","")],[],[],"a","b",[],[])'),
 *   E.chainW((derivation) => derivationJson({ name: 'tea', derivation })),
 *   E.map((text) => JSON.parse(text).outputs),
 * ) // => { _tag: 'Right', right: { out: { method: 'nar', hashAlgo: 'sha256' } } }
 * ```
 *
 * Issues: `Unrepresentable` for bytes that are not UTF-8, `InvalidValue` for structured attributes that are not JSON.
 * Source: the reference implementation's schema of version 4.
 */
export const derivationJson = (
  { name, derivation }: NamedDerivation,
  options: DerivationJsonOptions = {},
): Either<Issue, string> => {
  const { version = 4 } = options
  checkOptions<DerivationJsonOptions>(
    'derivationJson',
    {
      version: (what, value) => {
        if (value !== 3 && value !== 4) throw new TypeError(`${what} must be 3 or 4, not ${show(value)}`)
      },
    },
    options,
  )
  const { outputs, inputSrcs, inputDrvs, platform, builder, args, env } = sortedDerivation(derivation)
  const attributesText = env.get(structured)
  const attrs = attributesText === undefined ? right(null) : attributes(attributesText)
  if (isLeft(attrs)) return attrs
  const srcs = inputSrcs.map(baseStorePathOf)
  const drvs = new Map([...inputDrvs].map(([path, each]) => [baseStorePathOf(path), inputJson(each)]))
  const inputs: ReadonlyArray<readonly [string, Part]> =
    version === 4
      ? [['inputs', object(['srcs', srcs], ['drvs', drvs])]]
      : [
          ['inputSrcs', srcs],
          ['inputDrvs', drvs],
        ]
  const whole = new Map<string, Part>([
    ['name', name],
    ['version', version],
    ['outputs', new Map([...outputs].map(([output, each]) => [output, outputJson(each, version)]))],
    ...inputs,
    ['system', platform],
    ['builder', builder],
    ['args', args],
    ['env', new Map([...env].filter(([key]) => key !== structured))],
    ...(attrs.right === null ? [] : [['structuredAttrs', attrs.right] as const]),
  ])
  try {
    return right(print(whole, []))
  } catch (error) {
    if (!(error instanceof HalfCharacter)) throw error
    const { path } = error
    return left({
      _tag: 'Unrepresentable',
      offset: 0,
      path,
      expected: 'UTF-8, which JSON is in',
      actual: 'other bytes',
      grammar: 'DerivationJson',
    })
  }
}
