import fc from 'fast-check'
import { none, some } from 'fp-ts/lib/Option.js'
import {
  type Base16Digest,
  BaseStorePath,
  type ContentAddressMethod,
  type DerivedPath,
  type DrvOutputByHash,
  digestSize,
  type HashAlgorithm,
  hashAlgorithms,
  type OutputName,
  type OutputsSpec,
  RealisationByHash,
  Signature,
  type SingleDerivedPath,
  StorePath,
  StorePathName,
} from '../../types/index.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { rightOf } from './outcomes.js'
import { arbitraryOf } from './patterns.js'

/** Canonical values of the types, made without their parsers. */

const usual = nixProtocol()

const texts = <A>(format: { readonly pattern?: Parameters<typeof arbitraryOf>[0] }): fc.Arbitrary<A> =>
  arbitraryOf(format.pattern ?? [], usual) as unknown as fc.Arbitrary<A>

const outputNames: fc.Arbitrary<OutputName> = fc.oneof(
  fc.constantFrom(
    'out',
    'dev',
    'a',
    'b',
    '.x',
    'A',
    'z-',
  ) as fc.Arbitrary<string> as fc.Arbitrary<OutputName>,
  texts<OutputName>(StorePathName.format),
)
export const storePaths: fc.Arbitrary<StorePath> = texts(StorePath.format)
const drvPaths: fc.Arbitrary<StorePath> = storePaths
  .filter((path) => path.length < 200)
  .map((path) => `${path}.drv` as StorePath)
const basePaths: fc.Arbitrary<BaseStorePath> = texts(BaseStorePath.format)
export const signatures: fc.Arbitrary<Signature> = texts(Signature.format)
export const algorithms: fc.Arbitrary<HashAlgorithm> = fc.constantFrom(...hashAlgorithms)
export const methods: fc.Arbitrary<ContentAddressMethod> = fc.constantFrom(
  'Text',
  'Flat',
  'NixArchive',
  'Git',
)

const bytesOfSize = (size: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: size, maxLength: size })

export const hashes = algorithms.chain((algorithm) =>
  bytesOfSize(digestSize[algorithm]).map((bytes) => ({
    algorithm,
    digest: Buffer.from(bytes).toString('hex') as string as Base16Digest,
  })),
)

const namedOutputs = fc
  .uniqueArray(outputNames, { minLength: 1, maxLength: 5 })
  .map((names): OutputsSpec => ({ _tag: 'Names', names: names.sort() }))

const outputsSpecs: fc.Arbitrary<OutputsSpec> = fc.oneof(
  fc.constant<OutputsSpec>({ _tag: 'All' }),
  namedOutputs,
)

const singles: fc.Arbitrary<SingleDerivedPath> = fc
  .tuple(storePaths, fc.array(outputNames, { maxLength: 4 }))
  .map(([path, outputs]) =>
    outputs.reduce<SingleDerivedPath>((drvPath, output) => ({ _tag: 'Built', drvPath, output }), {
      _tag: 'Opaque',
      path,
    }),
  )

export const derivedPaths: fc.Arbitrary<DerivedPath> = fc.oneof(
  storePaths.map((path): DerivedPath => ({ _tag: 'Opaque', path })),
  fc.record({ _tag: fc.constant('Built' as const), drvPath: singles, outputs: outputsSpecs }),
)

/** Those that have a text before 1.30. */
export const legacyDerivedPaths: fc.Arbitrary<DerivedPath> = fc.oneof(
  storePaths.filter((path) => !path.endsWith('.drv')).map((path): DerivedPath => ({ _tag: 'Opaque', path })),
  drvPaths.map(
    (path): DerivedPath => ({
      _tag: 'Built',
      drvPath: { _tag: 'Opaque', path },
      outputs: { _tag: 'All' },
    }),
  ),
  fc
    .tuple(storePaths, namedOutputs)
    .map(([path, outputs]): DerivedPath => ({ _tag: 'Built', drvPath: { _tag: 'Opaque', path }, outputs })),
)

export const drvOutputs: fc.Arbitrary<DrvOutputByHash> = fc
  .tuple(hashes, outputNames)
  .map(([hash, outputName]) => ({ _tag: 'Hash', ...hash, outputName }))

const idText = ({ algorithm, digest, outputName }: DrvOutputByHash): string =>
  `${algorithm}:${digest}!${outputName}`

const canonicalRealisations: fc.Arbitrary<RealisationByHash> = fc.record({
  _tag: fc.constant('Hash' as const),
  id: drvOutputs,
  outPath: basePaths,
  signatures: fc.array(signatures, { maxLength: 3 }),
  dependentRealisations: fc
    .array(fc.tuple(drvOutputs.map(idText), basePaths), { maxLength: 3 })
    .map((entries) => new Map(entries)),
  text: fc.constant(none),
})

/** Some of them came as JSON that is not canonical. */
export const realisations: fc.Arbitrary<RealisationByHash> = fc
  .tuple(canonicalRealisations, fc.boolean())
  .map(([value, kept]) =>
    kept ? { ...value, text: some(` ${rightOf(RealisationByHash.format.print(value, usual))}`) } : value,
  )
