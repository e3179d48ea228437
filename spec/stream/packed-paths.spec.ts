import { expect } from 'chai'
import fc from 'fast-check'
import { map as mapOption } from 'fp-ts/lib/Option.js'
import { AddMultipleInfo, AddMultipleToStore } from '../../grammar/add-multiple-to-store.js'
import { type ExportPath, ImportPaths } from '../../grammar/export.js'
import { Nar, type NarNode } from '../../grammar/nar.js'
import { narSizeOf } from '../../grammar/nar-size.js'
import { Nario } from '../../grammar/nario.js'
import type { ValidPathInfo } from '../../grammar/path-info.js'
import { compile } from '../../interpreters/index.js'
import { readAddMultiple, writeAddMultiple } from '../../stream/add-multiple-to-store.js'
import { readExport, writeExport } from '../../stream/export.js'
import { IssueError } from '../../stream/issue-error.js'
import { ByteSource, type NarEvent, narBytes } from '../../stream/nar/index.js'
import { writeNario } from '../../stream/nario.js'
import { baseStorePathOf } from '../../types/index.js'
import { issueOf, rightOf } from '../support/either.js'
import { exportInfo, pathInfo } from '../support/exports.js'
import { archive, chunkSizes, cut, directory, eventsOf, file, narNode, u64le } from '../support/nar.js'

const collect = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Array<Uint8Array> = []
  for await (const chunk of chunks) {
    all.push(chunk)
  }
  return Buffer.concat(all)
}

const failureOf = async (items: AsyncIterable<unknown>): Promise<IssueError> => {
  try {
    for await (const _ of items) {
      // Only the end matters.
    }
  } catch (error) {
    if (error instanceof IssueError) {
      return error
    }
    throw error
  }
  throw new Error('it did not fail')
}

interface Piece {
  readonly bytes: Uint8Array
  readonly events: ReadonlyArray<NarEvent>
}

/** The archive of some pieces, and its events with the contents in one piece. */
const joined = (pieces: ReadonlyArray<Piece>): Buffer => Buffer.concat(pieces.map(({ bytes }) => bytes))
const narOf = (root: NarNode): Buffer => Buffer.from(rightOf(compile(Nar).encode({ root })))
const exportOf = (root: NarNode): ExportPath => ({ nar: { root }, ...exportInfo })

