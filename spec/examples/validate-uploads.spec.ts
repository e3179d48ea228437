import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { projectPath } from '../support/shared.js'
import { type Running, startServer } from './run.js'

describe('examples/validate-uploads.ts', () => {
  const upload = readFileSync(projectPath('examples/messages/upload-1.34.bin'))
  const path = '/nix/store/5akl8zsmda0yrr63v4khwgskih2g2hsh-greeting'
  // The archive of a file with five bytes is 120 bytes long, in one frame.
  const archive = upload.subarray(-128, -8)
  const infoStart = 8 + 56

  let server: Running
  before(async () => {
    server = await startServer('validate-uploads.ts', '0')
  })
  after(() => server?.stop())

  const post = async (body: Uint8Array): Promise<{ status: number; answer: unknown }> => {
    const response = await fetch(server.line, { method: 'POST', body: new Uint8Array(body) })
    return { status: response.status, answer: await response.json() }
  }

  const changed = (at: number, byte: number): Buffer => {
    const copy = Buffer.from(upload)
    copy[at] = byte
    return copy
  }

  it('accepts a valid upload', async () => {
    expect(await post(upload)).to.deep.equal({ status: 200, answer: { path, narSize: 120 } })
  })

  it('names the byte and the field that the grammar rejects', async () => {
    const padding = upload.lastIndexOf('hello') + 5
    expect(await post(changed(padding, 1))).to.deep.equal({
      status: 422,
      answer: { offset: padding, path: 'archive.root.contents', expected: 'a zero byte', actual: '0x1' },
    })
    const { status, answer } = await post(changed(infoStart + 16, 0x7a))
    expect(status).to.equal(422)
    expect(answer).to.include({ offset: infoStart + 16, path: 'announced.info.narHash' })
    expect((await post(upload.subarray(0, -8))).status).to.equal(422)
    expect((await post(Buffer.concat([upload, Buffer.alloc(8)]))).status).to.equal(422)
  })

  it('names the field that does not fit the archive', async () => {
    const at = upload.lastIndexOf('hello')
    const other = changed(at, 0x6a)
    const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
    expect(await post(other)).to.deep.equal({
      status: 422,
      answer: {
        offset: infoStart + 8,
        path: 'announced.info.narHash',
        expected: hash(other.subarray(-128, -8)),
        actual: hash(archive),
      },
    })
    const size = upload.indexOf(Buffer.from('7800000000000000', 'hex'))
    expect(await post(changed(size, 0x79))).to.deep.equal({
      status: 422,
      answer: { offset: size, path: 'announced.info.narSize', expected: '120', actual: '121' },
    })
  })

  it('rejects an endless body', async () => {
    const { status } = await post(Buffer.alloc(2 ** 24 + 1))
    expect(status).to.equal(413)
  })
})
