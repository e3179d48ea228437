import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { build } from 'vite'
import { servePage } from '../../cli/inspect/serve.js'
import { Driver } from '../inspect/driver.js'
import { Chromium, describeWithChromium } from '../support/chromium.js'
import { nixWire, spawnNixWire } from '../support/cli.js'
import { moduleFolder } from '../support/module-folder.js'
import { projectPath } from '../support/shared.js'
import { until } from '../support/waiting.js'

const message = 'examples/messages/valid-path-info-1.34.bin'
const session = ['examples/sessions/tea.client.bin', 'examples/sessions/tea.server.bin'] as const

/** Runs the command, and `use` once it serves; ends it with a signal and returns its exit code. */
const served = async (
  args: ReadonlyArray<string>,
  use: (address: string) => Promise<void>,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<number | null> => {
  const child = spawnNixWire(['inspect', ...args])
  const ended = once(child, 'close')
  let stdout = ''
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  try {
    while (!stdout.includes('\n')) {
      if (child.exitCode !== null) {
        throw new Error(`the command has ended: ${stderr}`)
      }
      await Promise.race([once(child.stdout, 'data'), ended])
    }
    await use(stdout.trim())
  } finally {
    child.kill(signal)
    await ended
  }
  return child.exitCode
}

/** The arguments of an opener of the system, and the file it found. */
interface Opened {
  readonly args: ReadonlyArray<string>
  readonly modes: string
  readonly text: string
}

/**
 * Runs the command in this process on a terminal, with an opener that only records its arguments; ends it after `use`.
 */
const withOpener = async (use: (opened: Opened, address: string) => Promise<void>): Promise<void> => {
  const dir = mkdtempSync(join(tmpdir(), 'nix-wire-opener-'))
  const notes = join(dir, 'notes')
  const script = `#!/bin/sh
{ printf '%s\\0' "$(stat -c %a "$1" "$(dirname "$1")" | tr '\\n' ' ')" "$(cat "$1")" "$@"; } > '${notes}.part'
mv '${notes}.part' '${notes}'
`
  try {
    for (const opener of ['xdg-open', 'open']) {
      writeFileSync(join(dir, opener), script, { mode: 0o700 })
    }
    const env = { PATH: `${dir}:${process.env.PATH}`, TMPDIR: dir }
    const others = process.listeners('SIGTERM')
    const running = nixWire(['inspect', message], '', env, true)
    try {
      await until(() => existsSync(notes))
      const [modes = '', text = '', ...given] = readFileSync(notes, 'utf8').split('\0').slice(0, -1)
      const [, url = ''] = /url=(http[^"]*)"/.exec(text) ?? []
      await use({ args: given, modes: modes.trim(), text }, url.replaceAll('&#38;', '&'))
    } finally {
      // Chromium should outlive it.
      for (const listener of process.listeners('SIGTERM').filter((each) => !others.includes(each))) {
        listener('SIGTERM')
      }
      expect((await running).exitCode).to.equal(0)
    }
    expect(readdirSync(dir).sort()).to.deep.equal(['notes', 'open', 'xdg-open'])
  } finally {
    rmSync(dir, { recursive: true })
  }
}

/** The status of an answer to a request that names a host. */
const statusFor = (address: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asking = request(address, { headers: { host } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    asking.on('error', reject)
    asking.end()
  })

/** A clone that was not built has no page yet. */
const pageIsBuilt = async (): Promise<void> => {
  if (!existsSync(projectPath('dist/inspect/index.html'))) {
    await build({ configFile: projectPath('inspect/vite.config.ts'), logLevel: 'error' })
  }
}

describe('nix-wire inspect', () => {
  before(pageIsBuilt)

  it('serves the page and the files on this machine only, under a path that cannot be guessed', async () => {
    const code = await served([...session, '--no-open'], async (address) => {
      const { origin, hostname, pathname, hash } = new URL(address)
      expect(hostname).to.equal('127.0.0.1')
      expect(pathname).to.match(/^\/[0-9a-f]{32}\/$/)
      expect(new URLSearchParams(hash.slice(1)).getAll('file')).to.deep.equal(session)
      const page = await fetch(address)
      expect(page.status).to.equal(200)
      expect(page.headers.get('content-type')).to.equal('text/html; charset=utf-8')
      expect(page.headers.get('cache-control')).to.equal('no-store')
      expect(await page.text()).to.contain('<title>nix-wire inspect</title>')
      for (const [index, name] of session.entries()) {
        const file = await fetch(`${origin}${pathname}files/${index}`)
        expect(Buffer.from(await file.arrayBuffer())).to.deep.equal(readFileSync(projectPath(name)))
      }
      for (const path of [
        '/',
        '/files/0',
        `${pathname}files/2`,
        `${pathname}../`,
        `${pathname}files/../../x`,
      ]) {
        expect((await fetch(`${origin}${path}`)).status, path).to.equal(404)
      }
      expect((await fetch(`${origin}${pathname}`, { method: 'POST' })).status).to.equal(404)
    })
    expect(code).to.equal(0)
  })

  it('serves modules beside the page, and starts with the first of their types', async () => {
    const kitchen = 'examples/kitchen/kitchen.js'
    const code = await served([message, '--module', kitchen, '--no-open'], async (address) => {
      const { origin, pathname, hash } = new URL(address)
      const fields = new URLSearchParams(hash.slice(1))
      expect([fields.get('type'), fields.get('features')]).to.deep.equal(['Note', 'milk'])
      expect(fields.getAll('module')).to.deep.equal([kitchen])
      const answer = await fetch(`${origin}${pathname}modules/0`)
      expect(await answer.text()).to.equal(readFileSync(projectPath(kitchen), 'utf8'))
      expect((await fetch(`${origin}${pathname}modules/1`)).status).to.equal(404)
    })
    expect(code).to.equal(0)
  })

  it('rejects a module in TypeScript, and says what makes JavaScript of it', async () => {
    const dir = moduleFolder()
    try {
      writeFileSync(join(dir, 'sip.ts'), 'export const most: number = 9\n')
      const module = join(dir, 'protocol.ts')
      writeFileSync(
        module,
        `import { intUpTo, struct, type TypeOf } from 'nix-wire'
        import { most } from './sip.js'
        export const Cup = struct('Cup', { sips: intUpTo(most) })
        export type Cup = TypeOf<typeof Cup>`,
      )
      const { exitCode, stderr } = await nixWire(['inspect', '--module', module, '--no-open'])
      expect(exitCode, stderr).to.equal(2)
      const [, words = ''] = /runs JavaScript only; .* npx esbuild (.*)$/m.exec(stderr) ?? []
      execFileSync(
        projectPath('node_modules/.bin/esbuild'),
        words.split(' ').map((word) => word.replace('FILE', 'protocol')),
        { cwd: dir, stdio: 'pipe' },
      )
      const made = readFileSync(join(dir, 'protocol.js'), 'utf8')
      expect([...made.matchAll(/ from "(.*)"/g)].map(([, name]) => name)).to.deep.equal(['nix-wire'])
      expect(Object.keys(await import(pathToFileURL(join(dir, 'protocol.js')).href))).to.deep.equal(['Cup'])
    } finally {
      rmSync(dir, { recursive: true })
    }
  })

  it('answers requests for its own host only', async () => {
    const serving = await servePage([{ name: 'x', bytes: Buffer.from('secret') }], 0)
    try {
      const { port } = new URL(serving.address)
      for (const [host, status] of [
        [`127.0.0.1:${port}`, 200],
        [`localhost:${port}`, 200],
        [`rebound.example:${port}`, 421],
        ['rebound.example', 421],
        ['127.0.0.1', 421],
        [`localhost:${port}0`, 421],
        [`127.0.0.1:${port}.rebound.example`, 421],
        [`[::1]:${port}`, 421],
      ] as const) {
        expect(await statusFor(serving.address, host), host).to.equal(status)
        expect(await statusFor(`${serving.address}files/0`, host), host).to.equal(status)
        expect(await statusFor(new URL('/', serving.address).href, host), host).to.be.oneOf([404, 421])
      }
    } finally {
      await serving.close()
    }
  })

  it('opens the browser by a file that only its owner can read, so that no address is in the command line', async () => {
    await withOpener(async ({ args, modes, text }, address) => {
      expect(modes).to.equal('600 700')
      expect(args).to.have.lengthOf(1)
      const { hash, pathname } = new URL(address)
      expect(args.join(' ')).not.to.contain(pathname.slice(1, -1))
      expect(text).to.contain(pathname)
      expect([...new URLSearchParams(hash.slice(1)).keys()]).to.deep.equal(['protocol', 'features', 'file'])
      expect((await fetch(address)).status).to.equal(200)
    })
  })

  it('ends at SIGINT even while a connection is open', async () => {
    const code = await served(
      [message],
      async (address) => {
        const { port } = new URL(address)
        const socket = connect(Number(port), '127.0.0.1')
        socket.on('error', () => {})
        await once(socket, 'connect')
      },
      'SIGINT',
    )
    expect(code).to.equal(0)
  })

  it('puts the options into the address', async () => {
    const options = ['--type', 'List<String>', '-p', '1.34', '-f', 'provenance', '-c', '-s', '/srv/store']
    await served([message, ...options], async (address) => {
      const fields = Object.fromEntries(new URLSearchParams(new URL(address).hash.slice(1)))
      expect(fields).to.deep.equal({
        type: 'List<String>',
        protocol: '1.34',
        features: 'provenance',
        canonical: '1',
        store: '/srv/store',
        file: message,
      })
    })
  })

  it('exits with 2 for a wrong command line, a file that cannot be read, a port that is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    for (const [args, said] of [
      [[message, '--type', 'ValidPath'], 'there is no type'],
      [[...session, '--type', 'Bool64'], 'a session has no type'],
      [[message, '-s', 'nix'], 'not a store directory'],
      [['examples/none'], 'cannot read examples/none'],
      [[message, '--port', '70000'], 'expected a port'],
      [[message, '--port', String(port)], 'cannot serve the page'],
      [[message, message, message], 'too many arguments'],
    ] as const) {
      const { exitCode, stdout, stderr } = await nixWire(['inspect', ...args])
      expect([exitCode, stdout.length], args.join(' ')).to.deep.equal([2, 0])
      expect(stderr).to.contain(said)
    }
    taken.close()
  })

  it('has a help with examples', async () => {
    const { exitCode, stdout } = await nixWire(['inspect', '--help'])
    expect(exitCode).to.equal(0)
    expect(stdout.toString()).to.contain('$ nix-wire inspect reply.bin --type ValidPathInfo --protocol 1.37')
  })
})

describeWithChromium('nix-wire inspect in a browser', () => {
  let chromium: Chromium
  before(async () => {
    await pageIsBuilt()
    chromium = await Chromium.start()
  })
  after(() => chromium?.end())

  it('shows the file of the command line', async () => {
    await served([message, '--type', 'ValidPathInfo', '-p', '1.34'], async (address) => {
      const { page, wrongs } = await chromium.open(address)
      await page.getByTestId('source').getByText(message).waitFor()
      await new Driver(page).row('narHash').waitFor()
      expect(wrongs).to.deep.equal([])
    })
  })

  it('is opened through a file', async () => {
    await withOpener(async ({ args: [file = ''] }, address) => {
      const { page } = await chromium.open(pathToFileURL(file).href)
      await page.getByTestId('source').getByText(message).waitFor()
      expect(page.url()).to.equal(address)
    })
  })

  it('takes two files in their order, whatever their names', async () => {
    await served([session[1], session[0]], async (address) => {
      const { page } = await chromium.open(address)
      await page
        .getByTestId('issue')
        .getByText(/^client:.*handshake/)
        .waitFor()
    })
  })
})
