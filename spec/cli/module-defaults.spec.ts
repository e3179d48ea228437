import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { nixWire, nixWireProcess, type Ran } from '../support/cli.js'
import { listening } from '../support/listening.js'
import { moduleFolder } from '../support/module-folder.js'
import { ScriptedSession, somePath } from '../support/scripted-session.js'
import { until } from '../support/waiting.js'
import { concat, int, padded } from '../support/wire.js'

// Each part of the protocol changes the form of an order: without one of them, these bytes are invalid.
const order = `
  import { feature, since, struct, u8, versioned } from 'nix-wire'
  import { conversation, says } from 'nix-wire/conversation'
  import { StorePath } from 'nix-wire/grammar'
  export const Order = struct('Order', {
    sugar: versioned(since('1.2'), u8, 0), milk: versioned(feature('milk'), u8, 0), path: StorePath,
  })`
const usual = `export const protocol = { version: '1.1', features: ['milk'], storeDir: '/tea/store' }`
const path = '/tea/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-mint'
const bytes = concat(int(2), padded(path))
const json = `{"sugar":0,"milk":2,"path":"${path}"}`

// A conversation with nothing but an order; the operations of Nix in another store directory.
const talk = `export const talk = conversation('talk', says('client', 'order', Order))`
const fork = `
  import { operations } from 'nix-wire/grammar'
  export const table = { ...operations }
  export const protocol = { storeDir: '/tea/store' }`

