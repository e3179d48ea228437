import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { zipOf } from '../../cli/fuzz/zip.js'
import { nixWire } from '../support/cli.js'
import { projectPath } from '../support/shared.js'
import { skipped, skippedButInCi } from '../support/skipped.js'

describe('nix-wire fuzz init', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'nix-wire-init-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  const init = async (type: string): Promise<string> => {
    const target = join(dir, 'target')
    const { exitCode, stderr } = await nixWire(['fuzz', 'init', type, target, '--libfuzzer', '-n', '40'])
    expect([exitCode, stderr]).to.deep.equal([0, ''])
    return target
  }

  it('writes a target, its build script, a dictionary, and seeds', async () => {
    const target = await init('ValidPathInfo')
    expect((await readdir(target)).sort()).to.deep.equal([
      'build.sh',
      'corpus',
      'fuzz_target.cc',
      'fuzz_target.dict',
      'fuzz_target_seed_corpus.zip',
    ])
    expect(spawnSync(join(target, 'build.sh')).status).to.equal(2)
    expect((await nixWire(['fuzz', 'init', 'ValidPathInfo', target])).exitCode).to.equal(2)
  })

  it('accepts a module, and names it in the commands', async () => {
    const target = join(dir, 'target')
    const kitchen = projectPath('examples/kitchen/kitchen.js')
    const words = ['--libfuzzer', '-n', '4', '-f', 'milk', '--module', kitchen]
    const { exitCode, stderr } = await nixWire(['fuzz', 'init', 'Order', target, ...words])
    expect([exitCode, stderr]).to.deep.equal([0, ''])
    const text = await readFile(join(target, 'fuzz_target.cc'), 'utf8')
    const [, command = ''] = /: nix-wire (.*) --corpus corpus --exec PROGRAM$/m.exec(text) ?? []
    expect(command).to.equal(`fuzz Order --feature milk --module ${kitchen}`)
    const again = [...command.split(' '), '--corpus', join(target, 'corpus'), '--exec', 'true', '--jobs', '1']
    const ran = await nixWire([...again, '--timeout', '600', '--out', join(dir, 'out')])
    // The seeds are valid and broken messages, and `true` accepts them all.
    expect(ran.exitCode).to.be.below(2)
    expect(ran.stdout.toString() + ran.stderr).to.contain('4 runs in ')
    expect(text).to.contain(`: nix-wire fuzz init Order DIR --libfuzzer --feature milk --module ${kitchen}\n`)
  })

  it('builds with clang, and finds the overflow of a decoder', async function () {
    if (spawnSync('clang++', ['--version']).error !== undefined) {
      return skipped(this, 'there is no clang')
    }
    const target = await init('List<UInt64>')
    const decoder = join(dir, 'decoder.cc')
    // It trusts the count.
    await writeFile(
      decoder,
      `#include <cstdint>
#include <cstring>
#include <vector>
extern "C" bool decode(const uint8_t *data, size_t size) {
  uint64_t count;
  if (size < 8) return false;
  std::memcpy(&count, data, 8);
  std::vector<uint8_t> copy(data, data + size);
  return count < 100 && copy[8 * count] == 0;
}
`,
    )
    const built = spawnSync(join(target, 'build.sh'), [decoder], { encoding: 'utf8' })
    if (/libclang_rt|cannot find/.test(built.stderr)) {
      return skipped(this, 'there is no libFuzzer beside clang')
    }
    expect(built.status, built.stderr).to.equal(0)
    const args = [
      `-dict=${target}/fuzz_target.dict`,
      `-artifact_prefix=${dir}/`,
      '-runs=100000',
      join(target, 'corpus'),
    ]
    const { status, stderr } = spawnSync(join(target, 'fuzz_target'), args, { encoding: 'utf8' })
    expect(status).not.to.equal(0)
    expect(stderr).to.contain('heap-buffer-overflow')
  })

  it('writes a seed corpus that other programs can unpack', async function () {
    const file = join(dir, 'a.zip')
    await writeFile(
      file,
      zipOf([
        { name: 'one', bytes: Uint8Array.of(1, 2, 3) },
        { name: 'none', bytes: new Uint8Array() },
      ]),
    )
    const code = `import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print([(n, list(z.read(n))) for n in z.namelist()])`
    const { error, stdout, stderr } = spawnSync('python3', ['-c', code, file], { encoding: 'utf8' })
    if (error !== undefined) {
      return skippedButInCi(this, 'there is no python3')
    }
    expect(stdout + stderr).to.equal("[('one', [1, 2, 3]), ('none', [])]\n")
    expect((await readFile(file)).length).to.equal(22 + 2 * (30 + 46) + 2 * 7 + 3)
  })
})
