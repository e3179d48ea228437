import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { expect } from 'chai'
import { either as E, option as O } from 'fp-ts'
import { text } from '../../combinators/index.js'
import { describeLaws } from '../../laws/index.js'
import { ed25519Later, ofWeb, synchronousEd25519 } from '../../store/ed25519.js'
import {
  fingerprint,
  NarInfo,
  PublicKey,
  parseSecretKey,
  sign,
  tasks,
  verify,
  withSignature,
} from '../../store/index.js'
import {
  BaseStorePath,
  DrvOutputByHash,
  OutputName,
  type Realisation,
  StorePath,
  toBase64,
} from '../../types/index.js'
import { issueOf, rightOf } from '../support/either.js'
import { describeWithShared, sharedPath } from '../support/shared.js'
import { realTexts } from './real-texts.js'

const hex = (digits: string): Uint8Array => new Uint8Array(Buffer.from(digits, 'hex'))

// RFC 8032, 7.1, test 2.
const rfc = {
  seed: hex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'),
  publicKey: hex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'),
  message: Uint8Array.of(0x72),
  signature: hex(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
      '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ),
}
const secretText = `example-1:${toBase64(Buffer.concat([rfc.seed, rfc.publicKey]))}`
const key = rightOf(parseSecretKey(secretText))
const cacheKey = rightOf(PublicKey.make('cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY='))

const info = rightOf(
  NarInfo.parse(`StorePath: /nix/store/c0j2xd95yiaxwalbpvja947x0ivdbxkx-pkgdepends_0.2.0.tar.gz
URL: nar/a.nar
NarHash: sha256:0qf4kam1lkvbkmx0br65919pgrgs91ivjpvgpgj296ply1j0c2ks
NarSize: 294304
References: vz2lm27qmpxf30k82q2xnf544lcyflpa-b 464dm0xy451kc03mxnk0svj242v4dal9-hook
`),
)

const byHash: Realisation = {
  _tag: 'Hash',
  id: rightOf(DrvOutputByHash.make(`sha256:${'0'.repeat(64)}!out`)),
  outPath: rightOf(BaseStorePath.make('g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo')),
  signatures: ['a:b'],
  dependentRealisations: new Map(),
  text: O.none,
}

const byPath = (drv: string, outputName: string, out: string): Realisation => ({
  _tag: 'Path',
  id: {
    drvPath: rightOf(StorePath.make(`/nix/store/${drv}`)),
    outputName: rightOf(OutputName.make(outputName)),
  },
  outPath: rightOf(StorePath.make(`/nix/store/${out}`)),
  signatures: [],
})

describe('ed25519', () => {
  it('of Node and of WebCrypto match RFC 8032', async () => {
    const { seed, publicKey, message, signature } = rfc
    const node = synchronousEd25519(undefined)
    for (const each of [node, ofWeb, ed25519Later()]) {
      expect(await each.sign(seed, message)).to.deep.equal(signature)
      expect(await each.verify(publicKey, message, signature)).to.equal(true)
      expect(await each.verify(publicKey, Uint8Array.of(0x73), signature)).to.equal(false)
    }
  })
})

describe('a fingerprint', () => {
  it('of a path info has its references in order', () => {
    expect(fingerprint(info)).to.deep.equal(
      E.right(
        '1;/nix/store/c0j2xd95yiaxwalbpvja947x0ivdbxkx-pkgdepends_0.2.0.tar.gz;' +
          'sha256:0qf4kam1lkvbkmx0br65919pgrgs91ivjpvgpgj296ply1j0c2ks;294304;' +
          '/nix/store/464dm0xy451kc03mxnk0svj242v4dal9-hook,/nix/store/vz2lm27qmpxf30k82q2xnf544lcyflpa-b',
      ),
    )
  })

  it('of a realisation is its JSON without signatures', () => {
    expect(fingerprint(byHash)).to.deep.equal(
      E.right(
        `{"dependentRealisations":{},"id":"sha256:${'0'.repeat(64)}!out",` +
          '"outPath":"g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo"}',
      ),
    )
  })

  it('is an issue without a size, or for a path in another store', () => {
    const unknown = { ...info, info: { ...info.info, narSize: 0n } }
    expect(issueOf(fingerprint(unknown)).path).to.deep.equal(['info', 'narSize'])
    expect(issueOf(fingerprint(info, { storeDir: '/gnu/store' })).path).to.deep.equal(['path'])
  })

  describeWithShared('as Nix has it', () => {
    const expected = (name: string) => readFileSync(sharedPath('nix-json/examples/realisation', name), 'utf8')
    const hash = 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q'

    it('of realisations by path', () => {
      expect(fingerprint(byPath(`${hash}-bar.drv`, 'foo', `${hash}-foo`))).to.deep.equal(
        E.right(expected('simple-fingerprint.txt')),
      )
      expect(fingerprint(byPath(`${hash}-bar.drv`, 'foo', `${hash}-foo.drv`))).to.deep.equal(
        E.right(expected('with-signature-fingerprint.txt')),
      )
    })
  })
})

describe('signatures', () => {
  it('are made and verified, at once and later', async () => {
    for (const of of [info, byHash, byPath(`${'0'.repeat(32)}-a.drv`, 'out', `${'0'.repeat(32)}-a`)]) {
      const signature = rightOf(sign(of, key))
      expect(rightOf(await tasks.sign(of, key)())).to.equal(signature)
      const signed = withSignature(of, signature)
      expect(withSignature(signed, signature)).to.deep.equal(signed)
      const verdicts = rightOf(verify(signed, [cacheKey, key.publicKey]))
      expect(verdicts.at(-1)).to.deep.equal({ signature, is: 'good' })
      expect(rightOf(await tasks.verify(signed, [cacheKey, key.publicKey])())).to.deep.equal(verdicts)
    }
  })

  it('are good, wrong, unknown or malformed', () => {
    const signature = rightOf(sign(info, key))
    const moved = { ...info, path: rightOf(StorePath.make(`/nix/store/${'0'.repeat(32)}-a`)) }
    const all = [signature, signature.replace('example-1', 'example-2'), 'example-1:FeM=', 'fake']
    const signed = all.reduce(withSignature, moved)
    expect(rightOf(verify(signed, [key.publicKey])).map(({ is }) => is)).to.deep.equal([
      'wrong',
      'unknown',
      'malformed',
      'malformed',
    ])
  })

  it('are made by a given ed25519', () => {
    const ed25519 = { sign: () => new Uint8Array(64), verify: () => true }
    expect(rightOf(sign(info, key, { ed25519 }))).to.equal(`example-1:${toBase64(new Uint8Array(64))}`)
  })

  it('are not made if the halves of a key do not match', () => {
    const other = rightOf(parseSecretKey(`a:${toBase64(Buffer.concat([rfc.seed, new Uint8Array(32)]))}`))
    expect(issueOf(sign(info, other)).expected).to.equal('a seed and its own public key')
  })

  describeWithShared('of a real cache', () => {
    for (const [name, bytes] of realTexts('narinfo')) {
      it(`${name} are good`, () => {
        const real = rightOf(NarInfo.parse(bytes))
        const verdicts = rightOf(verify(real, [cacheKey]))
        expect(verdicts.length).to.be.above(0)
        expect(verdicts.map(({ is }) => is)).to.deep.equal(verdicts.map(() => 'good'))
        const references = [...real.info.references, real.path, cacheKey as never]
        expect(E.isLeft(verify({ ...real, info: { ...real.info, references } }, [cacheKey]))).to.equal(true)
      })
    }
  })
})

describe('a secret key', () => {
  const secret = secretText.split(':')[1]!

  it('is read, also with a newline after it', () => {
    expect(rightOf(parseSecretKey(`${secretText}\n`)).publicKey).to.equal(
      `example-1:${toBase64(rfc.publicKey)}`,
    )
    expect(rightOf(PublicKey.make(key.publicKey))).to.equal(key.publicKey)
  })

  it('is in no text of its value', () => {
    const wrong = [secret, `:${secret}`, `a:*${secret}`, `a:${secret.slice(4)}`, `a:${secret.slice(0, -4)}`]
    const shown = [
      inspect(key, { depth: null, showHidden: true }),
      JSON.stringify(key),
      JSON.stringify({ ...key }),
      ...wrong.map((each) => JSON.stringify(issueOf(parseSecretKey(each)))),
    ]
    for (const each of shown) {
      expect(each).not.to.contain(secret.slice(0, 8))
      expect(each).not.to.contain(secret.slice(4, 12))
    }
  })

  it('is rejected without a name, in other characters, or of another length', () => {
    for (const wrong of ['', secret, `:${secret}`, `a:*${secret}`, `a:${secret.slice(4)}`]) {
      expect(issueOf(parseSecretKey(wrong)).grammar).to.equal('SecretKey')
    }
  })
})

describe('a public key', () => {
  it('has no issue that shows the text, which may be a secret key', () => {
    const [, secret] = secretText.split(':') as [string, string]
    const wrong = [secretText, secret, `:${secret}`, `a:*${secret}`, `a:${secret.slice(4)}*`, `a:${secret}\n`]
    for (const each of wrong) {
      const shown = JSON.stringify(issueOf(PublicKey.make(each)))
      for (const at of [0, 4, 8, 40, 70]) {
        expect(shown).not.to.contain(secret.slice(at, at + 8))
      }
    }
  })

  it('is rejected at its place', () => {
    const position = (wrong: string) => issueOf(PublicKey.make(wrong)).position
    expect(position('no colon')).to.equal(0)
    expect(position(':AAAA')).to.equal(0)
    expect(position('ä:AAA*')).to.equal(6)
    expect(position('ä:AAAA')).to.equal(3)
  })

  describeLaws(text(PublicKey.format))
})
