import { expect } from 'chai'
import type * as t from 'io-ts'
import {
  BuildResultJson,
  ContentAddressJson,
  DerivationJson,
  DerivedPathJson,
  HashJson,
  ListingJson,
  type NixJson,
  RealisationJson,
  SignatureJson,
  SingleDerivedPathJson,
  StoreObjectInfoJson,
  StorePathJson,
  UnkeyedRealisationJson,
} from '../../nix-json/index.js'
import { issueReporter } from '../../validation/index.js'
import { rightOf } from '../support/either.js'
import { realisationsByPath } from '../support/protocols.js'
import { describeWithShared } from '../support/shared.js'
import { exampleOf, examplesIn, schemaErrors } from './schemas.js'

type Codec = t.Type<never, NixJson, unknown>

interface Row {
  readonly files: () => ReadonlyArray<ReadonlyArray<string>>
  readonly codec: t.Any
  /** The schema of what is written, if Nix has one. */
  readonly schema?: string
}

const allIn =
  (...path: ReadonlyArray<string>) =>
  () =>
    examplesIn(...path)

const files =
  (folder: string, ...names: ReadonlyArray<string>) =>
  () =>
    names.map((name) => [folder, `${name}.json`])

const rows: ReadonlyArray<Row> = [
  { files: allIn('hash'), codec: HashJson, schema: 'hash-v1.yaml' },
  { files: allIn('content-address'), codec: ContentAddressJson, schema: 'content-address-v1.yaml' },
  { files: allIn('store-path'), codec: StorePathJson, schema: 'store-path-v1.yaml' },
  {
    files: files('derived-path', 'single_opaque', 'single_built', 'single_built_built'),
    codec: SingleDerivedPathJson,
    schema: 'deriving-path-v1.yaml',
  },
  {
    files: files(
      'derived-path',
      'multi_opaque',
      'mutli_built',
      'multi_built_built',
      'multi_built_built_wildcard',
    ),
    codec: DerivedPathJson,
  },
  {
    files: files('realisation', 'simple', 'with-signature'),
    codec: RealisationJson,
    schema: 'build-trace-entry-v3.yaml',
  },
  {
    files: files('realisation', 'unkeyed-simple', 'unkeyed-with-signature'),
    codec: UnkeyedRealisationJson,
    schema: 'build-trace-entry-v3.yaml#/$defs/value',
  },
  {
    files: files('realisation', 'simple-sig', 'with-signature-sig'),
    codec: SignatureJson,
    schema: 'signature-v2.yaml',
  },
  {
    files: allIn('build-result'),
    codec: BuildResultJson.under({ features: [realisationsByPath] }),
    schema: 'build-result-v1.yaml',
  },
  ...[1, 2, 3].flatMap((version): ReadonlyArray<Row> => {
    const schema = version === 3 ? { schema: 'store-object-info-v3.yaml' } : {}
    const versioned = (folder: string) => () =>
      examplesIn(folder, `json-${version}`).filter(([, , name]) => name !== 'pure_noversion.json')
    return [
      { files: versioned('path-info'), codec: StoreObjectInfoJson, ...schema },
      { files: versioned('nar-info'), codec: StoreObjectInfoJson, ...schema },
    ]
  }),
  {
    files: () => [
      ...files('derivation', 'simple-derivation', 'dyn-dep-derivation')(),
      ...examplesIn('derivation', 'ca'),
      ...examplesIn('derivation', 'ia'),
      ...examplesIn('derivation', 'invariants'),
      ...examplesIn('derivation', 'hash-modulo'),
    ],
    codec: DerivationJson,
    schema: 'derivation-v4.yaml',
  },
]

describeWithShared("the examples of Nix's JSON", () => {
  for (const { files: list, codec, schema } of rows) {
    for (const path of list()) {
      it(`${path.join('/')} is read as ${codec.name}, and written again`, () => {
        const example = exampleOf(...path)
        const read = (codec as unknown as Codec).decode(example)
        expect(issueReporter.report(read)).to.deep.equal([])
        const written = (codec as unknown as Codec).encode(rightOf(read))
        expect(written).to.deep.equal(example)
        if (schema !== undefined) expect(schemaErrors(schema, written)).to.equal('')
      })
    }
  }

  it('are also read in older forms', () => {
    const [plain, versioned] = ['pure_noversion.json', 'pure.json'].map((name) =>
      StoreObjectInfoJson.decode(exampleOf('path-info', 'json-1', name)),
    )
    expect(plain).to.deep.equal(versioned)
    expect(
      RealisationJson.decode(exampleOf('realisation', 'with-signature-unstructured.json')),
    ).to.deep.equal(RealisationJson.decode(exampleOf('realisation', 'with-signature.json')))
    expect(ListingJson.decode(exampleOf('nar-listing', 'deep.json'))._tag).to.equal('Right')
  })

  it('are rejected as a listing without the types of the entries', () => {
    expect(ListingJson.decode(exampleOf('nar-listing', 'shallow.json'))._tag).to.equal('Left')
  })
})
