import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { ended } from '../../cli/fault.js'
import { nixWire, nixWireProcess } from '../support/cli.js'
import { archive, directory, file, words } from '../support/nar.js'
import { nasty } from '../support/nasty.js'
import { rawIn } from '../support/raw.js'
import { somePath } from '../support/scripted-session.js'
import { surroundedBy } from '../support/surroundings.js'

/** What the command says and ends with where it meets an error that it does not know. */
const told = async (error: unknown, env: NodeJS.ProcessEnv = {}) => {
  const surroundings = { stdin: new Uint8Array(0), env: { NIX_WIRE_DEBUG: '', ...env } }
  const { result, stderr } = await surroundedBy(surroundings, async () => ended(error))
  return { code: result, text: stderr.toString() }
}

describe('what nobody expected', () => {
  it('is one line, with a code of its own, and says how to see more', async () => {
    expect(await told(new RangeError('Invalid\ntime\x1b[2J'))).to.deep.equal({
      code: 3,
      text:
        'nix-wire: this is a fault of nix-wire: Invalid\\u{a}time\\u{1b}[2J ' +
        '(NIX_WIRE_DEBUG=1 shows where; please report it)\n',
    })
    for (const thrown of [undefined, null, 'x', { a: 1 }, Symbol('s'), Object.create(null)]) {
      const { code, text } = await told(thrown)
      expect([code, text.split('\n').length], String(text)).to.deep.equal([3, 2])
    }
    const { code, text } = await told(new RangeError('Invalid\x1b[2J'), { NIX_WIRE_DEBUG: '1' })
    expect(code).to.equal(3)
    expect(text).to.match(/^nix-wire: RangeError: Invalid\\u\{1b\}\[2J\n {4}at .*fault\.spec\.ts/)
  })

  it('is what the system refused, if it did', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
      syscall: 'write',
    })
    expect(await told(full)).to.deep.equal({ code: 2, text: `nix-wire: ${full.message}\n` })
  })

  it('may be thrown where no command waits for it', async () => {
    const throwing = `process.on('newListener', (name) => {
      if (name === 'uncaughtException') setImmediate(() => { throw new TypeError('lost') })
    })`
    const { exitCode, stderr } = await nixWireProcess(['decode', 'String'], '', {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(throwing)}`,
      NIX_WIRE_DEBUG: '',
    })
    expect([exitCode, stderr]).to.deep.equal([
      3,
      'nix-wire: this is a fault of nix-wire: lost (NIX_WIRE_DEBUG=1 shows where; please report it)\n',
    ])
  })

  it('is in the help of every command, below its other exit codes', async () => {
    const helped: Array<string> = []
    const visit = async (...words: ReadonlyArray<string>): Promise<void> => {
      helped.push(words.join(' '))
      const { exitCode, stdout } = await nixWire([...words, '--help'])
      expect(exitCode, words.join(' ')).to.equal(0)
      const text = stdout.toString()
      expect(text, words.join(' ')).to.match(
        /\n\nExit codes: 0 [^\n]+(\n[^\n]+)*\nExit code 3: a fault of nix-wire itself; NIX_WIRE_DEBUG=1 shows where\.\n$/,
      )
      const [, commands = ''] = /\nCommands:\n([\s\S]*?)\n\n/.exec(text) ?? []
      for (const [, name = ''] of commands.matchAll(/^ {2}(?!help)(\S+)/gm)) {
        await visit(...words, name)
      }
    }
    await visit()
    expect(helped).to.include.members(['', 'decode', 'nar', 'nar unpack', 'store', 'store add'])
    expect(helped).to.have.lengthOf.above(25)
  })
})

describe('a command line of any words', () => {
  let dir = ''
  let before = ''
  beforeEach(() => {
    before = process.cwd()
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-words-'))
    // What is taken for the name of an output is made here.
    process.chdir(dir)
  })
  afterEach(() => {
    process.chdir(before)
    rmSync(dir, { recursive: true, force: true })
  })

  const types = [
    'Bool64',
    'String',
    'ValidPathInfo',
    'List<UInt64>',
    'Set<StorePath>',
    'Nar',
    'Nope',
    'List<',
    '',
  ]
  const places = [
    '-',
    'tree',
    'tree.nar',
    'text',
    'full',
    'none/x',
    'new',
    '/dev/null',
    '/dev/null/x',
    '/dev/full/x',
    '.',
    '',
    nasty,
    'a\udcff',
  ]
  const values = ['0', '1', '3', '-1', '1e9', '1.37', '1.10', '9.9', '1', '/gnu/store', 'x', '', nasty]
  const paths = [somePath, `${somePath}/bin`, 'nope', '/nix/store', '/nix/store/..', nasty, '']

  /** The words that a command takes, each one of some. */
  const commands: ReadonlyArray<ReadonlyArray<ReadonlyArray<string>>> = [
    [['decode', 'dissect', 'encode', 'grammar'], types, places],
    [['decode', 'encode'], types, places, ['--many', '--canonical', '--json']],
    [['dissect'], types, places, ['--json', '--fold', '--rows', '-p', '-f', '-s'], values],
    [['sample'], types, ['-n'], ['0', '1', '3', 'x'], ['--out'], places],
    [['sample'], types, ['-n'], ['1', '3'], ['--malformed', '--canonical'], ['--seed'], values],
    [['corpus'], types, places, ['-n'], ['1', '2']],
    [
      ['fuzz'],
      types,
      ['--exec'],
      ['true', 'false', 'exit 3', nasty],
      ['--runs'],
      ['1', '2', 'x'],
      ['--out'],
      places,
    ],
    [['session'], places, places, ['--json', '--full', '--nope', '-s'], values],
    [['nar'], ['ls', 'verify', 'hash', 'pack', 'nope'], places, ['--json', '--sri', '--path', '-t'], values],
    [['nar'], ['cat', 'unpack'], places, places],
    [['store'], ['ping', 'path-info', 'ls', 'valid', 'closure', 'nar', 'nope'], paths, ['--socket'], places],
    [
      ['store'],
      ['add', 'nar'],
      places,
      ['--command'],
      ['true', 'cat', nasty],
      ['--flat', '--json', '-o'],
      places,
    ],
    [['inspect'], ['none/x', '/dev/null/x'], ['--type'], types],
    [['inspect'], ['none/x'], ['--port'], values],
    [['--help', '--version', 'help', 'nope', ''], values],
  ]

  /** Now and then words are missing, or twice there. */
  const line = fc
    .constantFrom(...commands)
    .chain((lists) => fc.tuple(...lists.map((list) => fc.constantFrom(...list)), fc.nat(9), fc.nat(9)))
    .map((drawn) => {
      const line = drawn.slice(0, -2) as ReadonlyArray<string>
      const [fate, at] = drawn.slice(-2) as [number, number]
      const place = 1 + (at % line.length)
      return fate === 0
        ? line.slice(0, place)
        : fate === 1
          ? [...line.slice(0, place), ...line.slice(place - 1)]
          : line
    })

  const contents: ReadonlyArray<Uint8Array> = [
    Buffer.alloc(0),
    archive(directory(['bin', file('x')])),
    words(somePath, nasty),
    Buffer.from(`{"path":"${somePath}","narSize":1e400}`),
    Buffer.alloc(100, 0xff),
  ]

  it('ends with a line and not with a stack', async () => {
    for (const name of ['tree', 'full']) {
      mkdirSync(name)
      writeFileSync(join(name, 'x'), 'x')
    }
    writeFileSync('text', 'text')
    writeFileSync('tree.nar', contents[1]!)
    await fc.assert(
      fc.asyncProperty(line, fc.constantFrom(...contents), fc.boolean(), async (args, stdin, terminal) => {
        // It would wait for a browser.
        fc.pre(args.join(' ') !== 'inspect')
        const { exitCode, stdout, stderr } = await nixWire(args, stdin, { NIX_REMOTE: '/none' }, terminal)
        expect(exitCode, stderr).to.be.oneOf([0, 1, 2])
        expect(stderr).not.to.match(/^ +at |this is a fault/m)
        expect(rawIn(stderr.replaceAll('\r\x1b[K', ''), terminal)).to.deep.equal([])
        expect(terminal ? rawIn(stdout.toString(), true) : []).to.deep.equal([])
      }),
      { numRuns: 600, seed: 3, endOnFailure: true },
    )
  })
})
