import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { nixWire } from '../support/cli.js'

interface Made {
  readonly client: string
  readonly server: string
  readonly operations: ReadonlyArray<{ readonly name: string; readonly how: string }>
  readonly end: string
}

interface Broken extends Pick<Made, 'client' | 'server'> {
  readonly rule: string
  readonly side: 'client' | 'server'
  readonly at: number
  readonly issue: { readonly tag: string; readonly side: string; readonly offset: number }
}

interface Index<A> {
  readonly seed: number
  readonly protocol: { readonly version: string; readonly features: ReadonlyArray<string> }
  readonly sessions: ReadonlyArray<A>
}

/** An operation as `nix-wire session --json` tells it. */
interface Told {
  readonly kind: string
  readonly name?: string
  readonly version?: string
}

describe('nix-wire sample --session', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'nix-wire-sample-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  const sample = async <A>(args: ReadonlyArray<string>, out = dir): Promise<Index<A>> => {
    const { exitCode, stdout, stderr } = await nixWire(['sample', '--session', ...args, '--out', out])
    expect([exitCode, stdout.length, stderr]).to.deep.equal([0, 0, ''])
    return JSON.parse(await readFile(join(out, 'index.json'), 'utf8')) as Index<A>
  }

  const read = ({ client, server }: Pick<Made, 'client' | 'server'>) =>
    nixWire(['session', '--json', join(dir, client), join(dir, server)])

  it('makes sessions that are read without an issue, with the operations that the index names', async () => {
    for (const version of ['1.10', '1.21', '1.32', '1.38']) {
      const { seed, protocol, sessions } = await sample<Made>(['-n', '12', '--seed', '5', '-p', version])
      expect([seed, protocol.version, sessions.length]).to.deep.equal([5, version, 12])
      for (const session of sessions) {
        const { exitCode, stdout, stderr } = await read(session)
        expect([exitCode, stderr], `${version} ${session.client}`).to.deep.equal([0, ''])
        const told = stdout
          .toString()
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Told)
        const names = told.flatMap(({ kind, name }) => (kind === 'operation' ? [name] : []))
        expect(names).to.deep.equal(session.operations.map(({ name }) => name))
      }
    }
  })

  it('makes the given operations, in their order', async () => {
    const wanted = ['NarFromPath', 'AddToStoreNar', 'IsValidPath']
    const { sessions } = await sample<Made>([...wanted, '-n', '5', '--seed', '1'])
    for (const { operations } of sessions) {
      expect(operations.map(({ name }) => name)).to.deep.equal(wanted)
    }
    expect((await readdir(dir)).toSorted()).to.have.lengthOf(11)
  })

  it('makes sessions with a daemon that has the given features', async () => {
    const args = ['AddTempRoots', '-f', 'addTempRoots', '-n', '3', '--seed', '1']
    const { protocol, sessions } = await sample<Made>(args)
    expect(protocol.features).to.deep.equal(['addTempRoots'])
    for (const session of sessions) {
      expect((await read(session)).exitCode).to.equal(0)
    }
  })

  it('breaks one rule in each, and says where a reader must find it', async () => {
    const { sessions } = await sample<Broken>(['--malformed', '-n', '24', '--seed', '3', '-p', '1.37'])
    for (const session of sessions) {
      const { rule, side, at, issue } = session
      const { exitCode, stderr } = await read(session)
      const found = stderr.match(new RegExp(`the ${issue.side}'s stream[^\n]* at byte \\d+`, 'g')) ?? []
      const offsets = found.map((line) => Number(/\d+$/.exec(line)?.[0]))
      expect([exitCode, side], rule).to.deep.equal([1, issue.side])
      if (rule === 'the sides disagree') {
        // The one tells of both hellos, the other of the version in one.
        expect(offsets.some((offset) => offset >= at)).to.equal(true)
      } else {
        expect(offsets, `${rule}: ${stderr}`).to.include(issue.offset)
      }
    }
    expect(new Set(sessions.map(({ rule }) => rule)).size).to.be.at.least(16)
  })

  it('makes the same for the same seed, however many there are', async () => {
    const bytes = async (args: ReadonlyArray<string>) => {
      const out = await mkdtemp(join(dir, 'again-'))
      const { sessions } = await sample<Made>(args, out)
      return Promise.all(sessions.map(({ client }) => readFile(join(out, client))))
    }
    for (const malformed of [[], ['--malformed']]) {
      const three = await bytes(['-n', '3', '--seed', '9', ...malformed])
      expect(three).to.deep.equal((await bytes(['-n', '5', '--seed', '9', ...malformed])).slice(0, 3))
      expect(three).to.not.deep.equal(await bytes(['-n', '3', '--seed', '10', ...malformed]))
    }
  })

  it('rejects impossible wishes, and leaves no file', async () => {
    const out = join(dir, 'none')
    for (const [args, reason] of [
      [['--session'], '--session needs --out'],
      [['--session', 'IsValidPath', '--canonical', '--out', out], '--canonical is for messages'],
      [
        ['--session', 'Nonsense', '--out', out],
        'Nonsense is not an operation; the operations are Quit, IsValidPath',
      ],
      [['--session', 'AddBuildLog', '-p', '1.20', '--out', out], 'AddBuildLog needs protocol version 1.32'],
      [['--session', '-p', '1.9', '--out', out], 'there is no protocol 1.9'],
      [['IsValidPath', 'StorePath'], 'give one type'],
      [[], 'give one type'],
    ] as const) {
      const { exitCode, stderr } = await nixWire(['sample', ...args])
      expect([exitCode, args], stderr).to.deep.equal([2, args])
      expect(stderr).to.include(reason)
    }
    expect(await readdir(dir)).to.deep.equal([])
  })
})
