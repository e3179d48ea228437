import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { readCache, writeCache } from '../../../cli/start/code-cache.js'

const compiled = new Map([
  ['main.cjs 1 2', Uint8Array.of(1, 2, 3)],
  ['part.cjs 3 4', Uint8Array.of()],
  ['\u00e4.cjs 5 6', Uint8Array.of(10, 10)],
])

describe('the cache of compiled code', () => {
  const before = { ...process.env }
  let folder: string
  const file = (name = `decode-one-${process.version}`): string => join(folder, 'nix-wire', name)
  const read = (build = 'one'): ReadonlyArray<readonly [string, ReadonlyArray<number>]> =>
    [...readCache('decode', build)].map(([name, bytes]) => [name, [...bytes]])

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nix-wire-'))
    process.env.XDG_CACHE_HOME = folder
    delete process.env.NODE_DISABLE_COMPILE_CACHE
    delete process.env.NODE_V8_COVERAGE
  })
  afterEach(() => {
    process.env = { ...before }
    rmSync(folder, { recursive: true })
  })

  it('returns what was written, readable by the user alone', () => {
    expect(read()).to.deep.equal([])
    writeCache('decode', 'one', compiled)
    expect(read()).to.deep.equal([...compiled].map(([name, bytes]) => [name, [...bytes]]))
    expect(statSync(file()).mode & 0o777).to.equal(0o600)
    expect(statSync(join(folder, 'nix-wire')).mode & 0o777).to.equal(0o700)
    writeCache('decode', 'one', new Map([['x', Uint8Array.of(7)]]))
    expect(read()).to.deep.equal([['x', [7]]])
    expect(readdirSync(join(folder, 'nix-wire'))).to.deep.equal([`decode-one-${process.version}`])
  })

  it('returns nothing from another build, a cut file, or a file that is not a cache', () => {
    writeCache('decode', 'one', compiled)
    expect(read('two')).to.deep.equal([])
    const whole = readFileSync(file())
    for (let size = 0; size < whole.length; size++) {
      writeFileSync(file(), whole.subarray(0, size))
      expect(read(), `${size} bytes`).to.deep.equal([])
    }
    for (const text of ['{}\n', 'null\n', '{"key":1,"files":5}\n', '\n\n']) {
      writeFileSync(file(), text)
      expect(read(), text).to.deep.equal([])
    }
  })

  it('is not read if others may write it', () => {
    writeCache('decode', 'one', compiled)
    for (const mode of [0o620, 0o602]) {
      chmodSync(file(), mode)
      expect(read()).to.deep.equal([])
    }
    chmodSync(file(), 0o600)
    expect(read()).to.have.lengthOf(3)
    chmodSync(join(folder, 'nix-wire'), 0o777)
    writeCache('decode', 'two', compiled)
    expect(read('two')).to.deep.equal([])
  })

  it('may be without a folder, and may be turned off', () => {
    writeFileSync(join(folder, 'nix-wire'), 'a file')
    writeCache('decode', 'one', compiled)
    expect(read()).to.deep.equal([])
    rmSync(join(folder, 'nix-wire'))
    for (const off of [{ NODE_DISABLE_COMPILE_CACHE: '1' }, { NODE_V8_COVERAGE: folder }]) {
      Object.assign(process.env, off)
      writeCache('decode', 'one', compiled)
      expect(readdirSync(folder)).to.deep.equal([])
      for (const name of Object.keys(off)) {
        delete process.env[name]
      }
    }
    delete process.env.XDG_CACHE_HOME
    delete process.env.HOME
    writeCache('decode', 'one', compiled)
    expect(read()).to.deep.equal([])
  })

  it('is apart for each build', () => {
    writeCache('decode', 'one', compiled)
    writeCache('decode', 'two', new Map([['x', Uint8Array.of(7)]]))
    expect(read('one')).to.have.lengthOf(3)
    expect(read('two')).to.deep.equal([['x', [7]]])
  })

  it('deletes old entries', () => {
    for (let i = 0; i < 80; i++) {
      writeCache(`store-${i}`, 'one', compiled)
    }
    const left = readdirSync(join(folder, 'nix-wire'))
    expect(left.length).to.be.at.most(64)
    expect(left).to.include(`store-79-one-${process.version}`)
  })
})
