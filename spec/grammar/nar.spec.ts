import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import fc from 'fast-check'
import type { TypeOf } from '../../combinators/index.js'
import { Nar, type NarNode } from '../../grammar/nar.js'
import { compile } from '../../interpreters/index.js'
import { issueOf, rightOf } from '../support/either.js'
import { archive, directory, file, narNode, words } from '../support/nar.js'
import { describeWithShared, sharedPath } from '../support/shared.js'

/** What the reference implementation refuses: the rule's tag, the byte, the path, and what is said of it. */
const refusals: { readonly [name: string]: readonly [string, number, string, RegExp] } = {
  'dot.nar': ['InvalidValue', 136, 'entries.0.name', /an entry name/],
  'dotdot.nar': ['InvalidValue', 136, 'entries.0.name', /an entry name/],
  'empty.nar': ['InvalidValue', 136, 'entries.0.name', /an entry name/],
  'executable-after-contents.nar': ['UnexpectedValue', 240, 'entries.0.node.close', /"\)"/],
  'invalid-tag-instead-of-contents.nar': ['UnknownTag', 72, 'executable.marker', /"executable".*"contents"/],
  'name-after-node.nar': ['UnexpectedValue', 112, 'entries.0.nameTag', /"name"/],
  'nul-character.nar': ['InvalidValue', 136, 'entries.0.name', /an entry name/],
  'regular-one-byte-non-zero-padding.nar': ['NonZeroPadding', 97, 'contents', /a zero byte/],
  'regular-truncated-large-contents.nar': ['LimitExceeded', 88, 'contents', /the string limit/],
  'regular-truncated-padding.nar': ['UnexpectedEnd', 88, 'contents', /16 bytes/],
  'slash.nar': ['InvalidValue', 136, 'entries.0.name', /an entry name/],
}

describeWithShared('Nar and the archives of the reference implementation', () => {
  const good = 'regular-one-byte-zero-padding.nar'
  const decode = (name: string) => compile(Nar).decode(readFileSync(sharedPath('golden/nars', name)))

  it('are complete', () => {
    expect(readdirSync(sharedPath('golden/nars')).sort()).to.deep.equal(
      [...Object.keys(refusals), good].sort(),
    )
  })

  for (const [name, [tag, offset, path, rule]] of Object.entries(refusals)) {
    it(`rejects ${name}`, () => {
      const issue = issueOf(decode(name))
      expect(issue).to.include({ _tag: tag, offset })
      expect(issue.path.join('.')).to.equal(`root.${path}`)
      expect(issue.expected).to.match(rule)
    })
  }

  it(`reads ${good}, and writes it again`, () => {
    const value = rightOf(decode(good))
    expect(value).to.deep.equal({
      root: { type: 'regular', executable: false, contents: new Uint8Array([0x78]) },
    })
    expect(Buffer.from(rightOf(compile(Nar).encode(value)))).to.deep.equal(
      readFileSync(sharedPath('golden/nars', good)),
    )
  })
})

describe('Nar', () => {
  const codec = compile(Nar)
  const canonical = compile(Nar, {}, { profile: 'canonical' })

  it('has one byte form for each tree', () => {
    fc.assert(
      fc.property(narNode, (root) => {
        const bytes = rightOf(codec.encode({ root }))
        expect(rightOf(canonical.decode(bytes))).to.deep.equal({ root })
        expect(codec.size({ root })).to.equal(bytes.length)
      }),
    )
  })

  it('writes the forms of the specification', () => {
    const encoded = (root: NarNode) => Buffer.from(rightOf(codec.encode({ root })))
    expect(encoded({ type: 'directory', entries: [] })).to.deep.equal(archive(directory()))
    expect(encoded({ type: 'symlink', target: 'a' })).to.deep.equal(
      archive(words('(', 'type', 'symlink', 'target', 'a', ')')),
    )
    expect(encoded({ type: 'regular', executable: true, contents: new Uint8Array(0) })).to.deep.equal(
      archive(words('(', 'type', 'regular', 'executable', '', 'contents', '', ')')),
    )
    const entries = [{ name: 'a\udcff', node: { type: 'directory', entries: [] } }] as const
    expect(encoded({ type: 'directory', entries })).to.deep.equal(
      archive(directory([Buffer.from([0x61, 0xff]), directory()])),
    )
  })

  it('rejects entries that do not ascend, reading and writing', () => {
    for (const names of [
      ['b', 'a'],
      ['a', 'a'],
      ['\u{1f600}', '\uffee'],
    ]) {
      const bytes = archive(directory(...names.map((name) => [name, file('')] as const)))
      expect(issueOf(codec.decode(bytes))).to.include({ _tag: 'InvalidValue' })
      expect(issueOf(codec.decode(bytes)).expected).to.match(/ascend/)
      const entries = names.map((name) => ({ name, node: { type: 'directory', entries: [] } }) as const)
      expect(issueOf(codec.encode({ root: { type: 'directory', entries } }))).to.include({
        _tag: 'Unrepresentable',
      })
    }
  })

  it('rejects a word, a name and a target that are too long', () => {
    expect(issueOf(codec.decode(words('x'.repeat(33))))).to.include({ _tag: 'LimitExceeded', maximum: 32 })
    expect(issueOf(codec.decode(words('x'.repeat(32))))).to.include({ _tag: 'UnexpectedValue' })
    const name = (length: number) => archive(directory(['x'.repeat(length), file('')]))
    expect(codec.decode(name(255))._tag).to.equal('Right')
    expect(issueOf(codec.decode(name(256)))).to.include({ _tag: 'LimitExceeded', maximum: 255, offset: 128 })
    const target = (length: number) =>
      archive(words('(', 'type', 'symlink', 'target', 'x'.repeat(length), ')'))
    expect(codec.decode(target(4095))._tag).to.equal('Right')
    expect(issueOf(codec.decode(target(4096)))).to.include({ _tag: 'LimitExceeded', maximum: 4095 })
    expect(issueOf(codec.decode(target(0)))).to.include({ _tag: 'InvalidValue' })
  })

  it('rejects a marker with a value', () => {
    const bytes = archive(words('(', 'type', 'regular', 'executable', 'x', 'contents', '', ')'))
    expect(issueOf(codec.decode(bytes))).to.include({ _tag: 'UnexpectedValue', offset: 96 })
  })

  it('rejects invalid values, and never throws', () => {
    const entry = (name: unknown) => ({ type: 'directory', entries: [{ name, node: file('') }] })
    for (const root of [
      { type: 'regular', executable: 'yes', contents: new Uint8Array(0) },
      { type: 'symlink' },
      { type: 'socket' },
      { type: 'directory' },
      { type: 'directory', entries: [undefined, null] },
      entry(7),
      undefined,
    ]) {
      expect(issueOf(codec.encode({ root } as unknown as Nar))).to.include({ _tag: 'Unrepresentable' })
    }
  })

  it('has the type of its values', () => {
    expectTypeOf<TypeOf<typeof Nar>>().toEqualTypeOf<Nar>()
    // @ts-expect-error a symbolic link has a target
    const link: NarNode = { type: 'symlink' }
    expect(link.type).to.equal('symlink')
  })
})
