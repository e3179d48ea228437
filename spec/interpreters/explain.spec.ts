import { expect } from 'chai'
import { type Grammar, rawBytes, tuple, u64, utf8 } from '../../combinators/index.js'
import * as G from '../../grammar/index.js'
import { compile, excerptStart, explain } from '../../interpreters/index.js'
import { issueOf } from '../support/either.js'
import { concat, int, padded, withByte } from '../support/wire.js'

const explained = <A>(grammar: Grammar<A>, bytes: Uint8Array): ReadonlyArray<string> =>
  explain(issueOf(compile(grammar).decode(bytes)), { bytes, start: 0 }).split('\n')

/** What stands in the rows above the mark. */
const marked = (lines: ReadonlyArray<string>): string => {
  const at = lines.findIndex((line) => /^ *\^\^$/.test(line))
  const column = (lines[at] ?? '').indexOf('^^')
  return (lines[at - 1] ?? '').slice(column, column + 2)
}

describe('the explanation of an issue', () => {
  it('has the row of the byte, the rows before and after it, and a mark under the byte', () => {
    for (let before = 0; before < 9; before++) {
      const text = withByte(padded('abc'), 13, 0xa7)
      const bytes = concat(...Array(before).fill(int(0)), text, ...Array(6).fill(int(0)))
      const Numbers = tuple(...(Array(before).fill(u64) as Array<Grammar<bigint>>), utf8)
      const lines = explained(Numbers as Grammar<unknown>, bytes)
      expect(lines[0]).to.match(/^NonZeroPadding at byte /)
      expect(marked(lines)).to.equal('a7')
      const rows = lines.filter((line) => /^ {2}[0-9a-f]{8} {2}/.test(line))
      const row = Math.floor((8 * before + 13) / 16)
      const addresses = [row - 1, row, row + 1].filter((each) => each >= 0)
      expect(rows.map((each) => Number.parseInt(each, 16) / 16)).to.deep.equal(addresses)
      expect(rows.every((each) => each.endsWith('|'))).to.equal(true)
    }
  })

  it('shows printable characters, and dots for the rest', () => {
    const [, row] = explained(G.Int, new Uint8Array([0x1b, 0x41, 0x7f, 0x7e, 0x20, 0x80, 0xff, 0x0a]))
    expect(row).to.equal(`  00000000  1b 41 7f 7e 20 80 ff 0a${' '.repeat(26)}|.A.~ ...|`)
  })

  it('says where the input ends', () => {
    const lines = explained(tuple(u64, u64), concat(int(1), int(2)).subarray(0, 8))
    expect(lines[0]).to.match(/^UnexpectedEnd at byte 8/)
    expect(explained(G.Int, new Uint8Array(0))).to.deep.equal([
      'UnexpectedEnd at byte 0, (top level), in Int: expected 8 bytes, got 0 bytes',
      '  (the input ends here)',
    ])
    const full = explained(tuple(u64, u64, u64), concat(int(1), int(2)))
    expect(full.slice(1)).to.deep.equal([
      `  00000000  01 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00  |................|`,
      '  (the input ends here)',
    ])
  })

  it('shows that a number is really a text', () => {
    const texts: ReadonlyArray<readonly [text: string, shown: string]> = [
      ['Welcome to NixOS\n', '"Welcome to NixOS\\n"'],
      ['\x1b[1;31mGr\xfc\xdfe\x1b[0m', '"\\u001b[1;31mGr\xfc\xdfe\\u001b[0m"'],
      ['\xfcber die Leitung', '"\xfcber die Leitung"'],
      ['\ufeffWelcome', '"\\ufeffWelcome"'],
      ['\u30cd\u30c3\u30c8\u30ef\u30fc\u30af', '"\u30cd\u30c3\u30c8\u30ef\u30fc\u30af"'],
      ['\x1b]0;title\x07$ ', '"\\u001b]0;title\\u0007$ "'],
      // Characters that would reverse a terminal's line.
      ['\u202enoisrever', '"\\u202enoisrever"'],
      // A text ends where the bytes are not text, for example at a magic.
      ['Welcome!\x01\x02', '"Welcome!"'],
      ['Welcome!\noixd\0\0\0\0\x26\x01\0\0\0\0\0\0', '"Welcome!\\n"'],
      // Shorter than a number, and nothing follows.
      ['sh: no\n', '"sh: no\\n"'],
    ]
    for (const grammar of [G.Int, G.BuildMode, G.String, G.ProtocolVersion, G.LogMessage] as ReadonlyArray<
      Grammar<unknown>
    >) {
      for (const [text, shown] of texts) {
        const [note] = explained(grammar, new TextEncoder().encode(text)).slice(-1)
        expect(note, text).to.include(`A text begins here: ${shown}.`)
      }
    }
    const banner = new TextEncoder().encode('Welcome to NixOS\n')
    // After the end, and where a character is cut in two.
    expect(explained(G.UInt64, concat(int(0), banner)).at(-1)).to.include('"Welcome to NixOS\\n"')
    const split = new TextEncoder().encode('1234567\xfcber alles')
    expect(explained(tuple(u64, G.Int), split).at(-1)).to.include('"ber alles"')
    const cut = concat(new TextEncoder().encode('Welcom'), Uint8Array.of(0xe3, 0x83))
    expect(explained(G.Int, cut).at(-1)).to.include('"Welcom"')
    const long = explained(G.Int, new TextEncoder().encode('x'.repeat(2000))).at(-1)
    expect(long).to.include(`${'x'.repeat(80)}\u2026"`)
  })

  it('does not take a number for a text', () => {
    const banner = new TextEncoder().encode('Welcome')
    const numbers = [
      concat(int(2 ** 40), int(0)),
      new Uint8Array(16).fill(0xff),
      concat(banner, int(1)),
      concat(banner, Uint8Array.of(0x01)),
      concat(banner, Uint8Array.of(0x7f)),
      concat(banner.subarray(1), Uint8Array.of(0xc2, 0x9b)),
      new Uint8Array(8).fill(0x80),
      new Uint8Array(8).fill(0x0a),
      int(0xab9a9ff0),
      int(0x5a5a5a5a),
    ]
    for (const bytes of numbers) {
      for (const grammar of [G.BuildMode, G.LogMessage] as ReadonlyArray<Grammar<unknown>>) {
        expect(explained(grammar, bytes).join('\n'), String(bytes)).not.to.include('a text:')
      }
    }
    // A number that is cut off, and an invalid text.
    expect(explained(G.Int, Uint8Array.of(0x41, 0x42)).join('\n')).not.to.include('a text:')
    expect(explained(G.StorePath, padded('Welcome to NixOS')).join('\n')).not.to.include('a text:')
    expect(explained(rawBytes(16) as Grammar<unknown>, banner).join('\n')).not.to.include('a text:')
    const hash = padded('sha256:0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73')
    const unusual = issueOf(compile(G.NARHash, {}, { profile: 'canonical' }).decode(hash))
    expect(unusual._tag).to.equal('NotCanonical')
    expect(explain(unusual, { bytes: hash, start: 0 })).not.to.include('a text:')
    const archive = concat(padded('nix-archive-1'), padded('('), padded('type'), padded('directoire'))
    expect(explained(G.Nar, archive).join('\n')).not.to.include('a text:')
  })

  it('accepts an excerpt that starts further on', () => {
    const bytes = concat(...Array(40).fill(int(0)), int(2 ** 40), int(0))
    const Numbers = tuple(...(Array(40).fill(u64) as Array<Grammar<bigint>>), G.Int, u64)
    const issue = issueOf(compile(Numbers as Grammar<unknown>).decode(bytes))
    const start = excerptStart(issue.offset)
    expect(start).to.equal(304)
    const whole = explain(issue, { bytes, start: 0 })
    expect(explain(issue, { bytes: bytes.subarray(start), start })).to.equal(whole)
    for (const offset of [0, 1, 15, 16, 31, 32, 33]) {
      expect(excerptStart(offset) % 16).to.equal(0)
      expect(offset - excerptStart(offset)).to.be.within(0, 31)
    }
  })

  it('has its mark under the byte at any offset', () => {
    const start = 2 ** 33
    const bytes = concat(int(2 ** 40), int(0))
    const issue = { ...issueOf(compile(G.Int).decode(bytes)), offset: start + 3 }
    const lines = explain(issue, { bytes: withByte(bytes, 3, 0xa7), start }).split('\n')
    expect(marked(lines)).to.equal('a7')
  })
})
