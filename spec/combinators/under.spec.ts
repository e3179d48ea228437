import { expect } from 'chai'
import { either as E } from 'fp-ts'
import {
  bool64,
  byProtocol,
  feature,
  framed,
  type Grammar,
  imap,
  lazy,
  listOf,
  mapOf,
  named,
  optionalByTag,
  since,
  struct,
  tagged,
  text,
  tuple,
  u8,
  u64,
  under,
  until,
  versioned,
} from '../../combinators/index.js'
import * as G from '../../grammar/index.js'
import { compile, toMarkdown } from '../../interpreters/index.js'
import { DerivedPath } from '../../types/index.js'

const Flag = versioned(since('1.16'), bool64, false)

interface Tree {
  readonly flag: boolean
  readonly children: ReadonlyArray<Tree>
}
const Tree: Grammar<Tree> = struct('Tree', { flag: Flag, children: listOf(lazy(() => Tree)) })

const fixedAt = (version: '1.15' | '1.16') => ({ version, features: [] })

/** The bytes of a value under a protocol that the grammar fixes, whatever the codec is made for. */
const sizes = <A>(grammar: Grammar<A>, value: NoInfer<A>): ReadonlyArray<number> =>
  (['1.15', '1.16'] as const).map((version) => {
    const codec = compile(under(fixedAt(version), grammar), { version: '1.38', features: ['wide'] })
    expect(E.chain((bytes: Uint8Array) => codec.decode(bytes))(codec.encode(value))).to.deep.equal(
      E.right(value),
    )
    expect(codec.encode(value)).to.deep.equal(compile(grammar, { version }).encode(value))
    return codec.size(value)
  })

describe('under', () => {
  it('decides the gates of every kind of node', () => {
    expect(sizes(Flag, false)).to.deep.equal([0, 8])
    expect(sizes(struct('S', { flag: Flag }), { flag: false })).to.deep.equal([0, 8])
    expect(sizes(tuple(u64, Flag), [1n, false])).to.deep.equal([8, 16])
    expect(sizes(listOf(tuple(u64, Flag)), [[1n, false]])).to.deep.equal([16, 24])
    expect(sizes(mapOf(u64, Flag), new Map([[1n, false]]))).to.deep.equal([16, 24])
    expect(sizes(mapOf(tuple(u64, Flag), u64), new Map([[[1n, false] as const, 1n]]))).to.deep.equal([24, 32])
    expect(sizes(optionalByTag(u8, Flag), { _tag: 'Some', value: false })).to.deep.equal([8, 16])
    expect(sizes(tagged('is', u8, { A: [0, { flag: Flag }] }), { is: 'A', flag: false })).to.deep.equal([
      8, 16,
    ])
    expect(
      sizes(
        imap(
          Flag,
          (flag) => E.right(!flag),
          (flag) => E.right(!flag),
        ),
        true,
      ),
    ).to.deep.equal([0, 8])
    expect(sizes(until(u64, { next: 1n, end: 0n }, tuple(u64, Flag)), [[1n, false]])).to.deep.equal([24, 32])
    expect(sizes(framed(Flag), false)).to.deep.equal([8, 24])
  })

  it('decides them inside recursion, and keeps the depth limit', () => {
    const tree: Tree = { flag: false, children: [{ flag: false, children: [] }] }
    expect(sizes(Tree, tree)).to.deep.equal([16, 32])
    let deep: Tree = { flag: false, children: [] }
    for (let i = 0; i < 65; i++) {
      deep = { flag: false, children: [deep] }
    }
    const encoded = compile(under(fixedAt('1.16'), Tree)).encode(deep)
    expect(encoded).to.have.nested.property('left._tag', 'LimitExceeded')
  })

  it('gives its version to text formats, and the store directory of the codec', () => {
    const all = {
      _tag: 'Built',
      drvPath: { _tag: 'Opaque', path: '/s/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-x.drv' },
    }
    const value = { ...all, outputs: { _tag: 'All' } }
    const Legacy = under({ version: '1.29', features: [] }, text(DerivedPath.format))
    const codec = compile(Legacy as Grammar<unknown>, { version: '1.38', storeDir: '/s' })
    const bytesAt = (version: '1.29' | '1.38') =>
      compile(text(DerivedPath.format) as Grammar<unknown>, { version, storeDir: '/s' }).encode(value)
    expect(codec.encode(value)).to.deep.equal(bytesAt('1.29'))
    expect(codec.encode(value)).not.to.deep.equal(bytesAt('1.38'))
  })

  it('keeps names, knows features, and does not decide a gate again', () => {
    const Wide = named('Wide', byProtocol([[feature('wide'), u64]], 0n))
    const plain = under(fixedAt('1.16'), Wide)
    expect(plain.node).to.deep.include({ _tag: 'pure', name: 'Wide' })
    expect(under({ version: '1.16', features: ['wide'] }, Wide).node).to.deep.include({
      _tag: 'int',
      name: 'Wide',
    })
    expect(under({ version: '1.16', features: ['wide'] }, plain).node).to.deep.equal(plain.node)
    expect(under(fixedAt('1.16'), G.ValidPathInfo).node.name).to.equal('ValidPathInfo')
  })

  it('prints only the syntax of a text that is left', () => {
    const page = toMarkdown('Legacy', under({ version: '1.29', features: [] }, text(DerivedPath.format)))
    expect(page).to.include('StorePath [ "!" OutputName { "," OutputName } ]')
    expect(page).not.to.include('1.30')
    expect(page).not.to.include('Outputs =')
  })

  it('rejects a malformed version', () => {
    expect(() => under({ version: '1' as '1.1', features: [] }, u64)).to.throw(RangeError)
  })
})
