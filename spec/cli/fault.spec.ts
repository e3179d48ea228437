import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { ended } from '../../cli/fault.js'
import { nixWire, nixWireProcess } from '../support/cli.js'
import { commandLines, endsByItself, endsWell, inputs, makePlaces } from '../support/command-lines.js'
import { surroundedBy } from '../support/surroundings.js'

/** The output and exit code of the command for an unknown error. */
const told = async (error: unknown, env: NodeJS.ProcessEnv = {}) => {
  const surroundings = { stdin: new Uint8Array(0), env: { NIX_WIRE_DEBUG: '', ...env } }
  const { result, stderr } = await surroundedBy(surroundings, async () => ended(error))
  return { code: result, text: stderr.toString() }
}

describe('an unexpected error', () => {
  it('is one line with its own exit code, and says how to see more', async () => {
    expect(await told(new RangeError('Invalid\ntime\x1b[2J'))).to.deep.equal({
      code: 3,
      text:
        'nix-wire: this is a bug in nix-wire: Invalid\\u{a}time\\u{1b}[2J ' +
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

  it('is reported in the words of the system, if a system call failed', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
      syscall: 'write',
    })
    expect(await told(full)).to.deep.equal({ code: 2, text: `nix-wire: ${full.message}\n` })
  })

  it('is reported even if no command awaits it', async () => {
    const throwing = `process.on('newListener', (name) => {
      if (name === 'uncaughtException') setImmediate(() => { throw new TypeError('lost') })
    })`
    const { exitCode, stderr } = await nixWireProcess(['decode', 'String'], '', {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(throwing)}`,
      NIX_WIRE_DEBUG: '',
    })
    // The command may have printed its own error by then.
    expect(exitCode).to.equal(3)
    expect(stderr.split('\n').at(-2)).to.equal(
      'nix-wire: this is a bug in nix-wire: lost (NIX_WIRE_DEBUG=1 shows where; please report it)',
    )
  })

  it('has its exit code in the help of every command, below the others', async () => {
    const helped: Array<string> = []
    const visit = async (...words: ReadonlyArray<string>): Promise<void> => {
      helped.push(words.join(' '))
      const { exitCode, stdout } = await nixWire([...words, '--help'])
      expect(exitCode, words.join(' ')).to.equal(0)
      const text = stdout.toString()
      expect(text, words.join(' ')).to.match(
        /\n\nExit codes: 0 [^\n]+(\n[^\n]+)*\nExit code 3: a bug in nix-wire; NIX_WIRE_DEBUG=1 shows where\.\n$/,
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

describe('a command line of arbitrary words', () => {
  let dir = ''
  let before = ''
  beforeEach(() => {
    before = process.cwd()
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-words-'))
    // Words taken for output names create files here.
    process.chdir(dir)
  })
  afterEach(() => {
    process.chdir(before)
    rmSync(dir, { recursive: true, force: true })
  })

  it('gets an error of one line, without a stack', async () => {
    makePlaces(dir)
    const sometimes = fc.constantFrom(...inputs)
    await fc.assert(fc.asyncProperty(commandLines.filter(endsByItself), sometimes, fc.boolean(), endsWell), {
      numRuns: 600,
      seed: 3,
      endOnFailure: true,
    })
  })
})
