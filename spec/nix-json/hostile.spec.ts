import { expect } from 'chai'
import {
  DerivationJson,
  DerivedPathJson,
  ListingJson,
  PathInfosJson,
  RealisationJson,
  SingleDerivedPathJson,
  StoreObjectInfoJson,
} from '../../nix-json/index.js'
import { issueReporter } from '../../validation/index.js'

const drv = 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-tea.drv'

/** JSON with one value inside the next, so many times. */
const nested = (before: string, inner: string, after: string, levels: number): unknown =>
  JSON.parse(before.repeat(levels) + inner + after.repeat(levels))

const outputOf = (levels: number): unknown => nested('{"output":"out","drvPath":', `"${drv}"`, '}', levels)
const directoryOf = (levels: number): unknown =>
  nested('{"type":"directory","entries":{"a":', '{"type":"symlink","target":"b"}', '}}', levels)
const inputOf = (levels: number): object => ({
  name: 'tea',
  version: 4,
  outputs: {},
  system: 'x',
  builder: 'x',
  args: [],
  env: {},
  inputs: {
    srcs: [],
    drvs: { [drv]: nested('{"outputs":[],"dynamicOutputs":{"out":', '{}', '}}', levels) },
  },
})

describe('hostile JSON of Nix', () => {
  const deep: ReadonlyArray<
    readonly [string, { decode(input: unknown): { readonly _tag: string } }, (levels: number) => unknown]
  > = [
    ['SingleDerivedPath', SingleDerivedPathJson, outputOf],
    ['Listing', ListingJson, directoryOf],
    ['Derivation', DerivationJson, inputOf],
  ]
  for (const [name, codec, of] of deep) {
    it(`is rejected below the deepest level, without a stack overflow: ${name}`, () => {
      expect(codec.decode(of(60))._tag).to.equal('Right')
      for (const levels of [70, 1000, 100_000]) {
        expect(codec.decode(of(levels))._tag, String(levels)).to.equal('Left')
      }
    })
  }

  it('is rejected below the deepest level in the outputs of a derivation', () => {
    expect(DerivedPathJson.decode({ drvPath: outputOf(100_000), outputs: ['*'] })._tag).to.equal('Left')
  })

  it('is rejected if unknown members of a realisation by hash are too deep', () => {
    const id = `sha256:${'0'.repeat(64)}!out`
    const outPath = 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-tea'
    const other = nested('[', '', ']', 100_000)
    expect(RealisationJson.decode({ id, outPath, other })._tag).to.equal('Left')
    const attrs = { ...inputOf(0), structuredAttrs: { a: other } }
    expect(DerivationJson.decode(attrs)._tag).to.equal('Left')
  })

  it('keeps keys that are special in a JavaScript object', () => {
    const read = ListingJson.decode(
      JSON.parse('{"type":"directory","entries":{"__proto__":{"type":"symlink","target":"x"}}}'),
    )
    expect(read).to.have.nested.property('right.entries')
    const listing = read._tag === 'Right' ? read.right : undefined
    expect(listing?.type === 'directory' && [...listing.entries.keys()]).to.deep.equal(['__proto__'])
    expect(listing && JSON.stringify(ListingJson.encode(listing))).to.contain('"__proto__"')
    expect(PathInfosJson.decode(JSON.parse('{"__proto__":null}'))._tag).to.equal('Left')
  })

  it('is read by its own members only', () => {
    const inherited: unknown = Object.create({ narHash: 'x', narSize: 1, references: [] })
    expect(issueReporter.report(StoreObjectInfoJson.decode(inherited))).to.deep.equal([
      'narHash: expected a member of this name',
      'narSize: expected a member of this name',
      'references: expected a member of this name',
    ])
  })

  it('has at most mostErrors errors for an object', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`wrong-${i}`, null]))
    expect(issueReporter.report(PathInfosJson.decode(many))).to.have.lengthOf(100)
  })

  it('is rejected with another store directory', () => {
    const info = { narHash: `sha256-${'A'.repeat(43)}=`, narSize: 0, references: [], storeDir: '/gnu/store' }
    expect(issueReporter.report(StoreObjectInfoJson.decode(info))).to.deep.equal([
      'storeDir: expected "/nix/store", got "/gnu/store"',
    ])
    expect(StoreObjectInfoJson.under({ storeDir: '/gnu/store' }).decode(info)._tag).to.equal('Right')
  })
})
