import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'
import { isNone, type Option } from 'fp-ts/lib/Option.js'
import { compareTexts } from '../../bytes/order.js'
import { expectFunction } from '../../combinators/expect.js'
import type { FieldPath, Issue } from '../../combinators/issue.js'
import type { Protocol } from '../../combinators/protocol.js'
import { show } from '../../combinators/show.js'
import {
  type CAFixedOutput,
  type DerivationOutput,
  DerivationOutputMethod,
  type Hash,
  hashFromBytes,
  type OutputName,
  type StorePath,
} from '../../types/index.js'
import { writeAll } from '../aterm/writer.js'
import { invalidValue } from '../issue.js'
import { atOnce, type HashingOptions } from '../options.js'
import { answerOf, type Hashing, sha256Of } from '../sha256.js'
import type { FieldIssue } from '../text-issue.js'
import { type FieldsOf, moduloTerm } from './term.js'
import { type Derivation, sortedDerivation } from './value.js'

/** Finds a derivation by its path. */
export type FindDerivation = (path: StorePath) => Option<Derivation>

/** Finds a derivation by its path, asynchronously. */
export type FindDerivationLater = (path: StorePath) => Promise<Option<Derivation>>

/** The hashes of a derivation, one for each of its outputs. */
export interface DerivationHashes {
  readonly hashes: ReadonlyMap<OutputName, Hash>
  /**
   * True if they may still change, since outputs of the derivation or of its inputs are only known after they are
   * built.
   */
  readonly deferred: boolean
}

const name = 'DerivationHash'

const refuse = (path: FieldPath, expected: string, actual: unknown): Either<Issue, never> =>
  invalidValue(name, path, expected, show(actual))

function* sha256Hash(data: Uint8Array | string): Hashing<Hash> {
  const hash = hashFromBytes('sha256', yield* sha256Of(data))
  if (isLeft(hash)) throw new TypeError('a SHA-256 must give 32 bytes')
  return hash.right
}

/** A text that has only one printed form; otherwise the issue of the value. */
export const textOf = (
  grammar: string,
  tokens: Either<FieldIssue, ReadonlyArray<{ readonly text: string }>>,
): Either<Issue, string> => {
  if (tokens._tag === 'Right') return right(tokens.right.map(({ text }) => text).join(''))
  const { path, expected, actual } = tokens.left
  return invalidValue(grammar, path, expected, actual)
}

function* fixedHash(
  { path, digest, method, algorithm }: CAFixedOutput,
  protocol: Protocol,
): Hashing<Either<Issue, Hash>> {
  const printed = DerivationOutputMethod.format.print({ _tag: method, algorithm }, protocol)
  return isLeft(printed)
    ? refuse(['outputs'], printed.left.expected, method)
    : right(yield* sha256Hash(`fixed:out:${printed.right}:${digest}:${path}`))
}

const masked = (derivation: FieldsOf<string>): FieldsOf<string> => ({
  ...derivation,
  outputs: new Map(
    [...derivation.outputs].map(([output, each]): readonly [OutputName, DerivationOutput] => [
      output,
      each._tag === 'InputAddressed' ? { _tag: 'Deferred' } : each,
    ]),
  ),
  env: new Map(
    [...derivation.env].map(([variable, value]) => [
      variable,
      derivation.outputs.has(variable as OutputName) ? '' : value,
    ]),
  ),
})

type Inputs = ReadonlyMap<StorePath, DerivationHashes>

/** Each input by the hash of the output that is used. */
const byHash = ({ inputDrvs }: Derivation, inputs: Inputs): Either<Issue, FieldsOf<string>['inputDrvs']> => {
  const found = new Map<string, Set<OutputName>>()
  for (const [path, { outputs }] of inputDrvs) {
    for (const output of outputs) {
      const hash = inputs.get(path)?.hashes.get(output)
      if (hash === undefined) return refuse(['inputDrvs', path], 'an output that the derivation has', output)
      const names = found.get(hash.digest) ?? new Set()
      found.set(hash.digest, names.add(output))
    }
  }
  return right(
    new Map(
      [...found]
        .sort(([a], [b]) => compareTexts(a, b))
        .map(([hash, names]) => [hash, { outputs: [...names].sort(compareTexts), dynamic: new Map() }]),
    ),
  )
}

/** The text to hash for a derivation whose inputs' hashes are known. */
const moduloText = (
  derivation: Derivation,
  inputs: Inputs,
  mask: boolean,
  protocol: Protocol,
): Either<Issue, string> => {
  const inputDrvs = byHash(derivation, inputs)
  if (isLeft(inputDrvs)) return inputDrvs
  const whole = { ...sortedDerivation(derivation), inputDrvs: inputDrvs.right }
  return textOf(
    name,
    writeAll(protocol, (writer) => moduloTerm.write(writer, mask ? masked(whole) : whole, [])),
  )
}

