import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { recordingProxy } from '../../daemon/proxy/index.js'
import { nixWire } from '../support/cli.js'
import { commandWords } from '../support/command-words.js'
import { archive, directory, file, words } from '../support/nar.js'
import { projectPath } from '../support/shared.js'

// 61 ff, as a text and as a name.
const text = 'a\udcff'
const raw = Buffer.from([0x61, 0xff])

describe('names that are not UTF-8, on the command line', () => {
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-names-'))
  })
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true })
  })

  const at = (name: string | Buffer): Buffer => Buffer.concat([Buffer.from(`${dir}/`), Buffer.from(name)])
  const names = (): ReadonlyArray<string> => readdirSync(dir, { encoding: 'latin1' }).sort()
  const printed = async (words_: ReadonlyArray<string>, stdin: Uint8Array | string = ''): Promise<Buffer> => {
    const { exitCode, stdout, stderr } = await nixWire(words_, stdin)
    expect([exitCode, stderr], words_.join(' ')).to.deep.equal([0, ''])
    return stdout
  }
  const tree = archive(directory([raw, file('inside')]))

  it('are the bytes that were typed', async () => {
    writeFileSync(join(dir, 'x.nar'), tree)
    // Node starts no program with bytes like these; a shell does.
    const script = `name="$(printf 'a\\377')"; dir="$1"; shift; exec "$@" nar unpack "$dir/x.nar" "$dir/$name"`
    const child = spawn('sh', ['-c', script, 'sh', dir, process.execPath, ...commandWords], {
      cwd: projectPath(),
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    expect((await once(child, 'close'))[0]).to.equal(0)
    expect(names()).to.deep.equal(['a\xff', 'x.nar'])
  })

  it('name an entry of an archive, also as nar ls prints it', async () => {
    for (const path of [text, `/${text}/`, `"./a\\udcff"`]) {
      expect((await printed(['nar', 'cat', '-', path], tree)).toString()).to.equal('inside')
    }
    expect((await printed(['nar', 'ls'], tree)).toString()).to.contain(' "./a\\udcff"\n')
    const quoted = archive(directory(['"a"', file('quoted')]))
    expect((await printed(['nar', 'cat', '-', './"a"'], quoted)).toString()).to.equal('quoted')
    const { exitCode, stderr } = await nixWire(['nar', 'cat', '-', '"a'], quoted)
    expect([exitCode, stderr]).to.deep.equal([
      2,
      'nix-wire: "\\"a" begins like a JSON string but is not one; write a name as ./NAME\n',
    ])
  })

  it('name an archive, and what is packed and unpacked', async () => {
    writeFileSync(at(raw), tree)
    for (const command of ['ls', 'verify', 'hash']) {
      expect(await printed(['nar', command, `${dir}/${text}`])).to.deep.equal(
        await printed(['nar', command], tree),
      )
    }
    expect((await printed(['nar', 'cat', `${dir}/${text}`, text])).toString()).to.equal('inside')
    await printed(['nar', 'unpack', '-', `${dir}/o\udcff`], tree)
    expect(names()).to.deep.equal(['a\xff', 'o\xff'])
    expect(await printed(['nar', 'pack', `${dir}/o\udcff`])).to.deep.equal(tree)
    expect(await printed(['nar', 'hash', `${dir}/o\udcff`])).to.deep.equal(
      await printed(['nar', 'hash'], tree),
    )
  })

  it('name a message, a value in JSON, and a recording', async () => {
    const message = words('hello')
    writeFileSync(at(raw), message)
    expect((await printed(['decode', 'String', `${dir}/${text}`])).toString()).to.equal('"hello"\n')
    expect((await printed(['decode', 'String', '--many', `${dir}/${text}`])).toString()).to.equal('"hello"\n')
    expect((await printed(['dissect', 'String', `${dir}/${text}`])).toString()).to.contain('"hello"')
    writeFileSync(at(raw), '"hello"')
    expect(await printed(['encode', 'String', `${dir}/${text}`])).to.deep.equal(message)
    const recording = (side: string) => readFileSync(projectPath(`examples/sessions/${side}`))
    const [client = '', server = ''] = readdirSync(projectPath('examples/sessions'))
      .filter((name) => name.endsWith('.bin'))
      .sort()
    writeFileSync(at(raw), recording(client))
    writeFileSync(at(Buffer.from([0xfe])), recording(server))
    expect((await printed(['session', `${dir}/${text}`, `${dir}/\udcfe`])).toString()).to.contain('handshake')
    await printed(['convert', `${dir}/${text}`, `${dir}/\udcfe`, '-o', `${dir}/${text}.pcapng`])
    expect((await printed(['session', `${dir}/${text}.pcapng`])).toString()).to.contain('handshake')
  })

  it('name a folder that is made', async () => {
    await printed(['sample', 'Bool64', '-n', '1', '--out', `${dir}/${text}/inner`])
    expect(readdirSync(Buffer.concat([at(raw), Buffer.from('/inner')]))).to.deep.equal([
      '000000.bin',
      'index.json',
    ])
    await printed(['corpus', 'Bool64', `${dir}/\udcfe`, '-n', '2'])
    expect(names()).to.deep.equal(['a\xff', '\xfe'])
    expect(readdirSync(at(Buffer.from([0xfe])))).to.deep.equal(['corpus', 'nix-wire.dict'])
    const fuzzed = await nixWire([
      'fuzz',
      'Bool64',
      '--exec',
      'exit 1',
      '--runs',
      '20',
      '--out',
      `${dir}/\udcfd`,
    ])
    expect(fuzzed.exitCode).to.equal(1)
    expect(readdirSync(at(Buffer.from([0xfd])))).to.include.members([
      'finding-1.bin',
      'finding-1.sh',
      'report.json',
    ])
    const script = readFileSync(Buffer.concat([at(Buffer.from([0xfd])), Buffer.from('/finding-1.sh')]))
    expect(script.includes('"$here/finding-1.bin"'), 'finds its input beside it').to.equal(true)
  })

  it('name the folder of recordings', async () => {
    const server = createServer((socket) => socket.end()).listen(join(dir, 'to'))
    await once(server, 'listening')
    let closed: () => void = () => undefined
    const over = new Promise<void>((resolve) => {
      closed = resolve
    })
    const proxy = await recordingProxy({
      listen: join(dir, 'listen'),
      to: join(dir, 'to'),
      record: `${dir}/${text}`,
      onClose: () => closed(),
    })
    createConnection(join(dir, 'listen')).end('x')
    await over
    await proxy.close()
    server.close()
    expect(readdirSync(at(raw))).to.have.lengthOf(1)
  })

  it('are rejected where Node accepts only text', async () => {
    for (const words_ of [
      ['store', 'ping', '--socket', `${dir}/${text}`],
      ['store', 'ping', '--command', text],
      ['proxy', '--listen', text, '--to', 'x', '--record', dir],
      ['proxy', '--listen', 'x', '--to', text, '--record', dir],
      ['fuzz', 'Bool64', '--exec', text, '--runs', '1'],
    ]) {
      const { exitCode, stderr } = await nixWire(words_)
      expect(exitCode).to.equal(2)
      expect(stderr).to.match(/^nix-wire: --[a-z]+ must be UTF-8: ".*a\\udcff"\n$/)
    }
  })

  it('are printed without control characters', async () => {
    const name = 'a\x1b[2J\x85\u200d\n\udcff'
    const shown = '"a\\u001b[2J\\u0085\\u200d\\n\\udcff"'
    for (const words_ of [
      ['nar', 'ls', name],
      ['nar', 'pack', name],
      ['nar', 'unpack', name, join(dir, 'out')],
      ['decode', 'String', name],
      ['session', name, name],
      ['session', name],
      ['convert', name, '-o', `${name}.pcapng`],
      ['store', 'add', name, '--socket', join(dir, 'none')],
      ['sample', 'Bool64', '--out', `/dev/null/${name}`],
    ]) {
      const { exitCode, stderr } = await nixWire(words_)
      expect(exitCode).to.equal(2)
      expect(stderr, words_.join(' ')).to.match(/^[\x20-\x7e\ufffd]*\n$/)
      expect(stderr.includes(shown) || words_[1] === 'pack' || words_[0] === 'sample').to.equal(true)
    }
  })
})

