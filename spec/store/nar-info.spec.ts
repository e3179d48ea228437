import { expect } from 'chai'
import { either as E, function as F, option as O } from 'fp-ts'
import { text } from '../../combinators/index.js'
import { describeLaws } from '../../laws/index.js'
import { CacheInfo, NarInfo, narInfoOf, type StoreText, showStoreTextIssue } from '../../store/index.js'
import { issueOf, rightOf } from '../support/either.js'
import { narInfoHead } from '../support/nar-info.js'
import { describeWithShared } from '../support/shared.js'
import { realTexts } from './real-texts.js'

const file = `${narInfoHead}
References: 464dm0xy451kc03mxnk0svj242v4dal9-hook
Deriver: bfrcbrwlk185nx5ax97xnb7dfn9hq1yb-pkgdepends_0.2.0.tar.gz.drv
Sig: a:FeM=
Sig: b:FeM=
`

const decoder = new TextDecoder()
const reprinted = <A>(of: StoreText<A>, data: string): string =>
  decoder.decode(rightOf(of.print(rightOf(of.parse(data)))))
const refusal = <A>(of: StoreText<A>, data: string): string => showStoreTextIssue(issueOf(of.parse(data)))

describe('a narinfo', () => {
  it('is a path info, and the place of the archive', () => {
    const value = rightOf(NarInfo.parse(file))
    expect(value.info.references).to.deep.equal(['/nix/store/464dm0xy451kc03mxnk0svj242v4dal9-hook'])
    expect(value.info.signatures).to.deep.equal(['a:FeM=', 'b:FeM='])
    expect(value.info.deriver).to.deep.equal(
      O.some('/nix/store/bfrcbrwlk185nx5ax97xnb7dfn9hq1yb-pkgdepends_0.2.0.tar.gz.drv'),
    )
    expect(value.info.ca).to.deep.equal(O.none)
    expect([value.compression, value.fileSize, value.info.narSize]).to.deep.equal([
      'xz',
      O.some(294376n),
      294304n,
    ])
    expect([value.others, value.text]).to.deep.equal([[], O.none])
  })

  const unusual: ReadonlyArray<readonly [string, (text: string) => string]> = [
    ['lines in another order', (text) => text.split('\n').slice(0, -1).reverse().join('\n').concat('\n')],
    ['no compression', (text) => text.replace('Compression: xz\n', '')],
    ['no references', (text) => text.replace(/References.*\n/, '')],
    ['a hash in base16', (text) => text.replace(/sha256:0qf.*/, `sha256:${'0a'.repeat(32)}`)],
    [
      'an SRI hash',
      (text) => text.replace(/sha256:0qf.*/, 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='),
    ],
    ['an unknown deriver', (text) => text.replace(/Deriver.*/, 'Deriver: unknown-deriver')],
    ['a number with a zero before it', (text) => text.replace('294304', '0294304')],
    ['a signature without padding', (text) => text.replace('b:FeM=', 'b:FeM')],
  ]
  for (const [what, change] of unusual) {
    it(`keeps its text with ${what}`, () => {
      const changed = change(file)
      expect(changed).not.to.equal(file)
      const value = rightOf(NarInfo.parse(changed))
      expect(O.isSome(value.text)).to.equal(true)
      expect(reprinted(NarInfo, changed)).to.equal(changed)
    })
  }

  it('is written in the usual form after a change', () => {
    const value = rightOf(NarInfo.parse(file.replace('Compression: xz\n', '')))
    const changed = { ...value, url: 'elsewhere' }
    expect(issueOf(NarInfo.print(changed)).path).to.deep.equal(['text'])
    const moved = decoder.decode(rightOf(NarInfo.print({ ...changed, text: O.none })))
    expect(moved).to.contain('URL: elsewhere\nCompression: bzip2\n')
  })

  it('keeps unknown lines where they are', () => {
    const changed = `A: b\n${file.replace('Deriver', 'System: i686\nÄ: \udcff \nDeriver')}Z: \n`
    expect(rightOf(NarInfo.parse(changed)).others).to.deep.equal([
      { name: 'A', value: 'b', after: '' },
      { name: 'System', value: 'i686', after: 'References' },
      { name: 'Ä', value: '\udcff ', after: 'References' },
      { name: 'Z', value: '', after: 'Sig' },
    ])
    expect(rightOf(NarInfo.print(rightOf(NarInfo.parse(changed))))).to.deep.equal(
      new Uint8Array(Buffer.from(changed.replace('\udcff', '\0'))).map((byte) => (byte === 0 ? 0xff : byte)),
    )
  })

  it('is rejected at its line and column', () => {
    const rows: ReadonlyArray<readonly [string, string, string]> = [
      ['/nix/store/c0j2', '/nix/store//c0j2', '1:23: path: expected a hash of 32 nix32 symbols'],
      ['294376', '-1', '5:11: fileSize: expected a decimal number, got "-1"'],
      ['294304', '0', '7:10: info.narSize: expected a decimal number from 1'],
      ['294304', '9'.repeat(300), '7:10: info.narSize: expected a decimal number from 1'],
      ['sha256:0qf', 'sha256:2qf', '6:17: info.narHash: expected unused high bits to be zero'],
      ['-hook', '-hook  b', '8:51: info.references: expected a hash of 32 nix32 symbols'],
      ['Deriver: ', 'Deriver:', '9:9: expected a space, got "bfr'],
      ['Deriver', 'URL', '9:1: url: expected one line URL only'],
      ['Sig: b:F', 'Sig b F', '11:11: expected ":", got "\\n"'],
      ['Sig: b:FeM=\n', '\n', '11:1: expected ":", got "\\n"'],
      ['b:FeM=\n', 'b:FeM=', '11:12: expected a newline, got the end of the text'],
      ['NarHash', 'Narhash', '12:1: info.narHash: expected a line NarHash, got the end'],
    ]
    for (const [part, by, expected] of rows) {
      expect(refusal(NarInfo, file.replace(part, by))).to.contain(expected)
    }
  })

  it('is made from a path info of a daemon', () => {
    const { path, info, ...about } = rightOf(NarInfo.parse(file))
    const said = { path, info: { ...info, registrationTime: 7n, ultimate: true } }
    const made = narInfoOf(said, about)
    expect(decoder.decode(rightOf(NarInfo.print(made)))).to.equal(file)
    expect(issueOf(NarInfo.print({ ...made, info: said.info })).path).to.deep.equal([
      'info',
      'registrationTime',
    ])
    const unknown = { ...made, info: { ...made.info, narSize: 0n } }
    expect(issueOf(NarInfo.print(unknown)).path).to.deep.equal(['info', 'narSize'])
    const twoLines = { ...made, url: 'a\nSig: b:c' }
    expect(issueOf(NarInfo.print(twoLines)).path).to.deep.equal(['url'])
    const others = [{ name: 'X', value: 'a\nb', after: '' }]
    expect(issueOf(NarInfo.print({ ...made, others })).path).to.deep.equal(['others', 0])
    const [a, b] = ['', 'URL'].map((after) => ({ name: 'X', value: '', after }))
    expect(E.isRight(NarInfo.print({ ...made, others: [a!, b!] }))).to.equal(true)
    for (const wrong of [[b!, a!], [{ ...a!, after: 'CA' }], [{ ...a!, after: 'Other' }]]) {
      expect(issueOf(NarInfo.print({ ...made, others: wrong })).path).to.deep.equal(['others', 0, 'after'])
    }
    expect(
      issueOf(NarInfo.print({ ...made, others: [{ name: 'URL', value: '', after: '' }] })).path,
    ).to.deep.equal(['others', 0])
  })

  describeLaws(text(NarInfo.format))

  describeWithShared('of a real cache', () => {
    for (const [name, bytes] of realTexts('narinfo')) {
      it(`${name} is printed as the same bytes`, () => {
        const value = rightOf(NarInfo.parse(bytes))
        expect(rightOf(NarInfo.print(value))).to.deep.equal(bytes)
        expect(value.text, 'as Nix writes it').to.deep.equal(O.none)
        expect(value.path).to.contain(name.slice(0, 32))
      })
    }
  })
})

describe('a nix-cache-info', () => {
  it('keeps a last line without a newline', () => {
    const cachix = 'StoreDir: /nix/store\nWantMassQuery: 1\nPriority: 41'
    expect(rightOf(CacheInfo.parse(cachix)).priority).to.deep.equal(O.some(41n))
    expect(reprinted(CacheInfo, cachix)).to.equal(cachix)
    expect(reprinted(CacheInfo, '')).to.equal('')
  })

  it('is rejected at its line and column', () => {
    expect(refusal(CacheInfo, 'StoreDir: nix\n')).to.contain('1:11: storeDir: expected an absolute path')
    expect(refusal(CacheInfo, 'Priority: 1\nWantMassQuery: yes\n')).to.contain(
      '2:16: wantMassQuery: expected 0 or 1',
    )
    expect(refusal(CacheInfo, 'Priority: 2147483648\n')).to.contain('1:11: priority')
    expect(refusal(CacheInfo, 'Priority: 1\nPriority: 1\n')).to.contain('2:1: priority')
  })

  describeLaws(text(CacheInfo.format))
})

describe('narinfos and nix-cache-infos with one rule broken', () => {
  const rulesOf = <A>(of: StoreText<A>, value: A): ReadonlyArray<string> =>
    of.broken(value).map(({ rule, text: broken, offset, path }) => {
      const issue = issueOf(of.parse(broken))
      expect([rule, issue.offset, issue.path]).to.deep.equal([rule, offset, path])
      return rule
    })

  it('are rejected where the generator says', () => {
    const rules = new Set(
      rulesOf(NarInfo, rightOf(NarInfo.parse(`A: b\n${file}CA: text:sha1:${'0'.repeat(32)}\n`))),
    )
    expect([...rules]).to.include.members([
      'each line has a colon',
      'a line has a name',
      'a space follows the colon',
      'there is a line NarHash',
      'there is one line CA',
      'Deriver says something',
      'the last line ends too',
    ])
    expect(
      F.pipe(
        CacheInfo.parse('Priority: 1\n'),
        E.map((value) => rulesOf(CacheInfo, value).length),
      ),
    ).to.deep.equal(E.right(5))
  })
})