describe('the defaults of a module', () => {
  let dir = ''
  const place = (name: string): string => join(dir, name)
  const its = (name: string) => ['--module', place(`${name}.js`)] as const

  before(() => {
    dir = moduleFolder()
    const session = new ScriptedSession({ version: '1.38' })
    session.number('client', 1).text('client', somePath).last().number('server', 1)
    for (const [name, content] of [
      ['order.js', `${order}\n${usual}`],
      ['half.js', `${order}\nexport const protocol = { version: '1.1', storeDir: '/tea/store' }`],
      ['talk.js', `${order}\n${talk}\n${usual}`],
      ['fork.js', fork],
      ['order.bin', bytes],
      ['half.bin', padded(path)],
      ['none.bin', ''],
      ['nix.client.bin', session.bytes.client],
      ['nix.server.bin', session.bytes.server],
    ] as const) {
      writeFileSync(place(name), content)
    }
  })
  after(() => rmSync(dir, { recursive: true }))

  const ok = ({ exitCode, stdout, stderr }: Ran): string => {
    expect([exitCode, stderr]).to.deep.equal([0, ''])
    return stdout.toString()
  }
  const run = async (...words: ReadonlyArray<string>): Promise<string> => ok(await nixWire(words))

  /** Runs a command that serves until it is ended, like by Ctrl-C. */
  const serving = async (words: ReadonlyArray<string>, use: () => Promise<void>): Promise<Ran> => {
    const others = process.listeners('SIGINT')
    const mine = () => process.listeners('SIGINT').filter((each) => !others.includes(each))
    const running = nixWire(words)
    try {
      await Promise.race([until(() => mine().length > 0), running])
      await use()
    } finally {
      for (const listener of mine()) {
        listener('SIGINT')
      }
    }
    return running
  }

  const contents = (folder: string): ReadonlyArray<string> =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile())
      .map((each) => readFileSync(join(each.parentPath, each.name), 'latin1'))

  /** Paths are made, and all in the store directory of the module. */
  const expectPaths = (texts: ReadonlyArray<string>): void => {
    const all = texts.join('\n')
    expect(all).to.contain('/tea/store/')
    expect(all).not.to.contain('/nix/store')
  }

  /** A session of Nix in `/nix/store` has no path in the module's. */
  const noPath = /InvalidText .*a store path|in StorePath/

  const commands: Record<string, () => Promise<void>> = {
    decode: async () => {
      const printed = await run('decode', 'Order', place('order.bin'), ...its('order'))
      expect(JSON.stringify(JSON.parse(printed))).to.equal(json)
      // Parts that a module leaves out have the defaults of the commands.
      expect(await run('decode', 'Order', place('half.bin'), ...its('half'))).to.contain(path)
    },
    encode: async () => {
      const { stdout } = await nixWire(['encode', 'Order', ...its('order')], json)
      expect(new Uint8Array(stdout)).to.deep.equal(bytes)
    },
    dissect: async () => {
      expect(await run('dissect', 'Order', place('order.bin'), ...its('order'))).to.contain('milk: u8 = 2')
    },
    grammar: async () => {
      const list = await run('grammar', ...its('order'))
      expect(list)
        .to.match(/--protocol: 1\.1 if/)
        .and.match(/; milk if none/)
      expect(list).to.contain('--store-dir: /tea/store if it is not given')
      // The code contains the least length of a path: a '-', a digest, a name and the directory.
      expect(await run('grammar', 'Order', '--code', ...its('order'))).to.contain(
        `< ${'/tea/store/'.length + 32 + 2}`,
      )
    },
    sample: async () => {
      const { stdout } = await nixWire(['sample', 'Order', '-n', '2', '--seed', '1', ...its('order')])
      expectPaths([stdout.toString('latin1')])
      ok(await nixWire(['decode', 'Order', '--many', ...its('order')], stdout))
      for (const [name, turns] of [
        ['talk', []],
        ['fork', ['IsValidPath']],
      ] as const) {
        const out = place(`sessions-${name}`)
        await run('sample', '--session', ...turns, '-n', '2', '--seed', '1', '-o', out, ...its(name))
        expectPaths(contents(out))
      }
    },
    mutate: async () => {
      const made: Array<string> = []
      for (let seed = 1; seed <= 12; seed++) {
        const words = ['mutate', 'Order', place('none.bin'), '--seed', String(seed), ...its('order')]
        made.push((await nixWire(words)).stdout.toString('latin1'))
      }
      expectPaths(made)
    },
    corpus: async () => {
      await run('corpus', 'Order', place('corpus'), '-n', '8', ...its('order'))
      expectPaths(contents(place('corpus')))
      const escaped = Buffer.from('/tea/store/').toString('hex').replace(/../g, '\\x$&')
      expect(readFileSync(place('corpus/nix-wire.dict'), 'utf8')).to.contain(`store_dir="${escaped}"`)
    },
    fuzz: async () => {
      const given = ['-x', 'true', '--runs', '8', '--seed', '1', '--jobs', '1', '--minimise', '0']
      await nixWire(['fuzz', 'Order', ...given, '-o', place('found'), ...its('order')])
      const { protocol } = JSON.parse(readFileSync(place('found/report.json'), 'utf8'))
      expect(protocol).to.deep.equal({ version: '1.1', features: ['milk'], storeDir: '/tea/store' })
    },
    session: async () => {
      const recorded = (name: string) => [place(`${name}.client.bin`), place(`${name}.server.bin`)] as const
      const told = await run('session', place('order.bin'), place('none.bin'), ...its('talk'))
      expect(told).to.contain(path)
      const { exitCode, stderr } = await nixWire(['session', ...recorded('nix'), ...its('fork')])
      expect(exitCode).to.equal(1)
      expect(stderr).to.match(noPath)
    },
    inspect: async () => {
      for (const words of [
        [place('order.bin'), ...its('order')],
        [place('order.bin'), place('none.bin'), ...its('talk')],
        [place('nix.client.bin'), place('nix.server.bin'), ...its('fork')],
      ]) {
        const { stdout } = await serving(['inspect', '--no-open', ...words], async () => {})
        const fields = new URLSearchParams(new URL(stdout.toString()).hash.slice(1))
        expect(fields.get('store')).to.equal('/tea/store')
        if (fields.has('protocol')) {
          expect([fields.get('protocol'), fields.get('features')]).to.deep.equal(['1.1', 'milk'])
        }
      }
    },
    proxy: async () => {
      const server = readFileSync(place('nix.server.bin'))
      const [to, stop] = await listening((socket) => socket.end(server))
      try {
        const { stdout } = await serving(
          ['proxy', '--listen', place('socket'), '--to', to, '--live', ...its('fork')],
          async () => {
            await until(() => readdirSync(dir).includes('socket'))
            const client = connect(place('socket'))
            client.resume().end(readFileSync(place('nix.client.bin')))
            await new Promise((resolve) => client.once('close', resolve))
          },
        )
        expect(stdout.toString()).to.match(noPath)
      } finally {
        await stop()
      }
    },
  }

  for (const [name, test] of Object.entries(commands)) {
    it(`hold in nix-wire ${name}`, test)
  }

  it('hold in nix-wire proxy --command, of operations', async () => {
    const command = `cat > /dev/null; cat '${place('nix.server.bin')}'`
    const { stderr } = await nixWireProcess(
      ['proxy', '--live', '--command', command, ...its('fork')],
      readFileSync(place('nix.client.bin')),
    )
    expect(stderr).to.match(noPath)
  })

  it('hold in nix-wire proxy --command, of a conversation', async () => {
    const words = ['proxy', '--live', '--command', 'cat > /dev/null', ...its('talk')]
    const { exitCode, stderr } = await nixWireProcess(words, bytes)
    expect([exitCode, stderr.includes(path), stderr.includes('issue')]).to.deep.equal([0, true, false])
  })

  it('are tested for each command that accepts a module', async () => {
    const help = await run('--help')
    const names = [...help.matchAll(/^ {2}([a-z-]+) [ [<]/gm)].map(([, name = '']) => name)
    const takers: Array<string> = []
    for (const name of names.filter((each) => each !== 'help')) {
      if ((await run(name, '--help')).includes('--module <file>')) {
        takers.push(name)
      }
    }
    expect(takers.sort()).to.deep.equal(Object.keys(commands).sort())
  })
})
