import { readdirSync, readFileSync } from 'node:fs'
import { none, some } from 'fp-ts/lib/Option.js'
import {
  type AnyGrammar,
  listOf,
  literal,
  type Protocol,
  setOf,
  struct,
  u64,
} from '../../combinators/index.js'
import * as G from '../../grammar/index.js'
import * as S from '../../serve/index.js'
import { realisationsByPath } from '../support/protocols.js'
import { sharedPath } from '../support/shared.js'

/** A text of JSON, as `JSON.parse` gives it. */
export type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json }

/** The contents of a file: consecutive values, each of its own grammar. */
export type Values = ReadonlyArray<readonly [AnyGrammar, unknown]>

/** The grammars of the values in a file, which its JSON file names. */
export type Twin = (count: number) => {
  readonly grammars: ReadonlyArray<AnyGrammar>
  readonly single: boolean
}

export interface Golden {
  readonly given: Partial<Protocol>
  readonly values: Values | Twin
}

const each =
  (grammar: AnyGrammar): Twin =>
  (count) => ({ grammars: Array(count).fill(grammar), single: false })

/** A JSON file that is one value and not a list. */
const single =
  (grammar: AnyGrammar): Twin =>
  () => ({ grammars: [grammar], single: true })

/** The last value of these two files is nested one level deeper. */
const nested =
  (one: AnyGrammar, two: AnyGrammar): Twin =>
  (count) => ({ grammars: [...Array(count - 1).fill(one), two], single: false })

const at = (version: Protocol['version'], ...features: ReadonlyArray<string>): Partial<Protocol> => ({
  version,
  features,
})

/** No version in the name: written with 1.10, which knows all of these types. */
const versionFree = at('1.10')
const byPath = at('1.38', realisationsByPath)
const Hello = struct('Hello', { magic: literal(u64, 0x6478696fn), version: G.ProtocolVersion })

const common: { readonly [file: string]: Golden } = {
  'content-address': { given: versionFree, values: each(G.ContentAddress) },
  'drv-output': { given: versionFree, values: each(G.DrvOutput) },
  'optional-content-address': {
    given: versionFree,
    values: each(G.OptContentAddress),
  },
  'optional-store-path': { given: versionFree, values: each(G.OptStorePath) },
  realisation: {
    given: versionFree,
    values: each(G.Realisation),
  },
  'realisation-with-deps': { given: versionFree, values: each(G.Realisation) },
  set: { given: versionFree, values: nested(setOf(G.String), setOf(setOf(G.String))) },
  'store-path': { given: versionFree, values: each(G.StorePath) },
  string: { given: versionFree, values: each(G.String) },
  vector: { given: versionFree, values: nested(listOf(G.String), listOf(listOf(G.String))) },
}

const worker: { readonly [file: string]: Golden } = {
  ...common,
  'build-mode': { given: versionFree, values: each(G.BuildMode) },
  'build-result-1.27': { given: at('1.27'), values: each(G.BuildResult) },
  'build-result-1.28': { given: at('1.28'), values: each(G.BuildResult) },
  'build-result-1.29': { given: at('1.29'), values: each(G.BuildResult) },
  'build-result-1.29-compat': { given: at('1.29'), values: each(G.BuildResult) },
  'build-result-1.37': { given: at('1.37'), values: each(G.BuildResult) },
  'build-result-realisation-with-path-not-hash': {
    given: byPath,
    values: each(G.BuildResult),
  },
  'client-handshake-info_1_30': {
    given: at('1.30'),
    values: Array(2).fill([G.ClientHandshakeInfo, { daemonNixVersion: none, remoteTrustsUs: none }]),
  },
  'client-handshake-info_1_33': {
    given: at('1.33'),
    values: ['foo', 'bar'].map((version) => [
      G.ClientHandshakeInfo,
      { daemonNixVersion: some(version), remoteTrustsUs: none },
    ]),
  },
  'client-handshake-info_1_35': {
    given: at('1.35'),
    values: [
      [G.ClientHandshakeInfo, { daemonNixVersion: some('foo'), remoteTrustsUs: some('NotTrusted') }],
      [G.ClientHandshakeInfo, { daemonNixVersion: some('bar'), remoteTrustsUs: some('Trusted') }],
    ],
  },
  'derived-path-1.29': { given: at('1.29'), values: each(G.DerivedPath) },
  'derived-path-1.30': { given: at('1.30'), values: each(G.DerivedPath) },
  'drv-output-realisation-with-path-not-hash': { given: byPath, values: each(G.DrvOutput) },
  'handshake-to-client': { given: versionFree, values: [[Hello, { version: '1.10' }]] },
  'keyed-build-result-1.29': { given: at('1.29'), values: each(G.KeyedBuildResult) },
  'optional-trusted-flag': { given: versionFree, values: each(G.OptTrusted) },
  'realisation-realisation-with-path-not-hash': {
    given: byPath,
    values: single(G.Realisation),
  },
  'unkeyed-realisation-realisation-with-path-not-hash': {
    given: byPath,
    values: single(G.UnkeyedRealisation),
  },
  'unkeyed-valid-path-info-1.15': {
    given: at('1.15'),
    values: each(G.UnkeyedValidPathInfo),
  },
  'valid-path-info-1.15': { given: at('1.15'), values: each(G.ValidPathInfo) },
  'valid-path-info-1.16': { given: at('1.16'), values: each(G.ValidPathInfo) },
}

