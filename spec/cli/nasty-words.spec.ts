import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { archive, directory, file, words } from '../support/nar.js'
import { nasty, tame } from '../support/nasty.js'
import { rawIn } from '../support/raw.js'
import { somePath } from '../support/scripted-session.js'

describe('no control character of the command line reaches a terminal or a pipe', () => {
  const before = process.cwd()
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-nasty-'))
    // In a shell command, the `>4` in the text would create a file.
    process.chdir(dir)
  })
  afterEach(() => {
    process.chdir(before)
    rmSync(dir, { recursive: true, force: true })
  })

  const typed = ['decode', 'dissect', 'encode', 'sample', 'grammar']
  const nars = ['ls', 'cat', 'pack', 'verify', 'hash']
  const asked = ['path-info', 'ls', 'valid', 'closure', 'nar', 'add']

  it('as an argument of any command', async () => {
    const socket = join(dir, 'none')
    for (const args of [
      [nasty],
      [`--${nasty}`],
      ['nar', nasty],
      ['store', nasty],
      ...typed.flatMap((name) => [
        [name, nasty],
        [name, `List<${nasty}>`],
        [name, 'Bool64', `--${nasty}`],
        [name, 'Bool64', '-p', nasty],
        [name, 'Bool64', '-s', nasty],
        [name, 'Bool64', '-f', nasty, '-p', '1.10'],
      ]),
      ['decode', 'Bool64', nasty],
      ['encode', 'Bool64', nasty],
      ['dissect', 'Bool64', nasty],
      ['dissect', 'Bool64', '--fold', nasty],
      ['sample', 'Bool64', '-n', nasty],
      ['sample', 'Bool64', '--out', `/dev/null/${nasty}`],
      ['corpus', nasty, dir],
      ['corpus', 'Bool64', `/dev/null/${nasty}`],
      ['corpus', 'Bool64', dir, nasty],
      ['fuzz', nasty, '--exec', 'true'],
      ['fuzz', 'Bool64', '--exec', 'true', '--time', nasty],
      ['fuzz', 'Bool64', '--exec', 'exit 1', '--runs', '20', '--out', `/dev/null/${nasty}`],
      ['session', nasty, nasty],
      ['session', '/dev/null', '/dev/null', '-s', nasty],
      ['session', nasty],
      ['convert', nasty, '-o', nasty],
      ['convert', nasty, nasty, '-o', `/dev/null/${nasty}.pcapng`],
      ['convert', '/dev/null', '/dev/null', '-o', `/dev/null/${nasty}`],
      ['inspect', nasty],
      ['inspect', '--type', nasty],
      ['inspect', '--port', nasty],
      ['inspect', '/dev/null', '/dev/null', '--type', nasty],
      ['proxy', '--listen', `/dev/null/${nasty}`, '--to', 'x', '--record', dir],
      ['proxy', '--listen', join(dir, 'x'), '--to', 'x', '--record', `/dev/null/${nasty}`],
      ['proxy', '--listen', nasty, '--to', nasty, '--record', `/dev/null/${nasty}`],
      ...nars.map((name) => ['nar', name, nasty]),
      ['nar', 'hash', '-t', nasty],
      ['nar', 'cat', '-', nasty],
      ['nar', 'unpack', nasty, nasty],
      ['nar', 'unpack', '-', `${dir}/${nasty}/${nasty}`],
      ['nar', 'unpack', '-', '/dev/full/x'],
      ...asked.map((name) => ['store', name, nasty, '--socket', socket]),
      ['store', 'path-info', somePath, '--socket', nasty],
      ['store', 'path-info', somePath, '--socket', `${dir}/${nasty}`],
      ['store', 'path-info', somePath, '--socket', socket, '-p', nasty],
      ['store', 'path-info', somePath, '--socket', socket, '-s', nasty],
      ['store', 'add', '/dev/null', '--name', nasty, '--socket', socket],
      ['store', 'ping', '--command', nasty],
    ]) {
      const isArchive = args[0] === 'nar' && args[2] === '-'
      const { exitCode } = await tame(args, {
        stdin: isArchive ? archive(file('x')) : words(nasty),
        bytes: true,
      })
      expect(exitCode, args.join(' ')).to.be.oneOf(
        args[0] === 'nar' || args[0] === 'store' ? [1, 2] : [0, 1, 2],
      )
    }
  })

  it('in a variable of the environment', async () => {
    for (const env of [
      { NIX_REMOTE: nasty },
      { NIX_REMOTE: `unix://${nasty}` },
      { NIX_REMOTE: `unix:///${nasty}?${nasty}=1` },
      { NIX_REMOTE: `unix:///x?store=${nasty}` },
      { NIX_REMOTE: `ssh-ng://${nasty}` },
      { NIX_REMOTE: '', NIX_DAEMON_SOCKET_PATH: `${dir}/${nasty}` },
      { NIX_REMOTE: '', NIX_STATE_DIR: nasty },
      { NIX_REMOTE: '', NIX_STORE_DIR: nasty },
    ]) {
      await tame(['store', 'ping'], { env })
      await tame(['store', 'path-info', somePath], { env })
    }
  })

  it('as the name of a file', async () => {
    const tree = archive(directory([nasty, file(nasty)]))
    writeFileSync(join(dir, nasty), tree)
    for (const name of nars) {
      const args = name === 'cat' ? [join(dir, nasty), nasty] : [join(dir, nasty)]
      const { exitCode } = await tame(['nar', name, ...args], { bytes: true })
      expect(exitCode, name).to.be.oneOf([0, 2])
    }
    await tame(['nar', 'unpack', join(dir, nasty), join(dir, nasty)])
    await tame(['nar', 'unpack', join(dir, nasty), `${dir}/${nasty}/${nasty}`])
    await tame(['session', join(dir, nasty), join(dir, nasty)])
    await tame(['store', 'add', join(dir, nasty), '--flat', '--socket', join(dir, 'none')])
    chmodSync(dir, 0o700)
    await tame(['sample', 'Bool64', '--out', join(dir, nasty)])
    await tame(['corpus', 'Bool64', join(dir, `c${nasty}`), '-n', '2'])
  })

  it('from a program that is fuzzed, also in the report', async () => {
    const out = join(dir, `out${nasty}`)
    const command = ['--exec', 'echo "$NASTY" >&2; exit 1', '--runs', '20', '--seed', '1', '--out', out]
    const { exitCode, stdout } = await tame(['fuzz', 'String', ...command], { env: { NASTY: nasty } })
    expect([exitCode, stdout.toString()]).to.satisfy(
      ([code, text]: [number, string]) => code === 1 && text !== '',
    )
    const report = readFileSync(join(out, 'report.json'), 'utf8')
    expect(rawIn(report)).to.deep.equal([])
    expect(report).to.contain('title')
    expect(readdirSync(out)).to.include('finding-1.bin')
  })
})