const kinds = ({ outputs }: Derivation) => {
  const tags = new Set([...outputs.values()].map(({ _tag }) => _tag))
  return {
    isFixed: tags.has('CAFixed'),
    isImpure: tags.has('Impure'),
    isFloating: tags.has('CAFloating'),
    tags,
  }
}

/** Whether the hashes of a derivation follow from its own outputs. */
const standsAlone = (derivation: Derivation): boolean => {
  const { isFixed, isImpure } = kinds(derivation)
  return isFixed || isImpure
}

function* hashesOf(
  derivation: Derivation,
  inputs: Inputs,
  mask: boolean,
  protocol: Protocol,
): Hashing<Either<Issue, DerivationHashes>> {
  const { isFixed, isImpure, isFloating, tags } = kinds(derivation)
  const names = [...derivation.outputs.keys()]
  if (isFixed) {
    if (tags.size > 1) return refuse(['outputs'], 'fixed outputs only, or none', [...tags].join(', '))
    const hashes = new Map<OutputName, Hash>()
    for (const [output, each] of derivation.outputs) {
      const hash = yield* fixedHash(each as CAFixedOutput, protocol)
      if (isLeft(hash)) return hash
      hashes.set(output, hash.right)
    }
    return right({ hashes, deferred: false })
  }
  if (isImpure) {
    const hash = yield* sha256Hash('impure')
    return right({ hashes: new Map(names.map((output) => [output, hash])), deferred: true })
  }
  const text = moduloText(derivation, inputs, mask, protocol)
  if (isLeft(text)) return text
  const hash = yield* sha256Hash(text.right)
  const isDeferred = [...derivation.inputDrvs].some(
    ([path, { dynamic }]) => dynamic.size > 0 || inputs.get(path)?.deferred,
  )
  return right({
    hashes: new Map(names.map((output) => [output, hash])),
    deferred: isFloating || isDeferred,
  })
}

interface Frame {
  readonly path: StorePath | null
  readonly derivation: Derivation
  readonly inputs: ReadonlyArray<StorePath>
  next: number
}

const frameOf = (path: StorePath | null, derivation: Derivation): Frame => ({
  path,
  derivation,
  inputs: standsAlone(derivation) ? [] : [...derivation.inputDrvs.keys()],
  next: 0,
})

/** Each derivation is found and hashed once, inputs first, at any depth. */
export function* moduloSteps(
  derivation: Derivation,
  find: FindDerivation | FindDerivationLater,
  protocol: Protocol,
): Hashing<Either<Issue, DerivationHashes>> {
  const known = new Map<StorePath, DerivationHashes>()
  const open = new Set<StorePath>()
  const frames: Array<Frame> = [frameOf(null, derivation)]
  for (;;) {
    const frame = frames[frames.length - 1]!
    const input = frame.inputs[frame.next++]
    if (input === undefined) {
      const hashes = yield* hashesOf(frame.derivation, known, frame.path === null, protocol)
      if (isLeft(hashes) || frame.path === null) return hashes
      known.set(frame.path, hashes.right)
      open.delete(frame.path)
      frames.pop()
    } else if (open.has(input)) {
      return refuse(['inputDrvs', input], 'no derivation that is made from itself', input)
    } else if (!known.has(input)) {
      const found = yield* answerOf((): Option<Derivation> | Promise<Option<Derivation>> => find(input))
      if (isNone(found)) return refuse(['inputDrvs', input], 'a derivation that can be found', input)
      open.add(input)
      frames.push(frameOf(input, found.value))
    }
  }
}

/**
 * The hash of a derivation, modulo its own output paths and the derivations of its fixed inputs. Output paths and the
 * ids of realisations are computed from it. `find` is called once for each input derivation.
 *
 * ```ts
 * import { Derivation, hashModulo } from 'nix-wire/store'
 * import { either as E, function as F, option as O } from 'fp-ts'
 *
 * F.pipe(
 *   Derivation.parse('Derive([("out","","","")],[],[],"x86_64-linux","/bin/sh",[],[])'),
 *   E.chainW((derivation) => hashModulo(derivation, () => O.none)),
 *   E.map(({ hashes, deferred }) => [hashes.size, deferred]),
 * ) // => { _tag: 'Right', right: [1, false] }
 * ```
 *
 * Issues: `InvalidValue` for an input that is not found or does not have the output, for cyclic inputs, and for fixed
 * outputs beside others. Source: the reference implementation.
 */
export const hashModulo = (
  derivation: Derivation,
  find: FindDerivation,
  options: HashingOptions = {},
): Either<Issue, DerivationHashes> => {
  expectFunction('what finds derivations', find)
  return atOnce('hashModulo', options, (protocol) => moduloSteps(derivation, find, protocol))
}
