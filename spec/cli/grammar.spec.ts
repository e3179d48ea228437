import { expect } from 'chai'
import { sections } from '../../grammar/sections.js'
import { serveSections } from '../../serve/index.js'
import { nixWire, spawnNixWire } from '../support/cli.js'

describe('nix-wire grammar', () => {
  it('lists every grammar with one line that says what it is', async () => {
    const { exitCode, stdout } = await nixWire(['grammar'])
    const lines = stdout.toString().split('\n')
    expect(exitCode).to.equal(0)
    for (const [name] of [...sections, ...serveSections].flatMap(({ grammars }) => grammars)) {
      expect(
        lines.some((line) => new RegExp(`^  ${name} +\\S`).test(line)),
        name,
      ).to.equal(true)
    }
  })

  it('prints a page from which a decoder can be written, and the types it refers to', async () => {
    const pageOf = async (name: string): Promise<string> =>
      (await nixWire(['grammar', name])).stdout.toString()
    const page = await pageOf('DerivedPath')
    expect(page).to.include('DerivedPath = StorePath [ { "!" OutputName } "!" Outputs ]')
    expect(await pageOf('StorePath')).to.include('the store directory')
    expect(await pageOf('escapedText')).to.include('Padded bytes are their length, the bytes, and zeros')
    expect(await pageOf('size')).to.include('2^53−1')
    expect(await pageOf('BasicDerivation')).to.include('A Map is a count and that many keys')
  })

  it('prints only what a version has, and all types that a page refers to', async () => {
    const pageOf = async (...words: ReadonlyArray<string>): Promise<string> =>
      (await nixWire(['grammar', ...words])).stdout.toString()
    const all = await pageOf('UnkeyedValidPathInfo')
    expect(all).to.include('#### If protocol version is 1.16 or above')
    const old = await pageOf('UnkeyedValidPathInfo', '-p', '1.15')
    expect(old).to.include('- ultimate :: nothing (always false)').and.not.to.include('#### If')
    expect(await pageOf('UnkeyedValidPathInfo', '-p', '1.16')).to.include('- ultimate :: [Bool64]')
    const deep = await pageOf('ValidPathInfo', '--deep')
    const linked = new Set([...deep.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor))
    const titles = [...deep.matchAll(/^### (.+)$/gm)].map(([, title]) => title!.toLowerCase())
    expect([...linked].sort()).to.deep.equal(titles.slice(1).sort())
  })

  it('prints the generated code of a codec', async () => {
    const { exitCode, stdout } = await nixWire(['grammar', 'UnkeyedValidPathInfo', '--code', '-p', '1.15'])
    expect(exitCode).to.equal(0)
    expect(stdout.toString()).to.include('// reads UnkeyedValidPathInfo\n(input) => {\n')
    expect(stdout.toString()).to.include('// writes UnkeyedValidPathInfo\n(output, value) => {\n')
  })

  it('uses no colour if the output is not a terminal', async () => {
    const { stdout } = await nixWire(['grammar'])
    expect(stdout.toString()).not.to.contain('\u001b')
  })
})

describe('nix-wire', () => {
  it('lists its commands, and has a help for each of them', async () => {
    const { exitCode, stdout } = await nixWire(['--help'])
    expect(exitCode).to.equal(0)
    for (const command of ['decode', 'encode', 'grammar']) {
      expect(stdout.toString()).to.match(new RegExp(`^  ${command} `, 'm'))
    }
    expect((await nixWire(['help', 'encode'])).stdout.toString()).to.contain('read one JSON value per line')
  })

  it('says each default once, and in words', async () => {
    const commands = async (
      ...above: ReadonlyArray<string>
    ): Promise<ReadonlyArray<ReadonlyArray<string>>> => {
      const { stdout } = await nixWire([...above, '--help'])
      const [, list = ''] = stdout.toString().split('\nCommands:\n')
      const names = [...(list.split('\n\n')[0] ?? '').matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(
        ([, name]) => name!,
      )
      return names.filter((name) => name !== 'help').map((name) => [...above, name])
    }
    const top = await commands()
    expect(top.length).to.be.greaterThan(10)
    for (const words of [...top, ...(await Promise.all(top.map((each) => commands(...each)))).flat()]) {
      const help = (await nixWire([...words, '--help'])).stdout.toString().replaceAll(/\s+/g, ' ')
      expect(help, words.join(' ')).not.to.match(
        /\(default: [^)]*\) \((choices: [^)]*, )?default: |default: \[\]/,
      )
    }
  })

  it('ends without an error if its output is closed early', async () => {
    // 2 MB of output into a pipe that closes at once.
    const zeros = new Uint8Array(8 * 400_000)
    const child = spawnNixWire(['decode', 'Bool64', '--many'])
    child.stdin.on('error', () => {})
    child.stdin.end(zeros)
    child.stdout.once('data', () => child.stdout.destroy())
    let stderr = ''
    child.stderr.on('data', (chunk) => {
      stderr += String(chunk)
    })
    const exitCode = await new Promise((resolve) => child.on('close', resolve))
    expect([exitCode, stderr]).to.deep.equal([0, ''])
  })
})