describe('names that nar ls prints', () => {
  // All controls, all that is not seen, and what JSON quotes.
  const marks = Array.from({ length: 0x110000 - 0x20 }, (_, i) => i + 1)
    .filter((code) => code !== 0x2f && (code < 0xd800 || code > 0xdfff))
    .map((code) => String.fromCodePoint(code))
    .filter((character) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}"\\]/u.test(character))

  it('are plain, or JSON strings that decode to exactly the name', async () => {
    const given = [
      ...marks.map((mark) => `x${mark}y`),
      'plain',
      'x\u200d'.repeat(60),
      'Zoë',
      '\u{1f600}',
    ].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    expect(given.length).to.be.above(200)
    const nar = archive(directory(...given.map((name) => [name, file('')] as const)))
    const { stdout } = await nixWire(['nar', 'ls'], nar)
    const shown = stdout
      .toString()
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.slice(26))
    expect(stdout.toString()).not.to.match(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    expect(shown.map((name) => (name.startsWith('"') ? (JSON.parse(name) as string) : name))).to.deep.equal(
      given.map((name) => `./${name}`),
    )
    for (const name of [marks[40]!, marks.at(-1)!, '\x85', '\u200d']) {
      const path = shown[given.indexOf(`x${name}y`)]!
      expect((await nixWire(['nar', 'cat', '-', path], nar)).exitCode).to.equal(0)
    }
  })
})