describe('an export as a stream', () => {
  it('is read like by the grammar, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(narNode, { maxLength: 4 }), chunkSizes, async (nodes, sizes) => {
        const bytes = rightOf(compile(ImportPaths).encode(nodes.map(exportOf)))
        let index = 0
        let pieces: Array<Piece> = []
        for await (const event of readExport(cut(bytes, sizes))) {
          if (event._tag === 'nar') {
            pieces.push(event)
            continue
          }
          if (event._tag !== 'info') throw new Error('version 1 says nothing before')
          const nar = joined(pieces)
          expect(event.info).to.deep.equal(exportInfo)
          expect(event.narSize).to.equal(nar.length)
          expect(nar).to.deep.equal(narOf(nodes[index]!))
          expect(pieces.flatMap(({ events }) => events).length).to.be.at.least(eventsOf(nodes[index]!).length)
          pieces = []
          index++
        }
        expect(index).to.equal(nodes.length)
      }),
      { numRuns: 50 },
    )
  })

  it('is written like by the grammar', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(narNode, { maxLength: 3 }), async (nodes) => {
        const given = nodes.map((node) => ({ nar: narBytes(eventsOf(node)), info: exportInfo }))
        expect(await collect(writeExport(given))).to.deep.equal(
          Buffer.from(rightOf(compile(ImportPaths).encode(nodes.map(exportOf)))),
        )
      }),
      { numRuns: 50 },
    )
  })

  const good = rightOf(compile(ImportPaths).encode([exportOf({ type: 'directory', entries: [] })]))

  it('is rejected like by the grammar, at the same byte', async () => {
    for (let at = 0; at < good.length; at++) {
      const bytes = good.slice()
      bytes[at] = 0xee
      const whole = compile(ImportPaths).decode(bytes)
      if (whole._tag === 'Right') {
        continue
      }
      const { issue } = await failureOf(readExport(cut(bytes, [50])))
      expect(issue).to.include({ _tag: whole.left._tag, offset: whole.left.offset }, `byte ${at}`)
      expect(issue.path[0]).to.equal(whole.left.path[0] ?? 0)
    }
  })

  it('reports every cut', async () => {
    for (let length = 0; length < good.length; length++) {
      const whole = compile(ImportPaths).decode(good.subarray(0, length))
      const { issue } = await failureOf(readExport(cut(good.subarray(0, length), [33])))
      expect(issue._tag).to.equal('UnexpectedEnd')
      expect(whole).to.have.nested.property('left.offset', issue.offset)
      expect(whole).to.have.nested.property('left.missing', 'missing' in issue ? issue.missing : null)
    }
  })

  it('leaves the bytes after it in a source that can be read on, and rejects them in any other', async () => {
    const bytes = Buffer.concat([good, Buffer.from('rest')])
    const source = new ByteSource(cut(bytes, [60]))
    for await (const _ of readExport(source)) {
      // Read to the end.
    }
    expect((await collect(source)).toString()).to.equal('rest')
    expect((await failureOf(readExport([bytes]))).issue).to.include({
      _tag: 'TrailingBytes',
      offset: good.length,
    })
  })

  it('checks the archives it writes', async () => {
    const broken = archive(directory(['b', file('')], ['a', file('')]))
    const write = (nar: Uint8Array) => failureOf(writeExport([{ nar: [nar], info: exportInfo }]))
    expect((await write(broken)).issue).to.deep.include({ _tag: 'NotCanonical', path: [0, 'nar'] })
    expect((await write(archive(file('')).subarray(0, 50))).issue).to.include({ _tag: 'UnexpectedEnd' })
    const more = Buffer.concat([archive(file('')), Buffer.from('x')])
    expect((await write(more)).issue).to.deep.include({ _tag: 'TrailingBytes', path: [0, 'nar'] })
  })
})