const [maxSilentTime, buildTimeout] = [5, 6]
const options = { maxSilentTime, buildTimeout, maxLogSize: 0n, nrRepeats: 0, enforceDeterminism: false }
const noOptions = { ...options, keepFailed: false }

/** Those without a version were written with 2.5. */
const serve: { readonly [file: string]: Golden } = {
  'build-options-2.1': { given: at('2.1'), values: [[S.ServeBuildOptions, noOptions]] },
  'build-options-2.2': {
    given: at('2.2'),
    values: [[S.ServeBuildOptions, { ...noOptions, maxLogSize: 7n }]],
  },
  'build-options-2.3': {
    given: at('2.3'),
    values: [[S.ServeBuildOptions, { ...noOptions, maxLogSize: 7n, nrRepeats: 8, enforceDeterminism: true }]],
  },
  'build-options-2.7': {
    given: at('2.7'),
    values: [[S.ServeBuildOptions, { ...options, maxLogSize: 7n, nrRepeats: 8, keepFailed: true }]],
  },
  'build-result-2.2': { given: at('2.2'), values: each(S.ServeBuildResult) },
  'build-result-2.3': { given: at('2.3'), values: each(S.ServeBuildResult) },
  'build-result-2.6': { given: at('2.6'), values: each(S.ServeBuildResult) },
  'build-result-2.7-compat': {
    given: at('2.7'),
    values: each(S.ServeBuildResult),
  },
  'build-result-2.8': { given: at('2.8'), values: each(S.ServeBuildResult) },
  'content-address': { given: at('2.5'), values: each(G.ContentAddress) },
  'drv-output': { given: at('2.5'), values: each(S.ServeDrvOutput) },
  'drv-output-2.8': { given: at('2.8'), values: each(S.ServeDrvOutput) },
  'handshake-to-client': { given: {}, values: [[S.ServeServerHello, { version: '2.5' }]] },
  'optional-content-address': {
    given: at('2.5'),
    values: each(G.OptContentAddress),
  },
  'optional-store-path': { given: at('2.5'), values: each(G.OptStorePath) },
  realisation: {
    given: at('2.5'),
    values: each(S.ServeRealisation),
  },
  'realisation-2.8': {
    given: at('2.8'),
    values: single(S.ServeRealisation),
  },
  'realisation-with-deps': {
    given: at('2.5'),
    values: each(S.ServeRealisation),
  },
  set: { given: at('2.5'), values: nested(setOf(G.String), setOf(setOf(G.String))) },
  'store-path': { given: at('2.5'), values: each(G.StorePath) },
  string: { given: at('2.5'), values: each(G.String) },
  'unkeyed-realisation-2.8': {
    given: at('2.8'),
    values: single(G.UnkeyedRealisation),
  },
  'unkeyed-valid-path-info-2.3': {
    given: at('2.3'),
    values: each(S.ServePathInfo),
  },
  'unkeyed-valid-path-info-2.4': {
    given: at('2.4'),
    values: each(S.ServePathInfo),
  },
  vector: { given: at('2.5'), values: nested(listOf(G.String), listOf(listOf(G.String))) },
}

/** The contents of the files, by folder and name. */
export const folders: { readonly [folder: string]: { readonly [file: string]: Golden } } = {
  'worker-protocol': worker,
  'common-protocol': common,
  'serve-protocol': serve,
}

export const filesOf = (folder: string): ReadonlyArray<string> => readdirSync(sharedPath('golden', folder))

export const jsonOf = (folder: string, file: string): Json =>
  JSON.parse(readFileSync(sharedPath('golden', folder, `${file}.json`), 'utf8'))

/** The bytes of a file: a copy, since Node may read into a view of a larger buffer. */
export const bytesIn = (folder: string, file: string): Uint8Array =>
  Uint8Array.from(readFileSync(sharedPath('golden', folder, `${file}.bin`)))

/** The grammars of the values in a file, one after another. */
export const grammarsIn = (folder: string, file: string): ReadonlyArray<AnyGrammar> => {
  const { values } = folders[folder]![file]!
  if (typeof values !== 'function') return values.map(([grammar]) => grammar)
  const json = jsonOf(folder, file)
  return values(Array.isArray(json) ? json.length : 1).grammars
}
