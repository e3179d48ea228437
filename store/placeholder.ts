import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'
import type { Issue } from '../combinators/issue.js'
import type { Protocol } from '../combinators/protocol.js'
import { OutputName, StorePath, storePathHashOf, storePathNameOf, toNix32 } from '../types/index.js'
import { inField, invalidValue } from './issue.js'
import { atOnce, type HashingOptions } from './options.js'
import { type Hashing, sha256Of } from './sha256.js'
import { folded, outputPathName } from './store-path.js'

const placeholderSize = 20

const drv = '.drv'

const nameOf = (grammar: string, output: string): Either<Issue, OutputName> =>
  inField(grammar, ['output'])(OutputName.make(output))

export function* placeholderSteps(output: string): Hashing<Either<Issue, string>> {
  const name = nameOf('Placeholder', output)
  return isLeft(name) ? name : right(`/${toNix32(yield* sha256Of(`nix-output:${output}`))}`)
}

/**
 * The placeholder for the path of a derivation's own output, which is not known yet: `builtins.placeholder`.
 *
 * ```ts
 * import { placeholder } from 'nix-wire/store'
 *
 * placeholder('out') // => { _tag: 'Right', right: '/1rz4g4znpzjwh1xymhjpm42vipw92pr73vdgl6xs1hycac8kf2n9' }
 * ```
 *
 * Issues: `InvalidText` for the name of the output. Source: the reference implementation.
 */
export const placeholder = (output: string, options: HashingOptions = {}): Either<Issue, string> =>
  atOnce('placeholder', options, () => placeholderSteps(output))

/** An output of another derivation, which may itself be an output that is not built yet. */
export interface UpstreamOutput {
  readonly drvPath: StorePath
  /** The outputs to follow, outermost last. There are several if an output is itself a derivation. */
  readonly outputs: readonly [string, ...ReadonlyArray<string>]
}

export function* upstreamSteps(
  { drvPath, outputs }: UpstreamOutput,
  protocol: Protocol,
): Hashing<Either<Issue, string>> {
  const path = inField('Placeholder', ['drvPath'])(StorePath.format.print(drvPath, protocol))
  if (isLeft(path)) return path
  const name = storePathNameOf(drvPath)
  if (!name.endsWith(drv)) {
    return invalidValue('Placeholder', ['drvPath'], 'the path of a derivation', path.right)
  }
  const [first, ...others] = outputs
  const firstName = nameOf('Placeholder', first)
  if (isLeft(firstName)) return firstName
  const outputName = outputPathName(name.slice(0, -drv.length), first)
  let digest = yield* sha256Of(`nix-upstream-output:${storePathHashOf(drvPath)}:${outputName}`)
  for (const output of others) {
    const next = nameOf('Placeholder', output)
    if (isLeft(next)) return next
    digest = yield* sha256Of(`nix-computed-output:${toNix32(folded(digest, placeholderSize))}:${output}`)
  }
  return right(`/${toNix32(digest)}`)
}

/**
 * The placeholder for the path of another derivation's output, which is not known yet.
 *
 * Issues: `InvalidText` for a path or the name of an output, `InvalidValue` for a path that is not that of a
 * derivation. Versions: with the experimental features ca-derivations and, from the second output on,
 * dynamic-derivations. Source: the reference implementation.
 */
export const upstreamPlaceholder = (
  of: UpstreamOutput,
  options: HashingOptions = {},
): Either<Issue, string> => atOnce('upstreamPlaceholder', options, (protocol) => upstreamSteps(of, protocol))
