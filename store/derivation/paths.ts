import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { none, type Option, some } from 'fp-ts/lib/Option.js'
import { encodeEscaped } from '../../bytes/escaped.js'
import { expectFunction, expectText } from '../../combinators/expect.js'
import type { FieldPath, Issue } from '../../combinators/issue.js'
import { type Grammar, grammarFor } from '../../combinators/node.js'
import { callback, checkOptions } from '../../combinators/options.js'
import type { Protocol } from '../../combinators/protocol.js'
import { longestName, quoted } from '../../combinators/show.js'
import { imap } from '../../combinators/structures/imap.js'
import type { BasicDerivation } from '../../grammar/derivation.js'
import {
  type CAFixedOutput,
  contentAddressOf,
  type OutputName,
  type StorePath,
  storePathNameOf,
} from '../../types/index.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { atOnce, type HashingOptions } from '../options.js'
import { type Hashing, hashNow, synchronous } from '../sha256.js'
import { contentAddressedSteps, outputPathName, outputSteps, textSteps } from '../store-path.js'
import { placed, type StoreTextIssue } from '../text-issue.js'
import { type FindDerivation, type FindDerivationLater, moduloSteps, textOf } from './modulo.js'
import { Derivation as DerivationText, tokensOf } from './text.js'
import { type Derivation, sortedDerivation } from './value.js'

/** A derivation and its name, without `.drv`. */
export interface NamedDerivation {
  readonly name: string
  readonly derivation: Derivation
}

export function* derivationPathSteps(
  { name, derivation }: NamedDerivation,
  protocol: Protocol,
): Hashing<Either<Issue, StorePath>> {
  const contents = textOf('Derivation', tokensOf(sortedDerivation(derivation), protocol))
  if (isLeft(contents)) return contents
  const references = [...derivation.inputSrcs, ...derivation.inputDrvs.keys()]
  return yield* textSteps({ name: `${name}.drv`, contents: contents.right, references }, protocol)
}

/**
 * The store path of a derivation, computed from its text, its name, and its inputs.
 *
 * Issues: those of {@link textPath}; `InvalidValue` for a derivation that cannot be printed.
 */
export const derivationPath = (of: NamedDerivation, options: HashingOptions = {}): Either<Issue, StorePath> =>
  atOnce('derivationPath', options, (protocol) => derivationPathSteps(of, protocol))

function* fixedPath(
  name: string,
  output: OutputName,
  { method, algorithm, digest }: CAFixedOutput,
  protocol: Protocol,
): Hashing<Either<Issue, StorePath>> {
  const ca = contentAddressOf(method, { algorithm, digest })
  return yield* contentAddressedSteps({ name: outputPathName(name, output), ca }, protocol)
}

export function* outputPathsSteps(
  { name, derivation }: NamedDerivation,
  find: FindDerivation | FindDerivationLater,
  protocol: Protocol,
): Hashing<Either<Issue, ReadonlyMap<OutputName, Option<StorePath>>>> {
  const hashes = yield* moduloSteps(derivation, find, protocol)
  if (isLeft(hashes)) return hashes
  const paths = new Map<OutputName, Option<StorePath>>()
  for (const [output, each] of derivation.outputs) {
    const hash = hashes.right.hashes.get(output)
    if (each._tag === 'CAFixed') {
      const path = yield* fixedPath(name, output, each, protocol)
      if (isLeft(path)) return path
      paths.set(output, some(path.right))
    } else if (each._tag === 'CAFloating' || each._tag === 'Impure' || hashes.right.deferred || !hash) {
      paths.set(output, none)
    } else {
      const path = yield* outputSteps({ name, output, hash }, protocol)
      if (isLeft(path)) return path
      paths.set(output, some(path.right))
    }
  }
  return right(paths)
}

/**
 * The paths of a derivation's outputs; none for an output whose path is only known after it is built.
 *
 * Issues: those of {@link hashModulo} and of {@link contentAddressedPath}. Source: the reference implementation.
 */
export const outputPaths = (
  of: NamedDerivation,
  find: FindDerivation,
  options: HashingOptions = {},
): Either<Issue, ReadonlyMap<OutputName, Option<StorePath>>> => {
  expectFunction('what finds derivations', find)
  return atOnce('outputPaths', options, (protocol) => outputPathsSteps(of, find, protocol))
}

interface WrongPath {
  readonly output: OutputName
  readonly expected: string
  readonly actual: StorePath
}

/** The first fixed output whose path does not follow from its hash; null if there is none. */
function* wrongPath(
  name: string,
  outputs: BasicDerivation['outputs'],
  protocol: Protocol,
): Hashing<WrongPath | null> {
  for (const [output, each] of outputs) {
    if (each._tag === 'CAFixed') {
      const path = yield* fixedPath(name, output, each, protocol)
      const expected = isLeft(path) ? path.left.expected : path.right
      if (expected !== each.path) return { output, expected, actual: each.path }
    }
  }
  return null
}