describe('an export of version 2 as a stream', () => {
  const infoOf = (root: NarNode): ValidPathInfo => pathInfo(BigInt(narSizeOf(root)))

  /** By the grammar, which has base names. */
  const narioOf = (nodes: ReadonlyArray<NarNode>): Uint8Array =>
    rightOf(
      compile(Nario).encode({
        paths: nodes.map((root) => {
          const { path, info } = infoOf(root)
          const { deriver, references } = info
          return {
            info: {
              path: baseStorePathOf(path),
              info: {
                ...info,
                deriver: mapOption(baseStorePathOf)(deriver),
                references: references.map(baseStorePathOf),
              },
            },
            nar: { root },
          }
        }),
      }),
    )

  it('is read like by the grammar and like version 1, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(narNode, { maxLength: 4 }), chunkSizes, async (nodes, sizes) => {
        const seen: Array<unknown> = []
        let pieces: Array<Piece> = []
        for await (const event of readExport(cut(narioOf(nodes), sizes))) {
          if (event._tag === 'nar') {
            pieces.push(event)
          } else {
            seen.push(event._tag === 'pathInfo' ? event : [event, joined(pieces)])
            pieces = []
          }
        }
        expect(seen).to.deep.equal(
          nodes.flatMap((node) => {
            const { path, info } = infoOf(node)
            const { references, deriver, narSize } = info
            return [
              { _tag: 'pathInfo', info: { path, info } },
              [{ _tag: 'info', info: { path, references, deriver }, narSize: Number(narSize) }, narOf(node)],
            ]
          }),
        )
      }),
      { numRuns: 50 },
    )
  })

  it('is written like by the grammar', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(narNode, { maxLength: 3 }), async (nodes) => {
        const given = nodes.map((node) => ({ nar: narBytes(eventsOf(node)), info: infoOf(node) }))
        expect(await collect(writeNario(given))).to.deep.equal(Buffer.from(narioOf(nodes)))
      }),
      { numRuns: 50 },
    )
  })

  const empty: NarNode = { type: 'directory', entries: [] }
  const nario = narioOf([empty])

  it('is rejected like by the grammar, at the same byte', async () => {
    // After the magic: other first bytes are those of version 1.
    for (let at = 8; at < nario.length; at++) {
      const bytes = nario.slice()
      bytes[at] = 0xee
      const whole = compile(Nario).decode(bytes)
      if (whole._tag === 'Left') {
        const { issue } = await failureOf(readExport(cut(bytes, [50])))
        expect(issue._tag, `byte ${at}`).to.equal(whole.left._tag)
        // Another size of an archive is noticed at its end; the grammar then names the whole path.
        if (issue._tag !== 'InvalidValue' || issue.path[1] !== 'info') {
          expect(issue.offset, `byte ${at}`).to.equal(whole.left.offset)
        }
      }
    }
  })

  it('reports every cut', async () => {
    for (let length = 0; length < nario.length; length++) {
      const { issue } = await failureOf(readExport(cut(nario.subarray(0, length), [33])))
      expect(issue._tag, `${length} bytes`).to.equal('UnexpectedEnd')
    }
  })

  it('is distinguished from version 1 and from anything else by its first bytes', async () => {
    const { issue } = await failureOf(readExport([Buffer.from('NARIO3\0\0')]))
    expect(issue).to.deep.include({ _tag: 'UnknownTag', offset: 0, path: [0] })
    expect(issue.expected).to.contain('NARIO2')
  })

  it('uses the store directory of the options', async () => {
    const events: Array<string> = []
    for await (const event of readExport([nario], { protocol: { storeDir: '/gnu/store' } })) {
      if (event._tag === 'pathInfo') {
        events.push(event.info.path, ...event.info.info.references)
      }
    }
    expect(events).to.deep.equal([
      '/gnu/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo',
      '/gnu/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-bar',
    ])
    const given = [{ nar: narBytes(eventsOf(empty)), info: infoOf(empty) }]
    const { issue } = await failureOf(writeNario(given, { protocol: { storeDir: '/gnu/store' } }))
    expect(issue).to.deep.include({ _tag: 'InvalidText', path: [0, 'info', 'path'] })
  })

  it('rejects an archive of another size', async () => {
    for (const narSize of [0n, 112n, 2n ** 64n - 1n]) {
      const given = [{ nar: narBytes(eventsOf(empty)), info: pathInfo(narSize) }]
      const right = narSize === BigInt(narSizeOf(empty))
      const written = await collect(writeNario(given)).catch((error: unknown) => error)
      expect(written instanceof Buffer, `${narSize}`).to.equal(right)
    }
  })
})

