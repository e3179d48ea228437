import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { none, some } from 'fp-ts/lib/Option.js'
import {
  type AnyGrammar,
  type Grammar,
  listOf,
  literal,
  type Protocol,
  setOf,
  struct,
  u64,
} from '../../combinators/index.js'
import * as G from '../../grammar/index.js'
import { compile } from '../../interpreters/index.js'
import * as S from '../../serve/index.js'
import { rightOf } from '../support/either.js'
import { profiles, realisationsByPath } from '../support/protocols.js'
import { describeWithShared, sharedPath } from '../support/shared.js'
import { concat } from '../support/wire.js'
import * as twin from './twins.js'

/** What a file holds: values back to back, each of its own grammar. */
type Values = ReadonlyArray<readonly [AnyGrammar, unknown]>

interface Golden {
  readonly given: Partial<Protocol>
  readonly values: Values | ((twin: twin.Json) => Values)
}

const each =
  (
    grammar: AnyGrammar,
    translate: (json: twin.Json) => unknown,
    values: (json: twin.Json) => ReadonlyArray<twin.Json> = twin.list,
  ) =>
  (json: twin.Json): Values =>
    values(json).map((value) => [grammar, translate(value)])

/** The last value of these two files has one level more. */
const nested =
  (one: AnyGrammar, two: AnyGrammar) =>
  (json: twin.Json): Values =>
    twin.list(json).map((value, i, all) => [i === all.length - 1 ? two : one, value])

const at = (version: Protocol['version'], ...features: ReadonlyArray<string>): Partial<Protocol> => ({
  version,
  features,
})

/** No version in the name: written with 1.10, which knows all of these types. */
const versionFree = at('1.10')
const byPath = at('1.38', realisationsByPath)
const Hello = struct('Hello', { magic: literal(u64, 0x6478696fn), version: G.ProtocolVersion })

const never = () => false

const common: { readonly [file: string]: Golden } = {
  'content-address': { given: versionFree, values: each(G.ContentAddress, twin.contentAddress) },
  'drv-output': { given: versionFree, values: each(G.DrvOutput, twin.drvOutputText) },
  'optional-content-address': {
    given: versionFree,
    values: each(G.OptContentAddress, twin.optional(twin.contentAddress)),
  },
  'optional-store-path': { given: versionFree, values: each(G.OptStorePath, twin.optional(twin.storePath)) },
  realisation: {
    given: versionFree,
    // The second has its signatures as objects, which is not how we write them: its text is kept.
    values: each(
      G.Realisation,
      twin.jsonRealisation((json) => JSON.stringify(json).includes('keyName')),
    ),
  },
  'realisation-with-deps': { given: versionFree, values: each(G.Realisation, twin.jsonRealisation(never)) },
  set: { given: versionFree, values: nested(setOf(G.String), setOf(setOf(G.String))) },
  'store-path': { given: versionFree, values: each(G.StorePath, twin.storePath) },
  string: { given: versionFree, values: each(G.String, twin.itself) },
  vector: { given: versionFree, values: nested(listOf(G.String), listOf(listOf(G.String))) },
}