const drv = '.drv'

const nameIn = (drvPath: StorePath): string => {
  const name = storePathNameOf(drvPath)
  return name.endsWith(drv) ? name.slice(0, -drv.length) : name
}

/**
 * Adds a rule to the request of BuildDerivation, or one like it: a fixed output must have the path that follows from
 * its hash, its method and the name of the derivation. Recent releases of Nix enforce it, older ones do not. Together
 * with the canonical profile it makes a strict reader.
 *
 * ```ts
 * import { compile } from 'nix-wire'
 * import { operations } from 'nix-wire/grammar'
 * import { withFixedPaths } from 'nix-wire/store'
 *
 * const strict = compile(withFixedPaths(operations.BuildDerivation.request), {}, { profile: 'canonical' })
 * typeof strict.decode // => 'function'
 * ```
 *
 * Issues: `InvalidValue` for another path; encoding: `Unrepresentable`.
 *
 * @throws TypeError if the platform has no synchronous SHA-256.
 */
export const withFixedPaths = <A extends { readonly drvPath: StorePath; readonly drv: BasicDerivation }>(
  request: Grammar<A>,
  options: Pick<HashingOptions, 'sha256'> = {},
): Grammar<A> => {
  checkOptions('withFixedPaths', { sha256: callback }, options)
  const sha256 = synchronous(options.sha256)
  const check = (value: A): Either<string, A> => {
    const { drvPath, drv: derivation } = value
    const storeDir = drvPath.slice(0, drvPath.lastIndexOf('/'))
    const wrong = hashNow(wrongPath(nameIn(drvPath), derivation.outputs, nixProtocol({ storeDir })), sha256)
    return wrong === null
      ? right(value)
      : left(`the path ${wrong.expected} of the fixed output ${quoted(wrong.output, longestName)}`)
  }
  return imap(grammarFor('withFixedPaths', request), check, check)
}

const byteOf = (derivation: Derivation, path: FieldPath, protocol: Protocol): number => {
  const tokens = tokensOf(derivation, protocol)
  if (isLeft(tokens)) return 0
  const isThere = (at: FieldPath): boolean =>
    at.length === path.length && at.every((step, index) => step === path[index])
  const index = tokens.right.findIndex((token) => token.is === 'string' && isThere(token.path))
  const before = tokens.right.slice(0, Math.max(0, index)).map(({ text }) => text)
  return encodeEscaped(before.join('')).length + 1
}

export function* namedSteps(
  data: Uint8Array | string,
  name: string,
  protocol: Protocol,
): Hashing<Either<StoreTextIssue, Derivation>> {
  const read = DerivationText.parse(data, { storeDir: protocol.storeDir })
  if (isLeft(read)) return read
  const wrong = yield* wrongPath(name, read.right.outputs, protocol)
  if (wrong === null) return read
  const path = ['outputs', wrong.output, 'path']
  const position = byteOf(read.right, path, protocol)
  const bytes = typeof data === 'string' ? encodeEscaped(data) : data
  const issue = {
    position,
    path,
    expected: `the path ${wrong.expected}`,
    actual: quoted(wrong.actual, longestName),
  }
  return left(placed('Derivation', bytes, issue))
}

/**
 * Parses a `.drv` file with a known name (that of its store path, without `.drv`), and checks that its fixed outputs
 * have the paths that follow from their hashes, as recent releases of Nix do.
 *
 * ```ts
 * import { parseNamedDerivation } from 'nix-wire/store'
 * import { either as E, function as F } from 'fp-ts'
 *
 * const file =
 *   'Derive([("out","/nix/store/x9cyj78gzd1wjf0xsiad1pa3ricbj566-bash44-023","sha256",' +
 *   '"4fec236f3fbd3d0c47b893fdfa9122142a474f6ef66c20ffb6c0f4864dd591b6")],[],[],"builtin","a",[],[])'
 * parseNamedDerivation(file, 'bash44-023')._tag // => 'Right'
 * F.pipe(
 *   parseNamedDerivation(file, 'bash44-024'),
 *   E.mapLeft(({ path, column }) => [path.join('.'), column]),
 * ) // => { _tag: 'Left', left: ['outputs.out.path', 17] }
 * ```
 *
 * Issues: those of {@link Derivation}, and another path of a fixed output.
 */
export const parseNamedDerivation = (
  data: Uint8Array | string,
  name: string,
  options: HashingOptions = {},
): Either<StoreTextIssue, Derivation> => {
  expectText('the name of a derivation', name)
  return atOnce('parseNamedDerivation', options, (protocol) => namedSteps(data, name, protocol))
}
