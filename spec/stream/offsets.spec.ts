import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { u64 } from '../../combinators/index.js'
import { referencesIn } from '../../store/index.js'
import {
  ByteSource,
  IssueError,
  MeasuredNar,
  NixReader,
  narEventBatches,
  narEvents,
  readAddMultiple,
  readExport,
  type Source,
  unpack,
  writeAddMultiple,
  writeExport,
} from '../../stream/index.js'
import { exportInfo, pathInfo } from '../support/exports.js'

/** What stands before: a value that another reader has read. */
const start = 300

/** Runs to the end; the issue that it throws. */
const thrownBy = async (run: () => AsyncIterable<unknown> | Promise<unknown>): Promise<unknown> => {
  try {
    const running = run()
    if (Symbol.asyncIterator in running) {
      for await (const _ of running) {
        // Only the issue is of interest.
      }
    }
    const ended = (await running) as { readonly _tag?: string; readonly left?: unknown }
    return ended.left
  } catch (error) {
    return error instanceof IssueError ? error.issue : error
  }
}

let dir = ''

type Read = (source: Source) => AsyncIterable<unknown> | Promise<unknown>

const readers: Readonly<Record<string, Read>> = {
  narEvents,
  narEventBatches,
  MeasuredNar: (source) => new MeasuredNar(source),
  readExport,
  readAddMultiple,
  writeExport: (nar) => writeExport([{ nar, info: exportInfo }]),
  writeAddMultiple: (nar) => writeAddMultiple(1, [{ nar, info: pathInfo(120n) }]),
  unpack: (source) => unpack(source, join(dir, 'tree')),
  referencesIn: (source) => referencesIn(source, ['g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-tea' as never])(),
  NixReader: async (source) => {
    const reader = new NixReader(source)
    const read = await reader.readValue(u64)()
    return isLeft(read) ? read : reader.readValue(u64)()
  },
  ByteSource: (source) => new ByteSource(source),
}

const failing = async function* (): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(4)
  throw new Error('gone')
}

describe('a source that stands somewhere in a stream', () => {
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-offsets-'))
  })
  after(() => rmSync(dir, { recursive: true }))

  for (const [name, read] of Object.entries(readers)) {
    it(`has the offsets of the stream in the issues of ${name}`, async () => {
      const issue = await thrownBy(() => read(new ByteSource(failing(), start)))
      expect(issue).to.include({ _tag: 'SourceFailed', offset: start + 4 })
    })
  }

  for (const name of ['narEvents', 'narEventBatches', 'MeasuredNar', 'writeExport'] as const) {
    it(`has them in the issues of the archive, in ${name}`, async () => {
      const broken = new Uint8Array(120).fill(1, 8)
      const issue = await thrownBy(() => readers[name]!(new ByteSource([broken], start)))
      expect(issue)
        .to.have.property('offset')
        .that.is.within(start, start + broken.length)
    })
  }

  it('counts what was read of it already, in a buffer too', async () => {
    const source = new ByteSource([new Uint8Array(8), new Uint8Array(3)], start)
    const buffer = (await source.next())!
    const reader = new NixReader(source, { buffer })
    expect(reader.offset).to.equal(start)
    await reader.promises.readValue(u64)
    expect(reader.offset).to.equal(start + 8)
    expect(await thrownBy(() => reader.promises.readValue(u64))).to.include({ offset: start + 8 })
  })

  it('keeps the issue of a reader that it goes on from', async () => {
    const reader = new NixReader(failing())
    const source = new ByteSource(reader.rest(), reader.offset)
    expect(await thrownBy(() => source)).to.deep.include({
      _tag: 'SourceFailed',
      offset: 4,
      grammar: 'stream',
    })
  })
})
