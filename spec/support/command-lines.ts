import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { nixWire } from './cli.js'
import { archive, directory, file, words } from './nar.js'
import { nasty } from './nasty.js'
import { rawIn } from './raw.js'
import { somePath } from './scripted-session.js'

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

/** The possible words of a command line, one from each list. */
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
    // First, since without it a run takes a minute.
    ['--runs'],
    ['1', '2', 'x'],
    ['--exec'],
    ['true', 'false', 'exit 3', nasty],
    ['--out'],
    places,
  ],
  [['session'], places, places, ['--json', '--full', '--nope', '-s'], values],
  [
    ['nar'],
    ['ls', 'verify', 'hash', 'pack', 'nope'],
    places,
    ['--json', '--json-lines', '--listing', '--sri', '--path', '-t'],
    values,
  ],
  [['nar'], ['cat', 'unpack', 'ls'], places, places],
  [['export'], ['ls', 'convert', 'nope'], places, ['--json', '--to', '-o', '-s'], values],
  [
    ['store'],
    ['ping', 'path-info', 'ls', 'cat', 'valid', 'closure', 'nar', 'export', 'nope'],
    paths,
    ['--socket'],
    places,
  ],
  [
    ['store'],
    ['add', 'nar'],
    places,
    ['--command'],
    ['true', 'cat', nasty],
    ['--flat', '--json', '-o'],
    places,
  ],
  [
    ['serve'],
    ['--listen'],
    ['none/x', '/dev/null/x', `none/${nasty}`],
    ['--store', '-s', '--mode', '--stdio'],
    places,
  ],
  [['serve'], ['--listen'], ['none/x'], ['--max-size', '--max-connections', '-m'], values],
  [['narinfo'], ['show', 'verify', 'sign', 'nope'], places, ['--json', '--key', '--key-file', '-s'], values],
  [['drv'], ['show', 'print'], places, ['--json', '--name', '--json-version', '-s'], values],
  [['hash'], ['convert'], values, ['--to', '--type', '--json'], ['nix32', 'sha1', 'x']],
  [
    ['path'],
    ['compute'],
    ['text', 'fixed', 'drv', 'placeholder', 'nope'],
    values,
    places,
    ['--json', '-r'],
    paths,
  ],
  [['inspect'], ['none/x', '/dev/null/x'], ['--type'], types],
  [['inspect'], ['none/x'], ['--port'], values],
  [['--help', '--version', 'help', 'nope', ''], values],
]

/** Command lines of these words. Sometimes words are missing, or occur twice. */
export const commandLines: fc.Arbitrary<ReadonlyArray<string>> = fc
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

/** Possible standard inputs. */
export const inputs: ReadonlyArray<Uint8Array> = [
  Buffer.alloc(0),
  archive(directory(['bin', file('x')])),
  words(somePath, nasty),
  Buffer.from(`{"path":"${somePath}","narSize":1e400}`),
  Buffer.alloc(100, 0xff),
]

/** The files that some of the words name. */
export const makePlaces = (dir: string): void => {
  for (const name of ['tree', 'full']) {
    mkdirSync(join(dir, name))
    writeFileSync(join(dir, name, 'x'), 'x')
  }
  writeFileSync(join(dir, 'text'), 'text')
  writeFileSync(join(dir, 'tree.nar'), archive(directory(['bin', file('x')])))
}

/** Whether a command line ends by itself; the page of `inspect` would wait for a browser. */
export const endsByItself = (args: ReadonlyArray<string>): boolean => args.join(' ') !== 'inspect'

/** Runs the command; its output must end with a line, without a stack or control characters. */
export const endsWell = async (
  args: ReadonlyArray<string>,
  stdin: Uint8Array,
  terminal: boolean,
): Promise<void> => {
  const { exitCode, stdout, stderr } = await nixWire(args, stdin, { NIX_REMOTE: '/none' }, terminal)
  expect(exitCode, stderr).to.be.oneOf([0, 1, 2])
  expect(stderr).not.to.match(/^ +at |this is a fault/m)
  expect(rawIn(stderr.replaceAll('\r\x1b[K', ''), terminal)).to.deep.equal([])
  expect(terminal ? rawIn(stdout.toString(), true) : []).to.deep.equal([])
}
