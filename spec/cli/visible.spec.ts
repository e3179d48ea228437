import { expect } from 'chai'
import { jsonText, visible, visibleLines } from '../../cli/visible.js'
import { jsonStart } from '../../interpreters/json/start.js'
import { processorTime } from '../support/processor-time.js'
import { rawIn } from '../support/raw.js'

describe('untrusted text', () => {
  const steering: ReadonlyArray<readonly [text: string, shown: string]> = [
    ['plain', 'plain'],
    ['Grüße 🚫', 'Grüße 🚫'],
    ['\x1b[31mred\x1b[0m\x1b[m', 'red'],
    ['\x1b[2J\x1b[Hgone', '\\u{1b}[2J\\u{1b}[Hgone'],
    ['\x1b]52;c;cm0gLXJm\x07', '\\u{1b}]52;c;cm0gLXJm\\u{7}'],
    ['\x1b]0;title\x1b\\', '\\u{1b}]0;title\\u{1b}\\'],
    ['\x1b[>4;1m\x1b[?25m', '\\u{1b}[>4;1m\\u{1b}[?25m'],
    ['\x1b\x1b[0m[2J', '\\u{1b}[2J'],
    ['a\rb', 'a\\u{d}b'],
    ['a\x08b\x7f', 'a\\u{8}b\\u{7f}'],
    ['\x9b31mred\x85', '\\u{9b}31mred\\u{85}'],
    ['\u202enoisrever\u2066', '\\u{202e}noisrever\\u{2066}'],
    ['a\u2028b\u200b\ufeff\u00ad\u061c\u3164', 'a\\u{2028}b\\u{200b}\\u{feff}\\u{ad}\\u{61c}\\u{3164}'],
    ['\u{e0041}\udcff', '\\u{e0041}\\u{dcff}'],
  ]

  it('has an escape for each character that controls a terminal or is invisible', () => {
    for (const [text, shown] of steering) {
      expect(visible(text), JSON.stringify(text)).to.equal(shown)
      expect(visibleLines(text, false), JSON.stringify(text)).to.equal(shown)
    }
    expect(visible('a\nb\tc')).to.equal('a\\u{a}b\\u{9}c')
    expect(visibleLines('a\r\nb\tc\n', false)).to.equal('a\nb\tc\n')
  })

  it('has no control character left', () => {
    for (let code = 0; code < 0x300; code++) {
      const character = String.fromCodePoint(code)
      for (const text of [character, `\x1b${character}x`, `\x1b[${character}m`]) {
        const what = JSON.stringify(text)
        expect(rawIn(visible(text)), what).to.deep.equal([])
        expect(rawIn(visibleLines(text, false)), what).to.deep.equal([])
        expect(rawIn(visibleLines(text, true), true), what).to.deep.equal([])
        expect(rawIn(jsonText(text)), what).to.deep.equal([])
        expect(JSON.parse(jsonText(text)), what).to.equal(text)
      }
    }
  })

  it('keeps its colours if they are wanted, and they end with it', () => {
    const log = '\x1b[1;31merror:\x1b[0m no\r\n\tat \x1b[1mx\x1b[22m\x1b[2K\n'
    expect(visibleLines(log, true)).to.equal('\x1b[1;31merror:\x1b[0m no\n\tat \x1b[1mx\x1b[22m\\u{1b}[2K\n')
    for (const open of ['8', '31', '38;5;0', '48;2;0;0;0', '1;31;39', '4:3', '999', '0;7']) {
      expect(visibleLines(`\x1b[${open}mx`, true), open).to.equal(`\x1b[${open}mx\x1b[0m`)
    }
    for (const closed of [
      '31mx\x1b[39',
      '1;2mx\x1b[22',
      '31;44mx\x1b[0',
      '91mx\x1b[',
      '0',
      '38;5;1mx\x1b[0',
    ]) {
      expect(visibleLines(`\x1b[${closed}m`, true), closed).to.equal(`\x1b[${closed}m`)
    }
  })

  it('is cut before it is escaped', () => {
    expect(visible('\x07'.repeat(10 ** 6), 3)).to.equal('\\u{7}\\u{7}\\u{7}…')
    expect(visible('abc', 3)).to.equal('abc')
  })

  it('stays JSON with the same meaning, also in keys', () => {
    const value = { 'k\u202e\x9b': ['\x7f\u2028', 2n ** 64n, null], __proto__: {} }
    expect(jsonText(value)).to.equal('{"k\\u202e\\u009b":["\\u007f\\u2028",18446744073709551616,null]}')
    expect(jsonText({ a: ['\u{e0041}'] }, 1)).to.equal('{\n "a": [\n  "\\udb40\\udc41"\n ]\n}')
    expect(jsonStart(value, 200)).to.equal(jsonText(value))
    expect(jsonStart(value, 4)).to.equal('{"k\\u202e…')
    expect(jsonStart(['x'.repeat(10 ** 6)], 5)).to.equal('["xxx…')
  })

  it('takes time in proportion to its length', () => {
    const shapes: ReadonlyArray<(length: number) => string> = [
      (length) => `\x1b${'?;#'.repeat(length / 3)}`,
      (length) => '\x1b?;#'.repeat(length / 4),
      (length) => `\x1b[${'1'.repeat(length)}`,
      (length) => '\x1b[1;'.repeat(length / 4),
      (length) => '\n'.repeat(length),
      (length) => '\r'.repeat(length),
    ]
    for (const shape of shapes) {
      const text = shape(2_000_000)
      // A quadratic implementation would take hours.
      for (const run of [() => visible(text), () => visibleLines(text, true), () => jsonText(text)]) {
        expect(processorTime(run)).to.be.below(20_000)
      }
    }
  })
})
