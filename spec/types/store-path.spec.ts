import { expect } from 'chai'
import fc from 'fast-check'
import {
  BaseStorePath,
  baseStorePathOf,
  isDerivationPath,
  OutputName,
  StorePath,
  StorePathHash,
  StorePathName,
  StrictStorePath,
  storePathHashOf,
  storePathIn,
  storePathNameOf,
} from '../../types/index.js'
import { describeWithShared } from '../support/shared.js'
import { goldenJson, goldenStrings } from './golden.js'
import { agreesWithItsPattern, guardsAgainstEverythingElse } from './laws.js'
import { issueOf, read, refuses } from './outcomes.js'
import { storePaths } from './values.js'

const hash = 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q'
const foo = `/nix/store/${hash}-foo`

describe('StorePathName and OutputName', () => {
  for (const type of [StorePathName, OutputName]) {
    describe(type.name, () => {
      agreesWithItsPattern<StorePathName | OutputName>(type.format as never)
      guardsAgainstEverythingElse<StorePathName | OutputName>(type as never)

      it('accepts what the reference implementation accepts', () => {
        const names = ['a', '.hidden', '...', '.x', '-', '--', '=?_', 'A+b', '..x', 'a'.repeat(211)]
        expect(names.filter((name) => !type.is(name))).to.deep.equal([])
      })

      refuses<StorePathName | OutputName>(type as never, [
        ['', 0, 'a character of a name'],
        ['.', 0, 'a name other than . and ..'],
        ['..', 0, 'a name other than . and ..'],
        ['.-', 0, 'does not begin with .- or ..-'],
        ['.-x', 0, 'does not begin with .- or ..-'],
        ['..-x', 0, 'does not begin with .- or ..-'],
        ['a b', 1, 'at most 211'],
        ['a/b', 1, 'at most 211'],
        ['*', 0, 'a character of a name'],
        ['naïve', 2, 'at most 211'],
        ['a\0', 1, 'at most 211'],
        ['\ud800', 0, 'whole Unicode characters'],
        ['a'.repeat(212), 211, 'at most 211'],
      ])
    })
  }
})

describe('StorePathHash', () => {
  agreesWithItsPattern(StorePathHash.format)
  guardsAgainstEverythingElse(StorePathHash)

  it('accepts all symbols in all places', () => {
    expect(StorePathHash.is('z'.repeat(32))).to.equal(true)
    expect(StorePathHash.is('0123456789abcdfghijklmnpqrsvwxyz')).to.equal(true)
  })

  refuses(StorePathHash, [
    ['', 0, '32 nix32 symbols'],
    [hash.slice(1), 31, '32 nix32 symbols'],
    [`${hash}0`, 32, 'no more than 32'],
    [hash.replace('7', 'e'), 3, '32 nix32 symbols'],
    [hash.toUpperCase(), 0, '32 nix32 symbols'],
  ])
})

describe('BaseStorePath', () => {
  agreesWithItsPattern(BaseStorePath.format)
  guardsAgainstEverythingElse(BaseStorePath)
  refuses(BaseStorePath, [
    [hash, 32, '"-"'],
    [`${hash}foo`, 32, '"-"'],
    [`${hash}-`, 33, 'a character of a name'],
    [`${hash}-..`, 33, 'a name other than'],
    [`${hash.slice(2)}-foo`, 30, '32 nix32 symbols'],
    [foo, 0, '32 nix32 symbols'],
  ])
})

