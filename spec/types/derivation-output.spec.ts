import { expect } from 'chai'
import fc from 'fast-check'
import { none, type Option, some } from 'fp-ts/lib/Option.js'
import {
  type ContentAddressMethodWithAlgo,
  type DerivationOutput,
  DerivationOutputHash,
  derivationOutputFromTexts,
  derivationOutputToTexts,
  hashTo,
} from '../../types/index.js'
import { guardsAgainstEverythingElse, obeysTheLaws } from './laws.js'
import { issueOf, read, refuses, rightOf } from './outcomes.js'
import { hashes, methods, storePaths } from './values.js'

const [path] = fc.sample(storePaths, { numRuns: 1, seed: 1 })
const hex = '15e3c560894cbb27085cf65b5a2ecb18488c999497f4531b6907a7581ce6d527'
const hash = (text: string): Option<DerivationOutputHash> => some(read(DerivationOutputHash, text))
const nar: Option<ContentAddressMethodWithAlgo> = some({ _tag: 'NixArchive', algorithm: 'sha256' })
const here = some(path as NonNullable<typeof path>)

const outputs: fc.Arbitrary<DerivationOutput> = fc.oneof(
  storePaths.map((path): DerivationOutput => ({ _tag: 'InputAddressed', path })),
  fc
    .tuple(storePaths, methods, hashes)
    .map(([path, method, hash]): DerivationOutput => ({ _tag: 'CAFixed', path, method, ...hash })),
  fc
    .tuple(fc.constantFrom('CAFloating' as const, 'Impure' as const), methods, hashes)
    .map(([_tag, method, { algorithm }]): DerivationOutput => ({ _tag, method, algorithm })),
  fc.constant<DerivationOutput>({ _tag: 'Deferred' }),
)

describe('DerivationOutputHash', () => {
  guardsAgainstEverythingElse(DerivationOutputHash)
  obeysTheLaws(
    DerivationOutputHash.format,
    fc.oneof(
      fc.constant('impure' as string as DerivationOutputHash),
      hashes.map((value) => hashTo('nix32', value) as string as DerivationOutputHash),
    ),
  )
  refuses(DerivationOutputHash, [
    ['', 0, 'a digest as long as'],
    ['Impure', 6, 'a digest as long as'],
    ['impure ', 7, 'a digest as long as'],
    [`sha256:${hex}`, 71, 'a digest as long as'],
  ])
})

describe('DerivationOutput', () => {
  it('becomes three texts, and is read back from them', () => {
    fc.assert(
      fc.property(outputs, (output) => {
        const texts = rightOf(derivationOutputToTexts(output))
        expect(rightOf(derivationOutputFromTexts(texts))).to.deep.equal(output)
      }),
    )
  })

  it('has the texts of the reference implementation in each case', () => {
    const texts = (output: object) => rightOf(derivationOutputToTexts(output as DerivationOutput))
    const method = { method: 'NixArchive', algorithm: 'sha256' }
    expect(texts({ _tag: 'InputAddressed', path })).to.deep.equal({ path: here, hashAlgo: none, hash: none })
    expect(texts({ _tag: 'CAFixed', path, ...method, digest: hex })).to.deep.equal({
      path: here,
      hashAlgo: nar,
      hash: some(hex),
    })
    expect(texts({ _tag: 'CAFloating', ...method })).to.deep.equal({ path: none, hashAlgo: nar, hash: none })
    expect(texts({ _tag: 'Deferred' })).to.deep.equal({ path: none, hashAlgo: none, hash: none })
    expect(texts({ _tag: 'Impure', ...method })).to.deep.equal({
      path: none,
      hashAlgo: nar,
      hash: some('impure'),
    })
  })

  it('recognises the encoding of the digest by its length', () => {
    const digest = '09ymwqf5i9q7d4dm7x4pjjcqqj0qrcp5lnznbh42gfsci5hcbqqm'
    const base64 = 'FePFYIlMuycIXPZbWi7LGEiMmZSX9FMbaQenWBzm1Sc='
    for (const text of [hex, hex.toUpperCase(), digest, base64]) {
      expect(
        rightOf(derivationOutputFromTexts({ path: here, hashAlgo: nar, hash: hash(text) })),
      ).to.deep.equal({
        _tag: 'CAFixed',
        path,
        method: 'NixArchive',
        algorithm: 'sha256',
        digest: hex,
      })
    }
  })

  it('ignores the hash if there is no algorithm', () => {
    const read = (path: typeof here | typeof none, text: string) =>
      rightOf(derivationOutputFromTexts({ path, hashAlgo: none, hash: hash(text) }))
    expect(read(here, hex)).to.deep.equal({ _tag: 'InputAddressed', path })
    expect(read(here, 'impure')).to.deep.equal({ _tag: 'InputAddressed', path })
    expect(read(none, hex)).to.deep.equal({ _tag: 'Deferred' })
  })

  it('rejects other combinations, and says what is wrong', () => {
    const refusal = (...[path, hashAlgo, hash]: ReadonlyArray<Option<unknown>>) =>
      issueOf(derivationOutputFromTexts({ path, hashAlgo, hash } as never))
    expect(refusal(here, nar, none)).to.equal('expected no path in a floating content-addressed output')
    expect(refusal(here, nar, hash('impure'))).to.equal('expected no path in an impure output')
    expect(refusal(none, nar, hash(hex))).to.equal('expected the path of a fixed content-addressed output')
    expect(refusal(here, nar, hash(hex.slice(0, 32)))).to.match(
      /^expected a sha256 digest of .* at position 32, got the end/,
    )
  })

  it('refuses to write a digest that is not in base16, or not of the algorithm', () => {
    for (const digest of [hex.toUpperCase(), hex.slice(0, 40), 'impure', '']) {
      const output = {
        _tag: 'CAFixed',
        path,
        method: 'Flat',
        algorithm: 'sha256',
        digest,
      } as unknown as DerivationOutput
      expect(issueOf(derivationOutputToTexts(output))).to.equal(
        `expected a sha256 digest in base16, got ${JSON.stringify(digest)}`,
      )
    }
  })
})
