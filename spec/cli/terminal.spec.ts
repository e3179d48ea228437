import { expect } from 'chai'
import { forErrors, harmless } from '../../cli/terminal.js'

/** Runs with a standard error that is a terminal, or none. */
const onTerminal = (isTTY: boolean, run: () => void): void => {
  const before = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY')
  Object.defineProperty(process.stderr, 'isTTY', { value: isTTY, configurable: true })
  try {
    run()
  } finally {
    if (before === undefined) {
      Reflect.deleteProperty(process.stderr, 'isTTY')
    } else {
      Object.defineProperty(process.stderr, 'isTTY', before)
    }
  }
}

describe('text of others on a terminal', () => {
  const steering: ReadonlyArray<readonly [text: string, shown: string]> = [
    ['plain', 'plain'],
    ['Grüße 🚫', 'Grüße 🚫'],
    ['\x1b[31mred\x1b[0m', 'red'],
    ['\x1b[2J\x1b[Hgone', 'gone'],
    ['a\rb', 'a\\x0db'],
    ['a\x08b\x7f', 'a\\x08b\\x7f'],
    ['\x9b31mred', 'red'],
    ['\x85next', '\\x85next'],
    ['\u202enoisrever', '\\u202enoisrever'],
    ['a\u2028b', 'a\\u2028b'],
  ]

  it('does not steer it', () => {
    for (const [text, shown] of steering) {
      expect(harmless(text), JSON.stringify(text)).to.equal(shown)
      onTerminal(false, () => expect(forErrors(text)).to.equal(shown))
    }
    expect(harmless('a\nb\tc')).to.equal('a\\x0ab\\x09c')
    // A title, and what a clipboard would take.
    for (const text of [
      '\x1b]0;title\x07',
      '\x1b]52;c;cm0gLXJm\x07',
      '\x1b]0;title\x1b\\',
      '\x1bc',
      '\x1bP+q\x1b\\',
    ]) {
      for (const isTTY of [true, false]) {
        onTerminal(isTTY, () => expect(forErrors(text), JSON.stringify(text)).not.to.match(/[\p{Cc}]/u))
      }
    }
  })

  it('keeps its lines, and on a terminal its colours', () => {
    const log = '\x1b[1;31merror:\x1b[0m no\r\n\tat \x1b[1mx\x1b[0m\x1b[2K\n'
    onTerminal(false, () => expect(forErrors(log)).to.equal('error: no\n\tat x\n'))
    onTerminal(true, () =>
      expect(forErrors(log)).to.equal('\x1b[1;31merror:\x1b[0m no\n\tat \x1b[1mx\x1b[0m\n\x1b[0m'),
    )
    onTerminal(true, () => expect(forErrors('\x1b[8mhidden')).to.equal('\x1b[8mhidden\x1b[0m'))
  })
})