describe('StorePath', () => {
  agreesWithItsPattern(StorePath.format)
  guardsAgainstEverythingElse(StorePath)

  describeWithShared('golden files', () => {
    it('reads the paths of store-path.bin as their base names', () => {
      const paths = goldenStrings('store-path').map((text) => read(StorePath, text))
      expect(paths.map(baseStorePathOf)).to.deep.equal(goldenJson('store-path'))
      expect(paths.map((path) => StorePath.encode(path))).to.deep.equal(goldenStrings('store-path'))
    })
  })

  it('normalises a path as the reference implementation does', () => {
    const forms = [
      foo,
      `${foo}/`,
      `${foo}//`,
      `${foo}/.`,
      `${foo}/x/..`,
      `/nix//store/./${hash}-foo`,
      `//nix/store/${hash}-foo`,
      `/../nix/store/${hash}-foo`,
      `/nix/var/../store/${hash}-foo`,
      `/nix/store/${hash}-bar/../${hash}-foo`,
      `/nix/store/../../nix/store/${hash}-foo`,
    ]
    expect(forms.map((form) => read(StorePath, form))).to.deep.equal(forms.map(() => foo))
    expect(forms.filter((form) => StorePath.is(form))).to.deep.equal([foo])
    expect(forms.filter((form) => StrictStorePath.make(form)._tag === 'Right')).to.deep.equal([foo])
  })

  it('leaves the unnormalised path out of its text', () => {
    const noise = fc.constantFrom('/', '/./', '//', '/x/../')
    fc.assert(
      fc.property(storePaths, fc.array(noise, { minLength: 3, maxLength: 3 }), (path, [a, b, c]) => {
        const base = baseStorePathOf(path)
        expect(read(StorePath, `${a}nix${b}store${c}${base}`)).to.equal(path)
      }),
    )
  })

  refuses(StorePath, [
    ['', 0, 'an absolute path'],
    ['nix/store', 0, 'an absolute path'],
    [foo.slice(1), 0, 'an absolute path'],
    ['/', 1, 'a path in /nix/store'],
    ['/nix', 4, 'a path in /nix/store'],
    ['/nix/store', 10, 'a path below /nix/store'],
    ['/nix/store/', 11, 'a path below /nix/store'],
    [`/gnu/store/${hash}-foo`, 1, 'a path in /nix/store'],
    [`/nix/stores/${hash}-foo`, 5, 'a path in /nix/store'],
    [`/nix/./stores/${hash}-foo`, 7, 'a path in /nix/store'],
    [`${foo}/bin`, 48, 'nothing below the store path'],
    [`${foo}/..`, 50, 'a path below /nix/store'],
    [`/nix/store/${hash}-f o`, 45, 'at most 211'],
    [`/nix//store/${hash}-f o`, 46, 'at most 211'],
    [`/nix/store/${hash}-..`, 44, 'a name other than'],
    [`/nix/store/${hash}`, 43, '"-"'],
    [`/nix/store/é${hash}-foo`, 11, '32 nix32 symbols'],
    [`/é/../nix/store/${hash}-f!`, 51, 'at most 211'],
    [`${foo}\0`, 47, 'at most 211'],
    [`${'/'.repeat(5000)}${foo}`, 4106, 'at most 4106 characters'],
  ])

  it('normalises a text of up to 4096 characters besides the store directory', () => {
    for (const storeDir of ['/nix/store', '/s', '/srv/nix store/é']) {
      const type = StorePath.under({ storeDir })
      const path = `${storeDir}/${hash}-foo`
      const most = storeDir.length + 4096
      const longest = '/'.repeat(most - path.length) + path
      expect(longest.length).to.equal(most)
      expect(read(type, longest)).to.equal(path)
      const issue = issueOf(type.make(`/${longest}`))
      expect(issue.expected).to.equal(`a path of at most ${most} characters`)
      expect(issue.position).to.equal(Buffer.byteLength(`/${longest}`.slice(0, most)))
    }
    expect(read(StorePath, `${'/'.repeat(4106 - foo.length)}${foo}`)).to.equal(foo)
    expect(issueOf(StorePath.make(`${'/'.repeat(4107 - foo.length)}${foo}`)).position).to.equal(4106)
  })

  it('reports the whole text in an issue', () => {
    expect(issueOf(StorePath.make(`/nix/store/${hash}-f "o`)).actual).to.equal('" \\"o"')
    expect(issueOf(StorePath.make('')).actual).to.equal('the end of the text')
    expect(issueOf(StorePath.make('x'.repeat(100))).actual).to.equal(`"${'x'.repeat(24)}"…`)
  })

  it('uses the store directory of the protocol', () => {
    const guix = StorePath.under({ storeDir: '/gnu/store' })
    const path = read(guix, `/gnu//store/${hash}-foo`)
    expect(path).to.equal(`/gnu/store/${hash}-foo`)
    expect(StorePath.is(path)).to.equal(false)
    expect(() => StorePath.encode(path)).to.throw(
      TypeError,
      'not a store path: expected a path in /nix/store at position 1',
    )
    expect(issueOf(guix.make(foo)).expected).to.equal('a path in /gnu/store')
    expect(read(StorePath.under({ storeDir: '/naïve' }), `/naïve/${hash}-foo/`)).to.equal(
      `/naïve/${hash}-foo`,
    )
    expect(issueOf(StorePath.under({ storeDir: '/naïve' }).make(`/naïve/${hash}`)).position).to.equal(40)
  })

  it('rejects an invalid store directory', () => {
    expect(() => StorePath.under({ storeDir: '/nix//store' })).to.throw(RangeError)
  })
})

describe('StrictStorePath', () => {
  agreesWithItsPattern(StrictStorePath.format)
  refuses(StrictStorePath, [
    [`/nix//store/${hash}-foo`, 0, '"/nix/store/"'],
    [`${foo}/`, 47, 'at most 211'],
    ['/nix/store', 0, '"/nix/store/"'],
    ['', 0, '"/nix/store/"'],
  ])
})

describe('parts of a store path', () => {
  it('make the path again', () => {
    fc.assert(
      fc.property(storePaths, (path) => {
        const base = baseStorePathOf(path)
        expect(`${storePathHashOf(path)}-${storePathNameOf(path)}`).to.equal(base)
        expect(`${storePathHashOf(base)}-${storePathNameOf(base)}`).to.equal(base)
        expect(baseStorePathOf(base)).to.equal(base)
        expect(storePathIn('/nix/store', base)).to.equal(path)
        expect([
          BaseStorePath.is(base),
          StorePathHash.is(storePathHashOf(path)),
          StorePathName.is(storePathNameOf(path)),
        ]).to.deep.equal([true, true, true])
      }),
    )
  })

  it('show by the name whether it is a derivation', () => {
    expect(isDerivationPath(read(StorePath, `${foo}.drv`))).to.equal(true)
    expect(isDerivationPath(read(StorePath, `${foo}drv`))).to.equal(false)
    expect(isDerivationPath(read(StorePath, `/nix/store/${hash}-.drv`))).to.equal(true)
  })
})
