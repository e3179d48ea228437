import { expect } from 'chai'
import { some } from 'fp-ts/lib/Option.js'
import { AddMultipleInfo, AddMultipleToStore } from '../../grammar/add-multiple-to-store.js'
import { ExportInfo, ExportPath, ImportPaths } from '../../grammar/export.js'
import { Nario } from '../../grammar/nario.js'
import { ValidPathInfo } from '../../grammar/path-info.js'
import { compile } from '../../interpreters/index.js'
import { BaseStorePath } from '../../types/index.js'
import { issueOf, rightOf } from '../support/either.js'
import { exportInfo, pathInfo } from '../support/exports.js'
import { archive, file, u64le, words } from '../support/nar.js'

const base = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q'
const { root } = { root: { type: 'regular', executable: false, contents: new Uint8Array([0x78]) } } as const

describe('ExportPath and ImportPaths', () => {
  const info = (...end: ReadonlyArray<Uint8Array>) =>
    Buffer.concat([
      Buffer.from('4e49584500000000', 'hex'),
      words(`${base}-foo`),
      u64le(2n),
      words(`${base}-bar`, `${base}-foo`, `${base}-foo.drv`),
      ...end,
    ])
  const codec = compile(ExportInfo)

  it('write the forms of the specification', () => {
    expect(Buffer.from(rightOf(codec.encode(exportInfo)))).to.deep.equal(info(u64le(0n)))
    const one = { nar: { root }, ...exportInfo }
    const path = Buffer.concat([archive(file('x')), info(u64le(0n))])
    expect(Buffer.from(rightOf(compile(ExportPath).encode(one)))).to.deep.equal(path)
    expect(rightOf(compile(ExportPath).decode(path))).to.deep.equal(one)
    const all = Buffer.concat([u64le(1n), path, u64le(1n), path, u64le(0n)])
    expect(rightOf(compile(ImportPaths).decode(all))).to.deep.equal([one, one])
    expect(Buffer.from(rightOf(compile(ImportPaths).encode([one, one])))).to.deep.equal(all)
  })

  it('ignore the legacy signature, and accept any other number', () => {
    for (const end of [
      [u64le(1n), words('sig')],
      [u64le(1n), words(Buffer.from([0xff]))],
      [u64le(2n)],
      [u64le(0xffffffffn)],
    ]) {
      const bytes = info(...end)
      expect(rightOf(codec.decode(bytes))).to.deep.equal(exportInfo)
      const strict = compile(ExportInfo, {}, { profile: 'canonical' }).decode(bytes)
      expect(issueOf(strict)).to.deep.include({ _tag: 'UnexpectedValue', path: ['legacySignature'] })
    }
    expect(issueOf(codec.decode(info(u64le(1n))))).to.include({ _tag: 'UnexpectedEnd' })
    expect(issueOf(codec.decode(info(u64le(2n ** 32n))))).to.include({ _tag: 'OutOfRange' })
  })

  it('reject another magic and another mark', () => {
    const wrong = info(u64le(0n))
    wrong[0] = 0x4f
    expect(issueOf(codec.decode(wrong))).to.deep.include({
      _tag: 'UnexpectedValue',
      offset: 0,
      path: ['magic'],
    })
    for (const mark of [2n, 2n ** 64n - 1n]) {
      expect(issueOf(compile(ImportPaths).decode(u64le(mark)))).to.deep.include({
        _tag: 'UnknownTag',
        offset: 0,
        path: [0],
      })
    }
  })
})

describe('Nario', () => {
  const baseName = base.slice('/nix/store/'.length)
  const [foo, bar] = ['foo', 'bar'].map((name) => rightOf(BaseStorePath.make(`${baseName}-${name}`))) as [
    BaseStorePath,
    BaseStorePath,
  ]
  const known = pathInfo(120n).info
  const item = {
    info: { path: foo, info: { ...known, deriver: some(bar), references: [bar] } },
    nar: { root },
  }
  // From its description; nothing here was written by Determinate Nix.
  const info = (size: bigint) =>
    Buffer.concat([
      words(`${baseName}-foo`, `${baseName}-bar`, known.narHash),
      u64le(1n),
      words(`${baseName}-bar`),
      u64le(7n),
      u64le(size),
      u64le(1n),
      u64le(0n),
      words(''),
    ])
  const nar = archive(file('x'))
  const magic = Buffer.from('NARIO2\0\0')
  const whole = Buffer.concat([magic, u64le(1n), info(120n), nar, u64le(1n), info(120n), nar, u64le(0n)])

  it('has base names for paths, in every protocol', () => {
    for (const version of ['1.10', '1.38'] as const) {
      const codec = compile(Nario, { version })
      expect(rightOf(codec.decode(whole))).to.deep.equal({ paths: [item, item] })
      expect(Buffer.from(rightOf(codec.encode({ paths: [item, item] })))).to.deep.equal(whole)
    }
  })

  it('rejects another magic, another mark, whole paths and another size', () => {
    const codec = compile(Nario)
    expect(issueOf(codec.decode(u64le(1n)))).to.deep.include({ _tag: 'UnexpectedValue', path: ['magic'] })
    expect(issueOf(codec.decode(Buffer.concat([magic, u64le(2n)])))).to.deep.include({
      _tag: 'UnknownTag',
      path: ['paths', 0],
    })
    const long = Buffer.concat([magic, u64le(1n), words(`${base}-foo`)])
    expect(issueOf(codec.decode(long))).to.deep.include({ _tag: 'InvalidText', offset: 24 })
    const larger = Buffer.concat([magic, u64le(1n), info(128n), nar, u64le(0n)])
    expect(issueOf(codec.decode(larger))).to.include({ _tag: 'InvalidValue' })
  })
})

describe('AddMultipleToStore', () => {
  const item = { info: pathInfo(120n), nar: { root } }

  it('has infos in the form of 1.16, whatever was negotiated', () => {
    const at16 = rightOf(compile(ValidPathInfo, { version: '1.16' }).encode(item.info))
    for (const version of ['1.10', '1.15', '1.32', '1.38'] as const) {
      expect(rightOf(compile(AddMultipleInfo, { version }).encode(item.info))).to.deep.equal(at16)
      const bytes = Buffer.concat([u64le(1n), at16, archive(file('x'))])
      expect(rightOf(compile(AddMultipleToStore, { version }).decode(bytes))).to.deep.equal([item])
      expect(Buffer.from(rightOf(compile(AddMultipleToStore, { version }).encode([item])))).to.deep.equal(
        bytes,
      )
    }
  })

  it('uses the store directory of the codec', () => {
    const issue = issueOf(compile(AddMultipleInfo, { storeDir: '/gnu/store' }).encode(item.info))
    expect(issue).to.include({ _tag: 'InvalidText' })
  })
})
