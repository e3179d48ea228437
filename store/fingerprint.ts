import { type Either, isLeft, map, right } from 'fp-ts/lib/Either.js'
import { none } from 'fp-ts/lib/Option.js'
import { compareTexts } from '../bytes/order.js'
import { expectText } from '../combinators/expect.js'
import type { FieldPath, Issue } from '../combinators/issue.js'
import type { Protocol } from '../combinators/protocol.js'
import { show } from '../combinators/show.js'
import type { ValidPathInfo } from '../grammar/path-info.js'
import {
  baseStorePathOf,
  OutputName,
  type Realisation,
  type RealisationByPath,
  StorePath,
} from '../types/index.js'
import { membersToJson } from '../types/realisation-json.js'
import { inField, invalidValue } from './issue.js'
import { narHash } from './line-formats.js'
import { type StoreOptions, storeProtocol } from './options.js'

/** The values that can be signed. */
export type Signable = ValidPathInfo | Realisation

const isPathInfo = (of: Signable): of is ValidPathInfo => 'info' in of

const checkPaths = (
  paths: ReadonlyArray<readonly [FieldPath, StorePath]>,
  protocol: Protocol,
): Either<Issue, null> => {
  for (const [path, each] of paths) {
    const printed = inField('Fingerprint', path)(StorePath.format.print(each, protocol))
    if (isLeft(printed)) return printed
  }
  return right(null)
}

const ofPathInfo = ({ path, info }: ValidPathInfo, protocol: Protocol): Either<Issue, string> => {
  if (info.narSize <= 0n) {
    return invalidValue('Fingerprint', ['info', 'narSize'], 'the size of the NAR', show(info.narSize))
  }
  const paths = checkPaths(
    [
      [['path'], path],
      ...info.references.map((each, index) => [['info', 'references', index], each] as const),
    ],
    protocol,
  )
  if (isLeft(paths)) return paths
  const references = [...new Set(info.references)].sort(compareTexts).join(',')
  return map((hash: string) => `1;${path};${hash};${info.narSize};${references}`)(
    inField('Fingerprint', ['info', 'narHash'])(narHash.print(info.narHash, protocol)),
  )
}

const noSignatures = ',"signatures":[]}'

const ofRealisationByPath = (
  { id, outPath }: RealisationByPath,
  protocol: Protocol,
): Either<Issue, string> => {
  const paths = checkPaths(
    [
      [['id', 'drvPath'], id.drvPath],
      [['outPath'], outPath],
    ],
    protocol,
  )
  if (isLeft(paths)) return paths
  return map((outputName: string) =>
    JSON.stringify({
      key: { drvPath: baseStorePathOf(id.drvPath), outputName },
      value: { outPath: baseStorePathOf(outPath) },
    }),
  )(inField('Fingerprint', ['id', 'outputName'])(OutputName.format.print(id.outputName, protocol)))
}

/** The fingerprint under a protocol. */
export const fingerprintIn = (of: Signable, protocol: Protocol): Either<Issue, string> => {
  if (isPathInfo(of)) return ofPathInfo(of, protocol)
  if (of._tag === 'Path') return ofRealisationByPath(of, protocol)
  // The JSON without signatures.
  return map((json: string) => `${json.slice(0, -noSignatures.length)}}`)(
    inField('Fingerprint', [])(membersToJson({ ...of, signatures: [] }, protocol)),
  )
}

/**
 * The text that a signature signs. For a path info: `1;`, the path, the hash and the size of its NAR, and its
 * references. For a realisation: its JSON without the signatures.
 *
 * ```ts
 * import { fingerprint } from 'nix-wire/store'
 * import { DrvOutputByHash, BaseStorePath } from 'nix-wire/types'
 * import { either as E, function as F, option as O } from 'fp-ts'
 *
 * F.pipe(
 *   E.Do,
 *   E.apS('id', DrvOutputByHash.make(`sha256:${'0'.repeat(64)}!out`)),
 *   E.apS('outPath', BaseStorePath.make('g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo')),
 *   E.chainW((made) =>
 *     fingerprint({ _tag: 'Hash', ...made, signatures: [], dependentRealisations: new Map(), text: O.none }),
 *   ),
 *   E.map((text) => text.slice(-55)),
 * ) // => { _tag: 'Right', right: '!out","outPath":"g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo"}' }
 * ```
 *
 * Issues: `InvalidValue` for a path info whose size is unknown, `InvalidText` for an invalid path or hash. Source:
 * the reference implementation; for a realisation by path Nix 2.35 and later.
 */
export const fingerprint = (of: Signable, options: StoreOptions = {}): Either<Issue, string> =>
  fingerprintIn(of, storeProtocol('fingerprint', options))

/** Adds a signature, unless it is there already. */
export const withSignature = <A extends Signable>(of: A, signature: string): A => {
  expectText('a signature', signature)
  const signed = (all: ReadonlyArray<string>): ReadonlyArray<string> =>
    all.includes(signature) ? all : [...all, signature]
  if (isPathInfo(of)) {
    const info = { ...of.info, signatures: signed(of.info.signatures) }
    return { ...of, info, ...('text' in of ? { text: none } : {}) }
  }
  return { ...of, signatures: signed(of.signatures), ...('text' in of ? { text: none } : {}) }
}