const worker: { readonly [file: string]: Golden } = {
  ...common,
  'build-mode': { given: versionFree, values: each(G.BuildMode, twin.buildMode) },
  'build-result-1.27': { given: at('1.27'), values: each(G.BuildResult, twin.buildResult('none')) },
  'build-result-1.28': { given: at('1.28'), values: each(G.BuildResult, twin.buildResult('hash')) },
  'build-result-1.29': { given: at('1.29'), values: each(G.BuildResult, twin.buildResult('hash')) },
  'build-result-1.29-compat': { given: at('1.29'), values: each(G.BuildResult, twin.buildResult('sparse')) },
  'build-result-1.37': { given: at('1.37'), values: each(G.BuildResult, twin.buildResult('hash')) },
  'build-result-realisation-with-path-not-hash': {
    given: byPath,
    values: each(G.BuildResult, twin.buildResult('path')),
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
  'derived-path-1.29': { given: at('1.29'), values: each(G.DerivedPath, twin.derivedPath) },
  'derived-path-1.30': { given: at('1.30'), values: each(G.DerivedPath, twin.derivedPath) },
  'drv-output-realisation-with-path-not-hash': { given: byPath, values: each(G.DrvOutput, twin.drvOutput) },
  'handshake-to-client': { given: versionFree, values: [[Hello, { version: '1.10' }]] },
  'keyed-build-result-1.29': { given: at('1.29'), values: each(G.KeyedBuildResult, twin.keyedBuildResult) },
  'optional-trusted-flag': { given: versionFree, values: each(G.OptTrusted, twin.trusted) },
  'realisation-realisation-with-path-not-hash': {
    given: byPath,
    values: each(G.Realisation, twin.keyedRealisation, twin.single),
  },
  'unkeyed-realisation-realisation-with-path-not-hash': {
    given: byPath,
    values: each(G.UnkeyedRealisation, twin.unkeyedRealisation, twin.single),
  },
  'unkeyed-valid-path-info-1.15': {
    given: at('1.15'),
    values: each(G.UnkeyedValidPathInfo, twin.unkeyedPathInfo),
  },
  'valid-path-info-1.15': { given: at('1.15'), values: each(G.ValidPathInfo, twin.pathInfo) },
  'valid-path-info-1.16': { given: at('1.16'), values: each(G.ValidPathInfo, twin.pathInfo) },
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
  'build-result-2.2': { given: at('2.2'), values: each(S.ServeBuildResult, twin.serveResult('none')) },
  'build-result-2.3': { given: at('2.3'), values: each(S.ServeBuildResult, twin.serveResult('none')) },
  'build-result-2.6': { given: at('2.6'), values: each(S.ServeBuildResult, twin.serveResult('hash')) },
  'build-result-2.7-compat': {
    given: at('2.7'),
    values: each(S.ServeBuildResult, twin.serveResult('sparse')),
  },
  'build-result-2.8': { given: at('2.8'), values: each(S.ServeBuildResult, twin.serveResult('path')) },
  'content-address': { given: at('2.5'), values: each(G.ContentAddress, twin.contentAddress) },
  'drv-output': { given: at('2.5'), values: each(S.ServeDrvOutput, twin.drvOutputText) },
  'drv-output-2.8': { given: at('2.8'), values: each(S.ServeDrvOutput, twin.drvOutput) },
  'handshake-to-client': { given: {}, values: [[S.ServeServerHello, { version: '2.5' }]] },
  'optional-content-address': {
    given: at('2.5'),
    values: each(G.OptContentAddress, twin.optional(twin.contentAddress)),
  },
  'optional-store-path': { given: at('2.5'), values: each(G.OptStorePath, twin.optional(twin.storePath)) },
  realisation: {
    given: at('2.5'),
    values: each(
      S.ServeRealisation,
      twin.jsonRealisation((json) => JSON.stringify(json).includes('keyName')),
    ),
  },
  'realisation-2.8': {
    given: at('2.8'),
    values: each(S.ServeRealisation, twin.keyedRealisation, twin.single),
  },
  'realisation-with-deps': {
    given: at('2.5'),
    values: each(S.ServeRealisation, twin.jsonRealisation(never)),
  },
  set: { given: at('2.5'), values: nested(setOf(G.String), setOf(setOf(G.String))) },
  'store-path': { given: at('2.5'), values: each(G.StorePath, twin.storePath) },
  string: { given: at('2.5'), values: each(G.String, twin.itself) },
  'unkeyed-realisation-2.8': {
    given: at('2.8'),
    values: each(G.UnkeyedRealisation, twin.unkeyedRealisation, twin.single),
  },
  'unkeyed-valid-path-info-2.3': {
    given: at('2.3'),
    values: each(S.ServePathInfo, twin.servePathInfo('none')),
  },
  'unkeyed-valid-path-info-2.4': {
    given: at('2.4'),
    values: each(S.ServePathInfo, twin.servePathInfo('known')),
  },
  vector: { given: at('2.5'), values: nested(listOf(G.String), listOf(listOf(G.String))) },
}

const folders = { 'worker-protocol': worker, 'common-protocol': common, 'serve-protocol': serve }

const filesOf = (folder: string): ReadonlyArray<string> => readdirSync(sharedPath('golden', folder))

const jsonOf = (folder: string, file: string): twin.Json =>
  JSON.parse(readFileSync(sharedPath('golden', folder, `${file}.json`), 'utf8'))

describeWithShared('the golden files of the reference implementation', () => {
  for (const [folder, table] of Object.entries(folders)) {
    describe(folder, () => {
      it('has no file that the table passes over, nor the table one that is not there', () => {
        const files = filesOf(folder)
        const binary = files.filter((file) => file.endsWith('.bin')).map((file) => file.slice(0, -4))
        expect(Object.keys(table)).to.have.members(binary)
        const twins = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -5))
        const compared = Object.entries(table).flatMap(([file, { values }]) =>
          typeof values === 'function' ? [file] : [],
        )
        expect(compared).to.have.members(twins)
        expect(files).to.have.lengthOf(binary.length + twins.length)
      })

      for (const [file, { given, values }] of Object.entries(table)) {
        for (const profile of profiles) {
          it(`${file}, ${profile.profile}: is read, compared field by field, and written again`, () => {
            // A copy: what Node reads into may be a view of a larger buffer.
            const bytes = Uint8Array.from(readFileSync(sharedPath('golden', folder, `${file}.bin`)))
            const expected = typeof values === 'function' ? values(jsonOf(folder, file)) : values
            expect(expected).to.have.length.above(0)
            const written: Array<Uint8Array> = []
            let next = 0
            for (const [grammar, value] of expected) {
              const codec = compile(grammar as Grammar<unknown>, given, profile)
              const read = rightOf(codec.decodeAt(bytes, next))
              expect(read.value).to.deep.equal(value)
              written.push(rightOf(codec.encode(value)))
              next = read.next
            }
            expect(next).to.equal(bytes.length)
            expect(concat(...written)).to.deep.equal(bytes)
          })
        }
      }
    })
  }
})
