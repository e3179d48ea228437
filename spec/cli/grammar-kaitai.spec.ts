import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { parse } from 'yaml'
import { nixWire } from '../support/cli.js'

interface Ksy {
  readonly meta: { readonly id: string; readonly imports?: ReadonlyArray<string> }
  readonly params?: ReadonlyArray<{ readonly id: string }>
  readonly types: { readonly [name: string]: unknown }
}

const printed = async (...args: ReadonlyArray<string>): Promise<Ksy> => {
  const { exitCode, stdout } = await nixWire(['grammar', ...args, '--ksy'])
  expect(exitCode).to.equal(0)
  return parse(stdout.toString()) as Ksy
}

const paramsOf = ({ params = [] }: Ksy): ReadonlyArray<string> => params.map(({ id }) => id)

describe('nix-wire grammar --ksy', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'nix-wire-ksy-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  const filled = async (...args: ReadonlyArray<string>): Promise<ReadonlyMap<string, Ksy>> => {
    const { exitCode, stderr } = await nixWire(['grammar', '--all', '--ksy', '-o', dir, ...args])
    expect([exitCode, stderr]).to.deep.equal([0, ''])
    const files = await readdir(dir)
    const texts = await Promise.all(files.map((file) => readFile(join(dir, file), 'utf8')))
    return new Map(files.map((file, i) => [file, parse(texts[i]!) as Ksy]))
  }

  it('prints one type, which has the protocol as parameters', async () => {
    const file = await printed('BuildResult')
    expect(file.meta.id).to.equal('build_result')
    expect(file.meta.imports).to.equal(undefined)
    expect(paramsOf(file)).to.deep.equal(['version', 'has_realisation_with_path_not_hash'])
  })

  it('prints one type for a given version or feature, without parameters', async () => {
    expect(paramsOf(await printed('BuildResult', '-p', '1.37'))).to.deep.equal([])
    expect(paramsOf(await printed('BuildResult', '-f', 'realisation-with-path-not-hash'))).to.deep.equal([])
  })

  it('prints a type expression', async () => {
    expect((await printed('Tuple<Bool64,List<String>>')).meta.id).to.equal('tuple_bool64_list_string')
  })

  it('writes one file for each type, which import each other, and one that holds all', async () => {
    const files = await filled()
    const all = files.get('all_types.ksy')!
    for (const [file, { meta }] of files) {
      expect(file).to.equal(`${meta.id}.ksy`)
      for (const other of meta.imports ?? []) {
        expect(files.has(`${other}.ksy`), `${file} imports ${other}`).to.equal(true)
      }
      if (file !== 'all_types.ksy') {
        expect(all.types).to.have.property(meta.id)
      }
    }
    expect([...files.keys()]).to.include.members([
      'valid_path_info.ksy',
      'serve_path_info.ksy',
      'u_int64.ksy',
    ])
    expect(files.get('valid_path_info.ksy')!.meta.imports).to.include('store_path')
  })

  it('writes the types of the protocol that the version names', async () => {
    const files = await filled('-p', '2.5')
    expect(files.has('serve_path_info.ksy')).to.equal(true)
    expect(files.has('build_result.ksy')).to.equal(false)
    expect([...files.values()].flatMap(paramsOf)).to.deep.equal([])
  })

  it('writes the types of a module', async () => {
    const files = await filled('--module', 'examples/kitchen/kitchen.js')
    expect([...files.keys()]).to.have.members(['all_types.ksy', 'note.ksy', 'order.ksy'])
    expect(paramsOf(files.get('order.ksy')!)).to.deep.equal(['has_milk'])
  })

  it('does not touch other files in the folder', async () => {
    await writeFile(join(dir, 'mine.ksy'), 'meta: {id: mine}\n')
    await filled('-p', '2.5')
    expect(existsSync(join(dir, 'mine.ksy'))).to.equal(true)
  })

  it('rejects a wrong command line with exit code 2, and says why', async () => {
    const wrong: ReadonlyArray<readonly [line: string, says: string]> = [
      ['--ksy', '--ksy needs a type, or --all'],
      ['BuildMode --ksy --code', '--ksy and --code exclude each other'],
      ['BuildMode --ksy --all', 'leave out the type'],
      ['--ksy --all', '--all needs --out'],
      ['BuildMode --ksy -o x', '--out is for --all'],
      ['BuildMode --ksy -c', '--canonical does not apply to --ksy'],
      ['BuildMode --ksy -s /x', '--store-dir does not apply to --ksy'],
      ['--all', '--all is for --ksy'],
      ['BuildMode -o x', '--out is for --ksy'],
      ['Nonsense --ksy', 'lists all types'],
      ['BuildResult --ksy -p 2.5', '2.5'],
    ]
    for (const [line, says] of wrong) {
      const { exitCode, stdout, stderr } = await nixWire(['grammar', ...line.split(' ')])
      expect([exitCode, stdout.toString()], line).to.deep.equal([2, ''])
      expect(stderr, line).to.include(says)
    }
  })
})
