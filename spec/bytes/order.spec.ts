import { expect } from 'chai'
import fc from 'fast-check'
import { decodeEscaped } from '../../bytes/escaped.js'
import { compareTexts } from '../../bytes/order.js'
import { bytesOf, escapedText, mapOf, setOf, u8 } from '../../combinators/index.js'
import { compareValues } from '../../combinators/order.js'
import { resolved } from '../../combinators/resolved.js'
import { Nar } from '../../grammar/nar.js'
import { compile } from '../../interpreters/index.js'
import { NarWriter } from '../../stream/nar/index.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { rightOf } from '../support/either.js'
import { directoryNames, nameBytes } from '../support/names.js'

const inByteOrder = (names: ReadonlyArray<Buffer>): ReadonlyArray<Buffer> => [...names].sort(Buffer.compare)

describe('the order of texts', () => {
  it('is the order of their bytes', () => {
    fc.assert(
      fc.property(nameBytes, nameBytes, (a, b) => {
        expect(Math.sign(compareTexts(decodeEscaped(a), decodeEscaped(b)))).to.equal(Buffer.compare(a, b))
      }),
      { numRuns: 20_000 },
    )
  })

  it('is right where an escape meets a character with the same first byte', () => {
    const ascending = ['', 'a', 'a\0', 'a\x7f', 'a\udc80', 'a\udcc2', 'a\udcc2a', 'a\u0080', 'a\udcff'].map(
      (text) => `sort-${text}`,
    )
    for (const [i, a] of ascending.entries()) {
      for (const [j, b] of ascending.entries()) {
        expect(Math.sign(compareTexts(a, b)), `${a} ${b}`).to.equal(Math.sign(i - j))
      }
    }
    expect(compareTexts('\u{1f600}', '\uffee')).to.be.above(0)
    expect(compareTexts('\u{1f600}', '\u{1f601}')).to.be.below(0)
    expect(compareTexts('\u{1f600}', '\udcf0\udc9f\udc98')).to.be.above(0)
  })

  it('is the same wherever names are sorted or their order is checked', () => {
    fc.assert(
      fc.property(directoryNames, (names) => {
        const texts = names.map((name) => decodeEscaped(name))
        const ascending = inByteOrder(names).map((name) => decodeEscaped(name))
        const item = resolved(escapedText, nixProtocol()).node
        const names_ = setOf(escapedText)
        const set = compile(names_)
        expect(rightOf(set.decode(rightOf(set.encode(texts))))).to.deep.equal(ascending)
        const map = compile(mapOf(escapedText, u8))
        const encoded = rightOf(map.encode(new Map(texts.map((text) => [text, 1]))))
        expect([...rightOf(map.decode(encoded)).keys()]).to.deep.equal(ascending)
        expect([...texts].sort((a, b) => compareValues(item, nixProtocol(), a, b))).to.deep.equal(ascending)

        const node = { type: 'symlink', target: 'x' } as const
        const root = { type: 'directory', entries: ascending.map((name) => ({ name, node })) } as const
        const archive = rightOf(compile(Nar).encode({ root }))
        expect(rightOf(compile(Nar).decode(archive))).to.deep.equal({ root })
        const writer = new NarWriter()
        writer.write({ _tag: 'directory' })
        for (const name of ascending) {
          writer.write({ _tag: 'entry', name })
          writer.write({ _tag: 'symlink', target: 'x' })
        }
        writer.write({ _tag: 'directoryEnd' })
        expect(rightOf(writer.finish())).to.equal(undefined)
        expect(Buffer.concat(writer.take())).to.deep.equal(Buffer.from(archive))
      }),
      { numRuns: 150 },
    )
  })

  it('is that of the wire: a set of the texts 80 and c2 80', () => {
    const wire = bytesOf(
      '0200000000000000 0100000000000000 8000000000000000 0200000000000000 c280000000000000',
    )
    expect(rightOf(compile(setOf(escapedText), {}, { profile: 'canonical' }).decode(wire))).to.deep.equal([
      '\udc80',
      '\u0080',
    ])
    expect(rightOf(compile(setOf(escapedText)).encode(['\u0080', '\udc80']))).to.deep.equal(wire)
  })
})
