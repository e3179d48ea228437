import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { bytesOf } from '../../bytes/hex.js'
import { RecordingWriter } from '../../session/recording/recording-writer.js'
import { nixWire } from '../support/cli.js'
import { moduleFolder } from '../support/module-folder.js'
import { projectPath } from '../support/shared.js'

const kitchen = projectPath('examples/kitchen/kitchen.js')

// leaf 'mint' and two drops of milk.
const mint = bytesOf('0400000000000000 6d696e74 00000000 0200000000000000')

const out = async (...args: ReadonlyArray<string>): Promise<string> => {
  const { exitCode, stdout, stderr } = await nixWire(args)
  expect(stderr).to.equal('')
  expect(exitCode).to.equal(0)
  return stdout.toString()
}

const refused = async (...args: ReadonlyArray<string>): Promise<string> => {
  const { exitCode, stderr } = await nixWire(args)
  expect(exitCode, stderr).to.equal(2)
  return stderr
}

describe('--module', () => {
  let dir: string
  const place = (name: string): string => join(dir, name)
  const written = (name: string, text: string | Uint8Array): string => {
    writeFileSync(place(name), text)
    return place(name)
  }
  before(() => {
    dir = moduleFolder()
  })
  after(() => rmSync(dir, { recursive: true }))

  describe('types', () => {
    it('reads and writes values of an exported grammar, alone and in type expressions', async () => {
      const file = written('mint.bin', mint)
      const json = JSON.stringify(JSON.parse(await out('decode', 'Order', file, '--module', kitchen)))
      expect(json).to.equal('{"leaf":"mint","milk":2}')
      const list = written('list.bin', Buffer.concat([bytesOf('0100000000000000'), mint]))
      expect(JSON.parse(await out('decode', 'List<Order>', list, '-M', kitchen))).to.deep.equal([
        { leaf: 'mint', milk: 2 },
      ])
      const { stdout } = await nixWire(['encode', 'Order', '-M', kitchen], json)
      expect(Uint8Array.from(stdout)).to.deep.equal(mint)
    })

    it('uses the exported protocol as the default, and the command line before it', async () => {
      const file = written('mint.bin', mint)
      const { exitCode, stderr } = await nixWire(['decode', 'Order', file, '-M', kitchen, '-f', 'sugar'])
      expect(exitCode).to.equal(1)
      expect(stderr).to.contain('the end of the message')
    })

    it('dissects, samples, and makes corpora of them', async () => {
      expect(await out('dissect', 'Order', written('mint.bin', mint), '-M', kitchen)).to.match(
        /milk: u8 = 2$/m,
      )
      const { stdout } = await nixWire(['sample', 'Order', '-n', '3', '--seed', '1', '-M', kitchen])
      const samples = written('samples.bin', stdout)
      expect(
        (await out('decode', 'Order', samples, '--many', '-M', kitchen)).trim().split('\n'),
      ).to.have.lengthOf(3)
      await out('corpus', '--all', place('corpus'), '-n', '4', '-M', kitchen)
      expect(readdirSync(place('corpus'))).to.have.members(['Note', 'Order'])
    })

    for (const jobs of ['1', '2']) {
      it(`fuzzes a program with them, with --jobs ${jobs}`, async () => {
        const words = ['fuzz', 'Order', '-M', kitchen, '-x', 'true', '--seed', '1', '--jobs', jobs]
        const limits = ['--runs', '512', '--only', 'malformed', '--minimise', '0', '--timeout', '600']
        const out = place(`findings-${jobs}`)
        const { exitCode, stderr } = await nixWire([...words, ...limits, '--findings', '1', '-o', out])
        expect(exitCode, stderr).to.equal(1)
        expect(stderr).to.match(/^nix-wire: [1-9]\d* found/)
        const { type, shard, findings } = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as {
          readonly type: string
          readonly shard: string
          readonly findings: ReadonlyArray<{ readonly expected: string }>
        }
        expect([type, shard]).to.deep.equal(['Order', '1/1'])
        expect(findings.every(({ expected }) => expected === 'refuses')).to.equal(true)
      })
    }

    it('lists them, and the features that they accept', async () => {
      const list = await out('grammar', '-M', kitchen)
      expect(list).to.match(/^ {2}Order +a leaf, and drops of milk$/m)
      expect(list).to.match(/^ {2}conversation kitchen: Tea, Photo$/m)
      expect(list).to.match(/^ {2}--feature: milk; milk if none is given$/m)
      expect(await out('grammar', 'Order', '-M', kitchen)).to.contain('#### If feature milk is agreed on')
      expect(await out('grammar', 'Order', '--code', '-M', kitchen)).to.contain('// reads Order')
    })
  })

  it('has a page of its conversation, and says where a type is wanted', async () => {
    const page = await out('grammar', 'kitchen', '-M', kitchen)
    expect(page).to.match(/^### kitchen$/m)
    expect(page).to.match(/^\| from \| what \| where \| note \|$/m)
    expect(page).to.match(/^```mermaid\nsequenceDiagram$/m)
    for (const words of [
      ['decode', 'kitchen'],
      ['sample', 'kitchen'],
      ['grammar', 'kitchen', '--code'],
      ['grammar', 'kitchen', '--ksy'],
    ]) {
      expect(await refused(...words, '-M', kitchen), words.join(' ')).to.contain(
        'kitchen is a conversation, not a type',
      )
    }
  })

  describe('sessions', () => {
    it('are made, valid and broken, and read again', async () => {
      await out(
        'sample',
        '--session',
        'Tea',
        'Photo',
        '-n',
        '5',
        '--seed',
        '3',
        '-o',
        place('good'),
        '-M',
        kitchen,
      )
      const { sessions } = JSON.parse(readFileSync(place('good/index.json'), 'utf8'))
      expect(sessions).to.have.lengthOf(5)
      for (const { client, server, operations } of sessions) {
        const lines = await out(
          'session',
          '-M',
          kitchen,
          '--json',
          place(`good/${client}`),
          place(`good/${server}`),
        )
        const told = lines
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line))
        const names = told.flatMap(({ kind, name }) => (kind === 'turn' ? [name] : []))
        expect(names).to.deep.equal(operations.map(({ name }: { name: string }) => name))
        expect(told.at(-1)).to.include({ kind: 'end', clientLeft: 0, serverLeft: 0 })
      }
      await out(
        'sample',
        '--session',
        '--malformed',
        '-n',
        '8',
        '--seed',
        '3',
        '-o',
        place('bad'),
        '-M',
        kitchen,
      )
      const broken = JSON.parse(readFileSync(place('bad/index.json'), 'utf8')).sessions
      for (const { client, server, issue } of broken) {
        const { exitCode, stdout } = await nixWire([
          'session',
          '-M',
          kitchen,
          '--json',
          place(`bad/${client}`),
          place(`bad/${server}`),
        ])
        expect(exitCode).to.equal(1)
        const issues = stdout
          .toString()
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line))
        expect(
          issues.some((each) => each.issue === issue.tag && each.offset === issue.offset),
          JSON.stringify(issue),
        ).to.equal(true)
      }
    })

    it('rejects an unknown turn', async () => {
      const stderr = await refused('sample', '--session', 'Soup', '-o', place('none'), '-M', kitchen)
      expect(stderr).to.contain('Soup is no turn of kitchen; there are Tea, Photo')
    })

    it('have the protocol of the module or of the command line, and turns that it has', async () => {
      const cache = (rest: string) => `
        import fc from 'fast-check'
        import { since, struct, u8, u32, versionBits, versionFromBits } from 'nix-wire'
        import { agree, conversation, nothing, says, sequence, turns } from 'nix-wire/conversation'
        import { supply } from 'nix-wire/laws'
        const agreed = (version) => ({ _tag: 'Right', right: { version } })
        export const Hello = struct('Hello', { newest: u32 })
        export const cache = conversation('cache', sequence(
          says('client', 'hello', Hello),
          agree('version', { hello: Hello }, 'client', ({ hello }) => agreed(versionFromBits(hello.newest % 65536))),
          turns('calls', says('client', 'call', u8), { Put: [1, nothing], Fetch: [2, nothing, since('1.2')] }),
        ))
        const hellos = fc.constantFrom('1.1', '1.2', '1.3').map((version) => ({ newest: versionBits(version) }))
        ${rest}`
      const given = 'export const given = [supply(Hello, hellos)]'
      const module = written('cache.js', cache(`${given}\nexport const protocol = { version: '1.2' }`))
      const made = ['sample', '--session', '-n', '4', '--seed', '3', '-o', place('agreed')]
      const agreedOn = async (...args: ReadonlyArray<string>) => {
        await out(...made, ...args)
        const { protocol, sessions } = JSON.parse(readFileSync(place('agreed/index.json'), 'utf8'))
        return [protocol, ...sessions.map((each: { protocol: object }) => each.protocol)]
      }
      const same = (version: string) => [0, 1, 2, 3, 4].map(() => ({ version }))
      expect(await agreedOn('Put', 'Fetch', '-M', module)).to.deep.equal(same('1.2'))
      expect(await agreedOn('Put', '-p', '1.1', '-M', module)).to.deep.equal(same('1.1'))
      expect(await refused(...made, 'Fetch', '-p', '1.1', '-M', module)).to.contain(
        'Fetch needs protocol version 1.2 or above: pass -p 1.2',
      )
      const free = written('free.js', cache(given))
      const [, ...found] = await agreedOn('Fetch', '-M', free)
      expect(found.every(({ version }) => version !== '1.1')).to.equal(true)
      const unmet = written('unmet.js', cache("export const protocol = { version: '1.2' }"))
      expect(await refused(...made, '-M', unmet)).to.contain(
        '(version 1.2 is wanted; it follows from hello); let the --module export values',
      )
    })

    it('are printed for people, with the times of a recording', async () => {
      const writer = new RecordingWriter('kitchen')
      const client = bytesOf('0100000000000000 0400000000000000 6d696c6b 00000000')
      const file = written(
        'kitchen.pcapng',
        Buffer.concat([
          writer.start(),
          writer.bytes('client', client, 1000),
          writer.bytes('server', bytesOf('0100000000000000 0400000000000000 6d696c6b 00000000'), 1001),
          writer.bytes('client', bytesOf('0100000000000000'), 1500),
          writer.bytes('client', mint, 1500),
          writer.bytes('server', bytesOf('0200000000000000 0700000000000000 6e6f206d696e74 00'), 3500),
          writer.end('client', 'closed', 4000),
          writer.end('server', 'closed', 4000),
        ]),
      )
      expect(await out('session', '-M', kitchen, file)).to.equal(
        [
          'words  client 0–24  server 0–24',
          '  time     +0 ms, took 1 ms',
          '  → asks   ["milk"]',
          '  ← has    ["milk"]',
          '',
          'Tea (orders 0)  client 24–56  server 24–48',
          '  time     +500 ms, took 2 s',
          '  → order  1',
          '  → tea    {"leaf":"mint","milk":2}',
          '  ← note   {"is":"Burnt","why":"no mint"}',
          '  left for orders',
          '',
          'end of both streams',
          '',
        ].join('\n'),
      )
    })
  })

  it('counts the bytes left over of a server that is not a daemon', async () => {
    const client = written(
      'left.client.bin',
      bytesOf('0100000000000000 0400000000000000 6d696c6b 00000000 07'),
    )
    const server = written(
      'left.server.bin',
      bytesOf('0100000000000000 0400000000000000 6d696c6b 00000000 0708'),
    )
    const { stdout } = await nixWire(['session', '-M', kitchen, client, server])
    expect(stdout.toString()).to.match(/not read: \d+ bytes of the client, 2 of the server$/m)
  })

  describe('operations', () => {
    const fork = `
      import { feature, struct, u32, u64 } from 'nix-wire'
      import { operation, operations, StorePath } from 'nix-wire/grammar'
      export const table = {
        ...operations,
        QueryClosureSize: operation({
          id: 4711, name: 'QueryClosureSize', summary: 'what a path weighs', since: '1.38', gate: feature('closure-size'),
          request: struct('QueryClosureSizeRequest', { path: StorePath }),
          reply: struct('QueryClosureSizeReply', { paths: u32, bytes: u64 }),
        }),
      }
      export const protocol = { version: '1.38', features: ['closure-size'] }`

    it('of a fork are types, and sessions with them can be made and read', async () => {
      const module = written('fork.js', fork)
      const list = await out('grammar', '-M', module)
      expect(list)
        .to.contain('operations: QueryClosureSize (4711)')
        .and.to.match(/^ {2}QueryClosureSizeReply/m)
      const reply = written('reply.bin', bytesOf('0700000000000000 0900000000000000'))
      expect(JSON.parse(await out('decode', 'QueryClosureSizeReply', reply, '-M', module)).paths).to.equal(7)
      await out(
        'sample',
        '--session',
        'QueryClosureSize',
        'IsValidPath',
        'AddTempRoot',
        '-n',
        '3',
        '--seed',
        '5',
        '-o',
        place('forked'),
        '-M',
        module,
      )
      for (const number of [0, 1, 2]) {
        const lines = await out(
          'session',
          '--json',
          '-M',
          module,
          place(`forked/00000${number}.client.bin`),
          place(`forked/00000${number}.server.bin`),
        )
        expect(lines).to.contain('"QueryClosureSize"')
        expect(lines).not.to.contain('"kind":"issue"')
      }
    })
  })

  describe('an error', () => {
    it('is reported: a name that is taken, nothing to use, two of one kind, no file', async () => {
      const taken = written('taken.js', `import { u8 } from 'nix-wire'; export const StorePath = u8`)
      expect(await refused('grammar', '-M', taken)).to.contain(
        'exports StorePath, and nix-wire has a type of that name',
      )
      const list = written('list.js', `import { u8 } from 'nix-wire'; export const List = u8`)
      expect(await refused('grammar', '-M', list)).to.contain(
        'exports List, and nix-wire has a type of that name',
      )
      const empty = written('empty.js', `export const answer = 42`)
      expect(await refused('grammar', '-M', empty)).to.contain('exports no grammar, no conversation')
      const usual = written('usual.js', `import { u8 } from 'nix-wire'; export default u8`)
      expect(await refused('grammar', '-M', usual)).to.contain('as its default, which has no name')
      const wrong = written(
        'wrong.js',
        `import { u8 } from 'nix-wire'; export const A = u8; export const protocol = { version: 7 }`,
      )
      expect(await refused('grammar', '-M', wrong)).to.contain('must say what holds by default')
      expect(await refused('decode', 'Order', '-M', kitchen, '-M', kitchen)).to.contain(
        'another --module does too',
      )
      expect(await refused('decode', 'Order', '-M', place('none.js'))).to.contain('cannot load')
      expect(await refused('decode', 'Soup', '-M', kitchen)).to.contain(`--module ${kitchen}`)
    })

    it('is reported: a grammar that another version of nix-wire made', async () => {
      const odd = written(
        'odd.js',
        `
        const odd = { _tag: 'quantum' }
        export const A = { node: { _tag: 'struct', shape: 'record', fields: [{ key: 'odd', node: odd }] } }`,
      )
      expect(await refused('grammar', '-M', odd)).to.contain('another version of nix-wire has made it')
    })

    it('is reported: a module that cannot find the package', async () => {
      const lost = mkdtempSync(join(tmpdir(), 'nix-wire-lost-'))
      try {
        writeFileSync(join(lost, 'lost.mjs'), `import { u8 } from 'nix-wire'; export const A = u8`)
        expect(await refused('grammar', '-M', join(lost, 'lost.mjs'))).to.contain('npm install nix-wire')
      } finally {
        rmSync(lost, { recursive: true })
      }
    })

    it('is reported: an unknown version', async () => {
      const versioned = written(
        'versioned.js',
        `
        import { since, struct, u8, versioned } from 'nix-wire'
        export const A = struct('A', { a: versioned(since('2.1'), u8, 0) })`,
      )
      expect(await refused('decode', 'A', '-M', versioned)).to.contain('depends on a version')
      expect(
        await out('decode', 'A', written('a.bin', bytesOf('0100000000000000')), '-M', versioned, '-p', '2.1'),
      ).to.contain('1')
      expect(await out('grammar', '-M', versioned)).to.contain(
        '--protocol: must be given; something changes with 2.1',
      )
      expect(await refused('decode', 'A', '-M', versioned)).to.contain(
        'the command was given none: pass --protocol 1.2',
      )
    })

    it('is not reported: a version and features that both sides of a conversation agree on', async () => {
      const agreeing = written(
        'agreeing.js',
        `
        import { feature, since, u8 } from 'nix-wire'
        import { agree, conversation, gated, says, sequence } from 'nix-wire/conversation'
        const right = { version: '1.2', features: [] }
        export const talk = conversation('talk', sequence(
          says('client', 'a', u8),
          agree('version', { a: u8 }, 'client', () => ({ _tag: 'Right', right })),
          gated(since('1.2'), says('client', 'b', u8)),
          gated(feature('milk'), says('client', 'c', u8)),
        ))`,
      )
      expect((await out('grammar', '-M', agreeing)).split('\n').slice(-5, -1)).to.deep.equal([
        '  conversation talk',
        `    \`nix-wire grammar talk --module ${agreeing}\` prints its page`,
        '  --protocol: both sides of talk agree on it; something changes with 1.2',
        '  --feature: milk; both sides of talk agree on it',
      ])
      expect(await refused('grammar', '--ksy', '--all', '--out', place('none'), '-M', agreeing)).to.contain(
        'exports no types, only the conversation talk',
      )
    })

    it('is reported: a conversation of an unknown version', async () => {
      const flow = `
        import { since, struct, u8, versioned } from 'nix-wire'
        import { conversation, says } from 'nix-wire/conversation'
        const A = struct('A', { a: versioned(since('1.2'), u8, 0) })
        export const talk = conversation('talk', says('client', 'a', A))`
      const module = written('talk.js', flow)
      expect(await refused('sample', '--session', '-o', place('talks'), '-M', module)).to.contain(
        'pass --protocol 1.2',
      )
      const empty = written('empty.bin', new Uint8Array(0))
      for (const words of [
        ['session', empty, empty],
        ['proxy', '--live', '--listen', place('socket'), '--to', place('socket')],
      ]) {
        expect(await refused(...words, '-M', module), words.join(' ')).to.contain(
          "let the module have it: export const protocol = { version: '1.2' }",
        )
      }
    })
  })

  describe('values', () => {
    const rare = `
      import { refine, struct, u8, utf8 } from 'nix-wire'
      import { conversation, says } from 'nix-wire/conversation'
      export const City = refine(utf8, 'a city', (text) => text === 'Oslo')
      export const Trip = struct('Trip', { to: City, days: u8 })
      export const trips = conversation('trips', says('client', 'trip', Trip))`
    const given = `
      import fc from 'fast-check'
      import { supply } from 'nix-wire/laws'
      export const given = [supply(City, fc.constant('Oslo'))]`
    const makers = (): ReadonlyArray<ReadonlyArray<string>> => [
      ['sample', 'City', '--hex'],
      ['sample', 'Trip', '--malformed'],
      ['sample', '--session', '-n', '2', '--out', place('trips')],
      ['corpus', 'Trip', place('seeds'), '-n', '4'],
      ['mutate', 'Trip', written('trip.bin', new Uint8Array(0)), '--seed', '3'],
      ['fuzz', 'Trip', '--runs', '4', '--only', 'valid', '-x', 'true', '-o', place('found')],
      ['fuzz', 'init', '--libfuzzer', 'Trip', place('target'), '-n', '4'],
      ['conformance', 'vectors', place('vectors'), 'Trip'],
    ]

    it('come from what the module exports as given, in every command', async () => {
      const module = written('given.js', rare + given)
      for (const words of makers()) {
        await out(...words, '--module', module)
      }
      const samples = await out('sample', 'Trip', '-n', '3', '--seed', '1', '--base64', '--module', module)
      for (const line of samples.trim().split('\n')) {
        expect(Buffer.from(line, 'base64').toString()).to.contain('Oslo')
      }
      const { types } = JSON.parse(readFileSync(place('vectors/manifest.json'), 'utf8'))
      expect(types[0].groups[0].valid).to.be.greaterThan(0)
    })

    it('are missed by every command, which is no bug', async () => {
      const module = written('rare.js', rare)
      for (const words of makers()) {
        const said = await refused(...words, '--module', module)
        expect(said, words.join(' '))
          .to.contain('its imap or refine rejects')
          .and.contain('export const given =')
        expect(said).not.to.contain('bug')
      }
    })

    it('are supplies, which is said if they are something else', async () => {
      const module = written('array.js', `${rare}\nexport const given = ['Oslo']`)
      expect(await refused('grammar', '--module', module)).to.contain(
        'must be an array of supplies, as in [supply(grammar, values)]',
      )
    })
  })

  it('is named if its own code throws', async () => {
    const module = written(
      'throws.js',
      `
      import { refine, utf8 } from 'nix-wire'
      const isCity = (text) => { throw new Error('no map') }
      export const City = refine(utf8, 'a city', isCity)`,
    )
    expect(await refused('sample', 'City', '--module', module)).to.match(
      /^nix-wire: .*throws\.js threw an error: no map \(NIX_WIRE_DEBUG=1 shows where\)$/m,
    )
  })

  it('may be in TypeScript', async () => {
    const module = written(
      'tea.ts',
      `
      import { type TypeOf, struct, u8 } from 'nix-wire'
      export const Tea = struct('Tea', { cups: u8 })
      export type Tea = TypeOf<typeof Tea>`,
    )
    expect(
      await out('decode', 'Tea', written('tea.bin', bytesOf('0300000000000000')), '-M', module),
    ).to.contain('"cups": 3')
  })
})
