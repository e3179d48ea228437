import type { Option } from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Issue } from '../combinators/issue.js'
import type { OutputName, Signature, StorePath } from '../types/index.js'
import { type DerivationHashes, type FindDerivationLater, moduloSteps } from './derivation/modulo.js'
import {
  derivationPathSteps,
  type NamedDerivation,
  namedSteps,
  outputPathsSteps,
} from './derivation/paths.js'
import type { Derivation } from './derivation/value.js'
import type { Signable } from './fingerprint.js'
import type { PublicKey, SecretKey } from './keys.js'
import { later, type StoreOptions } from './options.js'
import { placeholderSteps, type UpstreamOutput, upstreamSteps } from './placeholder.js'
import { signTask, type Verdict, verifyTask } from './signatures.js'
import {
  type ContentAddressed,
  contentAddressedSteps,
  type InputAddressed,
  outputSteps,
  type TextObject,
  textSteps,
} from './store-path.js'
import type { StoreTextIssue } from './text-issue.js'

/** Asynchronous forms of the functions that need digests or signatures, with WebCrypto, for browsers. */
export interface Tasks {
  readonly contentAddressedPath: (
    of: ContentAddressed,
    options?: StoreOptions,
  ) => TaskEither<Issue, StorePath>
  readonly textPath: (of: TextObject, options?: StoreOptions) => TaskEither<Issue, StorePath>
  readonly outputPath: (of: InputAddressed, options?: StoreOptions) => TaskEither<Issue, StorePath>
  readonly placeholder: (output: string) => TaskEither<Issue, string>
  readonly upstreamPlaceholder: (of: UpstreamOutput, options?: StoreOptions) => TaskEither<Issue, string>
  readonly hashModulo: (
    derivation: Derivation,
    find: FindDerivationLater,
    options?: StoreOptions,
  ) => TaskEither<Issue, DerivationHashes>
  readonly derivationPath: (of: NamedDerivation, options?: StoreOptions) => TaskEither<Issue, StorePath>
  readonly outputPaths: (
    of: NamedDerivation,
    find: FindDerivationLater,
    options?: StoreOptions,
  ) => TaskEither<Issue, ReadonlyMap<OutputName, Option<StorePath>>>
  readonly parseNamedDerivation: (
    data: Uint8Array | string,
    name: string,
    options?: StoreOptions,
  ) => TaskEither<StoreTextIssue, Derivation>
  readonly sign: (of: Signable, key: SecretKey, options?: StoreOptions) => TaskEither<Issue, Signature>
  readonly verify: (
    of: Signable,
    keys: ReadonlyArray<PublicKey>,
    options?: StoreOptions,
  ) => TaskEither<Issue, ReadonlyArray<Verdict>>
}

/**
 * The functions that need digests or signatures, with WebCrypto, which is asynchronous: each returns a `TaskEither`.
 *
 * ```ts
 * import { tasks } from 'nix-wire/store'
 *
 * await tasks.placeholder('out')()
 * // => { _tag: 'Right', right: '/1rz4g4znpzjwh1xymhjpm42vipw92pr73vdgl6xs1hycac8kf2n9' }
 * ```
 */
export const tasks: Tasks = {
  contentAddressedPath: (of, options = {}) =>
    later('contentAddressedPath', options, (protocol) => contentAddressedSteps(of, protocol)),
  textPath: (of, options = {}) => later('textPath', options, (protocol) => textSteps(of, protocol)),
  outputPath: (of, options = {}) => later('outputPath', options, (protocol) => outputSteps(of, protocol)),
  placeholder: (output) => later('placeholder', {}, () => placeholderSteps(output)),
  upstreamPlaceholder: (of, options = {}) =>
    later('upstreamPlaceholder', options, (protocol) => upstreamSteps(of, protocol)),
  hashModulo: (derivation, find, options = {}) =>
    later('hashModulo', options, (protocol) => moduloSteps(derivation, find, protocol)),
  derivationPath: (of, options = {}) =>
    later('derivationPath', options, (protocol) => derivationPathSteps(of, protocol)),
  outputPaths: (of, find, options = {}) =>
    later('outputPaths', options, (protocol) => outputPathsSteps(of, find, protocol)),
  parseNamedDerivation: (data, name, options = {}) =>
    later('parseNamedDerivation', options, (protocol) => namedSteps(data, name, protocol)),
  sign: signTask,
  verify: verifyTask,
}