describe('AddMultipleToStore as a stream', () => {
  const itemOf = (root: NarNode) => {
    const bytes = Buffer.from(rightOf(compile(Nar).encode({ root })))
    return { info: pathInfo(BigInt(bytes.length)), nar: { root }, bytes }
  }

  it('is read and written like by the grammar, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(narNode, { maxLength: 4 }), chunkSizes, async (nodes, sizes) => {
        const items = nodes.map(itemOf)
        const bytes = rightOf(compile(AddMultipleToStore).encode(items))
        const infos: Array<unknown> = []
        const archives: Array<Array<Piece>> = []
        for await (const event of readAddMultiple(cut(bytes, sizes), { protocol: { version: '1.32' } })) {
          if (event._tag === 'count') {
            expect(event.count).to.equal(nodes.length)
          } else if (event._tag === 'info') {
            infos.push(event.info)
            archives.push([])
          } else {
            archives.at(-1)?.push(event)
          }
        }
        expect(infos).to.deep.equal(items.map(({ info }) => info))
        expect(archives.map(joined)).to.deep.equal(items.map((item) => Buffer.from(item.bytes)))
        const given = items.map((item) => ({ info: item.info, nar: cut(item.bytes, sizes) }))
        expect(await collect(writeAddMultiple(items.length, given))).to.deep.equal(Buffer.from(bytes))
      }),
      { numRuns: 50 },
    )
  })

  /** The bytes of one path whose info announces `narSize`, whatever its archive has. */
  const announcing = (narSize: bigint, nar: Uint8Array): Buffer =>
    Buffer.concat([u64le(1n), rightOf(compile(AddMultipleInfo).encode(pathInfo(narSize))), nar])

  it('checks narSize by the same rule in the grammar, as a stream, and written', async () => {
    const nar = archive(file('x'))
    const root = { type: 'regular', executable: false, contents: Buffer.from('x') } as const
    const codec = compile(AddMultipleToStore)
    expect(rightOf(codec.decode(announcing(120n, nar)))).to.have.lengthOf(1)
    for (const narSize of [0n, 112n, 119n, 121n, 128n, 2n ** 64n - 1n]) {
      const info = pathInfo(narSize)
      const bytes = announcing(narSize, nar)
      const expected = `an archive of ${narSize} bytes, as its info announces`
      const read = issueOf(codec.decode(bytes))
      expect(read).to.deep.include({ _tag: 'InvalidValue', path: [0], offset: 8, expected })
      expect(issueOf(codec.encode([{ info, nar: { root } }]))).to.deep.include({
        _tag: 'Unrepresentable',
        path: [0],
        expected,
      })
      const streamed = (await failureOf(readAddMultiple([bytes]))).issue
      const written = (await failureOf(writeAddMultiple(1, [{ info, nar: [nar] }]))).issue
      for (const issue of [streamed, written]) {
        expect(issue).to.deep.include({
          _tag: 'InvalidValue',
          path: [0, 'info', 'info', 'narSize'],
          offset: bytes.length - nar.length,
          expected,
        })
      }
    }
  })

  it('counts the bytes of every archive like the writer', () => {
    fc.assert(
      fc.property(narNode, (root) => {
        expect(narSizeOf(root)).to.equal(narOf(root).length)
      }),
    )
  })

  it('passes on no bytes beyond narSize, reading and writing', async () => {
    const nar = archive(file('x'.repeat(16)))
    const narSize = BigInt(nar.length - 8)
    // The excess comes in a chunk of its own.
    const pieces = cut(nar, [nar.length - 8])
    const head = announcing(narSize, new Uint8Array(0))
    let read = 0
    const reading = failureOf(
      (async function* () {
        for await (const event of readAddMultiple([head, ...pieces])) {
          read += event._tag === 'nar' ? event.bytes.length : 0
          yield event
        }
      })(),
    )
    expect((await reading).issue).to.include({ _tag: 'InvalidValue' })
    expect(read).to.equal(nar.length - 8)
    let written = 0
    const writing = failureOf(
      (async function* () {
        for await (const chunk of writeAddMultiple(1, [{ info: pathInfo(narSize), nar: pieces }])) {
          written += chunk.length
          yield chunk
        }
      })(),
    )
    expect((await writing).issue).to.include({ _tag: 'InvalidValue' })
    expect(written).to.equal(head.length + nar.length - 8)
  })

  it('rejects another number of paths than announced', async () => {
    const item = { info: pathInfo(120n), nar: [archive(file('x'))] }
    for (const [count, actual] of [
      [0, 'one more'],
      [2, '1 paths'],
    ] as const) {
      const { issue } = await failureOf(writeAddMultiple(count, [item]))
      expect(issue).to.include({ _tag: 'Unrepresentable', expected: `${count} paths, as announced`, actual })
    }
  })

  it('allocates nothing for the count', async () => {
    const { issue } = await failureOf(readAddMultiple([u64le(2n ** 40n)]))
    expect(issue).to.deep.include({ _tag: 'UnexpectedEnd', offset: 8, path: [0, 'info', 'path'] })
  })
})
